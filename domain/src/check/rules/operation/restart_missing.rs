//! Services that stay down after a crash or a restart of the host.

use std::collections::HashSet;

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::{Condition, Model, Service, yaml::Node},
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::advice("restart-missing").strict()], look };

fn look(input: &mut CheckInput<'_>) {
    let one_time = one_time(input.model);
    for (service, body) in input.services() {
        if input.is_full() {
            return;
        }
        if is_decided(service, body) || one_time.contains(service.name.as_str()) {
            continue;
        }
        let message = format!(
            "`{}` stays down after a crash or a restart of the host. Add `restart: unless-stopped`, or `restart: \"no\"` if it \
             runs once.",
            service.name
        );
        let mut finding =
            input.finding("restart-missing", Severity::Hint, service.key, message).of_service(&service.name);
        if runs_on(service) {
            let restart = Some("unless-stopped".to_owned());
            let edit = Edit::SetRestart { service: service.name.clone(), restart };
            finding = finding.with_fix("Add `restart: unless-stopped`", edit);
        }
        input.add(finding);
    }
}

/// The services that others wait for until they end.
fn one_time(model: &Model) -> HashSet<&str> {
    let waits = model.services.iter().flat_map(|service| &service.depends_on);
    waits.filter(|one| one.condition == Condition::Completed).map(|one| one.service.as_str()).collect()
}

/// Whether the file, or one that is not read, says what happens. Services with a profile are often started by hand.
fn is_decided(service: &Service, body: &Node) -> bool {
    let has = |key: &str| body.get(key).is_some_and(|value| !value.is_null());
    has("restart")
        || has("provider")
        || body.at(&["deploy", "restart_policy"]).is_some()
        || service.extends.is_some()
        || !service.profiles.is_empty()
        || service.resources.replicas.as_ref().is_some_and(|count| count.value == 0)
}

/// Whether it certainly does not end by itself.
fn runs_on(service: &Service) -> bool {
    !service.ports.is_empty() || service.healthcheck.as_ref().is_some_and(|check| !check.disabled)
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, none, one};

    const CODE: &str = "restart-missing";

    fn stack(lines: &str) -> String {
        format!("services:\n  web:\n    image: a:1\n{lines}")
    }

    #[test]
    fn a_server_gets_a_restart_policy() {
        let after = fixed(&stack("    ports: [\"80:80\"]\n"), CODE);
        assert!(after.contains("restart: unless-stopped"), "{after}");
        assert!(one(&stack(""), CODE).fix.is_none());
    }

    #[test]
    fn a_decision_is_respected() {
        for lines in [
            "    restart: \"no\"\n",
            "    deploy:\n      restart_policy:\n        condition: any\n",
            "    profiles: [tools]\n",
            "    scale: 0\n",
            "    extends: {file: base.yml, service: web}\n",
        ] {
            none(&stack(lines), CODE);
        }
    }

    #[test]
    fn what_others_wait_for_runs_once() {
        none(
            &stack(
                "  app:\n    image: b:1\n    restart: always\n    depends_on:\n      web:\n        condition: service_completed_successfully\n",
            ),
            CODE,
        );
    }
}
