//! Services that extend a missing service of this file, or themselves.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    finding::Severity,
};

pub const RULE: Rule = Rule { codes: &[Code::compose("extends-unknown")], look };

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    for service in &model.services {
        let Some(extends) = service.extends.as_ref().filter(|extends| extends.file.is_none()) else {
            continue;
        };
        let Some(name) = input.judged(&extends.service) else { continue };
        if input.service(&name).is_some() && name != service.name.as_str() {
            continue;
        }
        let others =
            model.services.iter().map(|one| one.name.as_str()).filter(|other| *other != service.name);
        let message = format!(
            "`{}` extends `{name}`, and this file has no other service of that name.{} Name an existing service, or the \
             `file` that has it.",
            service.name,
            input.guess(&name, others)
        );
        let finding = input.finding("extends-unknown", Severity::Error, extends.place, message);
        input.add(finding.of_service(&service.name));
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{none, one};

    #[test]
    fn what_is_extended_must_be_there() {
        one("services:\n  web:\n    extends: base\n", "extends-unknown");
        one("services:\n  web:\n    extends: {service: '${B:-base}'}\n", "extends-unknown");
        none("services:\n  web:\n    extends: ${B}\n", "extends-unknown");
        none("services:\n  web:\n    extends: base\n  base:\n    image: a:1\n", "extends-unknown");
        none(
            "services:\n  web:\n    extends:\n      file: common.yml\n      service: base\n",
            "extends-unknown",
        );
    }
}
