//! Dependencies that wait for `service_healthy` although the other service has no health check.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::Condition,
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule =
    Rule { codes: &[Code::runtime("healthy-without-check"), Code::runtime("healthy-check-disabled")], look };

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    for service in &model.services {
        for dependency in service.depends_on.iter().filter(|one| one.condition == Condition::Healthy) {
            let name = dependency.service.as_str();
            let Some(target) = input.service(name) else { continue };
            let disabled = target.healthcheck.as_ref().is_some_and(|check| check.disabled);
            let missing = target.healthcheck.is_none() && target.extends.is_none();
            let (code, severity, message) = if disabled {
                (
                    "healthy-check-disabled",
                    Severity::Error,
                    format!(
                        "`{}` waits until `{name}` is healthy, but the health check of `{name}` is disabled, so it \
                         doesn't start. Enable the check, or wait only until `{name}` starts.",
                        service.name
                    ),
                )
            } else if missing {
                (
                    "healthy-without-check",
                    Severity::Warning,
                    format!(
                        "`{}` waits until `{name}` is healthy, but `{name}` has no health check in this file. If its image \
                         has none either, `{}` can't start. Add a `healthcheck` to `{name}`.",
                        service.name, service.name
                    ),
                )
            } else {
                continue;
            };
            let edit = Edit::AddDependency {
                service: service.name.clone(),
                on: name.to_owned(),
                condition: Condition::Started,
            };
            let finding = input
                .finding(code, severity, dependency.place, message)
                .with_fix(format!("Wait only until `{name}` starts"), edit);
            input.add(finding.of_service(&service.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, marked, none, one};

    fn stack(db: &str) -> String {
        format!(
            "services:\n  web:\n    image: a:1\n    depends_on:\n      db:\n        condition: service_healthy\n  db:\n    image: b:1\n{db}"
        )
    }

    #[test]
    fn a_missing_check_is_a_warning_because_the_image_may_bring_one() {
        let text = stack("");
        let finding = one(&text, "healthy-without-check");
        assert_eq!((marked(&text, &finding), finding.service.as_deref()), ("db", Some("web")));
        assert!(finding.message.contains("If its image has none either"));
        fixed(&text, "healthy-without-check");
    }

    #[test]
    fn a_check_that_is_switched_off_is_an_error() {
        let text = stack("    healthcheck:\n      disable: true\n");
        none(&text, "healthy-without-check");
        fixed(&text, "healthy-check-disabled");
    }

    #[test]
    fn a_service_with_a_check_can_be_waited_for() {
        none(&stack("    healthcheck:\n      test: [CMD, \"true\"]\n"), "healthy-without-check");
    }
}
