//! Images whose content can change although the file stays the same.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    finding::Severity,
};

pub const RULE: Rule = Rule { codes: &[Code::advice("image-unpinned"), Code::advice("image-latest")], look };

fn look(input: &mut CheckInput<'_>) {
    for service in &input.model.services {
        // With `build`, `image` is only the name of the result.
        let Some(image) = service.image.as_ref().filter(|_| service.build.is_none()) else { continue };
        if image.value.digest.is_some() || image.value.problem().is_some() {
            continue;
        }
        let (code, message) = match image.value.tag.as_deref() {
            None if image.value.text.contains('$') => continue,
            None => (
                "image-unpinned",
                format!("`{}` isn't pinned; each pull may change the version. Add a tag.", image.value.text),
            ),
            Some("latest") => (
                "image-latest",
                format!(
                    "`{}` isn't pinned; each pull may change the version. Use the tag of a version.",
                    image.value.text
                ),
            ),
            Some(_) => continue,
        };
        let finding = input.finding(code, Severity::Warning, image.place, message);
        input.add(finding.of_service(&service.name));
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{marked, none, one};

    fn stack(image: &str) -> String {
        format!("services:\n  web:\n    image: {image}\n")
    }

    #[test]
    fn no_tag_and_latest_are_told_apart() {
        let text = stack("localhost:5000/app");
        assert_eq!(marked(&text, &one(&text, "image-unpinned")), "localhost:5000/app");
        one(&stack("nginx:latest"), "image-latest");
    }

    #[test]
    fn tags_digests_variables_and_builds_are_fine() {
        for image in
            ["nginx:1.27", "nginx@sha256:0123456789abcdef0123456789abcdef", "${IMAGE}", "nginx:${TAG}"]
        {
            none(&stack(image), "image-unpinned");
            none(&stack(image), "image-latest");
        }
        none("services:\n  web:\n    image: app\n    build: .\n", "image-unpinned");
    }
}
