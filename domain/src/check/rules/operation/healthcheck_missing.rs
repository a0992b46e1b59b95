//! Services that others depend on and that have no health check.

use std::collections::HashMap;

use crate::{
    catalog::health_check_of,
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::{Condition, Service},
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::advice("healthcheck-missing").strict()], look };

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    let mut dependents: HashMap<&str, Dependents<'_>> = HashMap::new();
    for service in &model.services {
        for dependency in &service.depends_on {
            let known = dependents.entry(&dependency.service).or_default();
            match dependency.condition {
                Condition::Started => known.first = known.first.or(Some(&service.name)),
                // `healthy-without-check` reports it; a task that ends needs no check.
                Condition::Healthy | Condition::Completed => known.is_known = true,
            }
        }
    }
    for service in &model.services {
        if input.is_full() {
            return;
        }
        let Some(dependents) = dependents.get(service.name.as_str()) else { continue };
        let Some(first) = dependents.first.filter(|_| !dependents.is_known) else { continue };
        if service.healthcheck.is_some() || service.extends.is_some() {
            continue;
        }
        let name = &service.name;
        let message = format!(
            "`{first}` starts as soon as `{name}` has started, ready or not. Add a `healthcheck` to `{name}`, and wait for it \
             with `condition: service_healthy`."
        );
        let mut finding =
            input.finding("healthcheck-missing", Severity::Hint, service.key, message).of_service(name);
        if let Some(edit) = check_of_app(service) {
            finding = finding.with_fix("Add a health check", edit);
        }
        input.add(finding);
    }
}

#[derive(Default)]
struct Dependents<'m> {
    /// The first service that waits only for the start.
    first: Option<&'m str>,
    /// Whether another dependent needs more, so that another rule looks at it.
    is_known: bool,
}

/// The health check that the catalogue has for this very image.
fn check_of_app(service: &Service) -> Option<Edit> {
    let check = health_check_of(&service.image.as_ref()?.value)?;
    Some(Edit::SetHealthcheck {
        service: service.name.clone(),
        test: check.test.clone(),
        interval: Some(check.interval.clone()),
        timeout: Some(check.timeout.clone()),
        retries: Some(check.retries),
        start_period: Some(check.start_period.clone()),
    })
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, none, one};

    const CODE: &str = "healthcheck-missing";

    fn stack(dependency: &str, db: &str) -> String {
        format!("services:\n  web:\n    image: a:1\n    depends_on: {dependency}\n  db:\n    image: {db}\n")
    }

    #[test]
    fn what_others_need_should_say_when_it_is_ready() {
        assert_eq!(one(&stack("[db]", "b:1"), CODE).service.as_deref(), Some("db"));
        let after = fixed(&stack("[db]", "postgres:16"), CODE);
        assert!(after.contains("pg_isready"), "{after}");
    }

    #[test]
    fn a_check_that_is_there_or_missed_elsewhere_is_not_reported() {
        none(&stack("[db]", "b:1\n    healthcheck: {test: \"true\"}"), CODE);
        none(&stack("{db: {condition: service_healthy}}", "b:1"), CODE);
        none(&stack("{db: {condition: service_completed_successfully}}", "b:1"), CODE);
        none("services:\n  db:\n    image: b:1\n", CODE);
    }
}
