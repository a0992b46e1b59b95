//! Image references that are not valid.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    finding::Severity,
};

pub const RULE: Rule = Rule { codes: &[Code::runtime("image-invalid")], look };

fn look(input: &mut CheckInput<'_>) {
    for service in &input.model.services {
        let Some(image) = &service.image else { continue };
        // An empty image counts as missing.
        if image.value.text.trim().is_empty() {
            continue;
        }
        let Some(problem) = image.value.problem() else { continue };
        let message = format!("{problem}. Write `registry/name:tag`, such as `ghcr.io/acme/app:1.4`.");
        let finding = input.finding("image-invalid", Severity::Error, image.place, message);
        input.add(finding.of_service(&service.name));
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{marked, none, one};

    #[test]
    fn upper_case_and_blanks_are_refused() {
        let text = "services:\n  web:\n    image: Nginx:1.27\n";
        assert_eq!(marked(text, &one(text, "image-invalid")), "Nginx:1.27");
        one("services:\n  web:\n    image: \"nginx: 1.27\"\n", "image-invalid");
        none("services:\n  web:\n    image: ${IMAGE}\n", "image-invalid");
    }
}
