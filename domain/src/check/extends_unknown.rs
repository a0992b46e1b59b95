//! Services that extend one of this file that is not there, or themselves.

use super::{
    Severity,
    rule::{Rule, Subject},
};

pub const RULE: Rule = Rule { codes: &["extends-unknown"], look };

fn look(subject: &mut Subject<'_>) {
    let model = subject.model;
    for service in &model.services {
        let Some(extends) = service.extends.as_ref().filter(|extends| extends.file.is_none()) else {
            continue;
        };
        let name = extends.service.as_str();
        let known = subject.service(name).is_some() && name != service.name;
        if known || name.contains('$') {
            continue;
        }
        let others =
            model.services.iter().map(|one| one.name.as_str()).filter(|other| *other != service.name);
        let message = format!(
            "`{}` extends `{name}`, and there is no other service of that name in this file.{} Name the service, or \
             the `file` it stands in.",
            service.name,
            subject.guess(name, others)
        );
        let finding = subject.finding("extends-unknown", Severity::Error, extends.place, message);
        subject.add(finding.of_service(&service.name));
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{none, one};

    #[test]
    fn what_is_extended_must_be_there() {
        one("services:\n  web:\n    extends: base\n", "extends-unknown");
        none("services:\n  web:\n    extends: base\n  base:\n    image: a:1\n", "extends-unknown");
        none(
            "services:\n  web:\n    extends:\n      file: common.yml\n      service: base\n",
            "extends-unknown",
        );
    }
}
