//! Services without an image or a build.

use crate::check::{
    code::Code,
    rule::{CheckInput, Rule},
};

use crate::{
    compose::yaml::{Node, Value},
    finding::Severity,
};

pub const RULE: Rule = Rule { codes: &[Code::compose("image-missing")], look };

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    let bodies = model.root.get("services").map(Node::entries).unwrap_or_default();
    for (service, body) in model.services.iter().zip(bodies) {
        let node = &body.value;
        // Reading reports what is no mapping; a provider needs no image.
        let runs_something = service.build.is_some() || node.get("provider").is_some();
        if !matches!(node.value, Value::Mapping(_)) || runs_something || service.extends.is_some() {
            continue;
        }
        if service.image.as_ref().is_some_and(|image| !image.value.text.trim().is_empty()) {
            continue;
        }
        let message = format!(
            "`{}` has neither `image` nor `build`, so there is nothing to run. Add an image such as `nginx:1.27`.",
            service.name
        );
        let finding = input.finding("image-missing", Severity::Error, service.key, message);
        input.add(finding.of_service(&service.name));
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{marked, none, one};

    const CODE: &str = "image-missing";

    #[test]
    fn a_service_needs_something_to_run() {
        let text = "services:\n  web:\n    restart: always\n";
        assert_eq!(marked(text, &one(text, CODE)), "web");
        one("services:\n  web:\n    image: \"\"\n", CODE);
    }

    #[test]
    fn builds_providers_and_extended_services_are_fine() {
        none("services:\n  web:\n    build: .\n", CODE);
        none("services:\n  web:\n    provider:\n      type: model\n", CODE);
        none("services:\n  web:\n    extends:\n      file: base.yml\n      service: web\n", CODE);
    }
}
