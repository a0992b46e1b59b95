//! A limit that is set twice, once beside `image` and once below `deploy`, with two values.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, service_path},
    },
    compose::{size, yaml::Node},
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::compose("limit-conflict")], look };

/// The two ways to write a limit. The number of containers has a rule of its own.
const PAIRS: &[(&str, &[&str])] = &[
    ("mem_limit", &["deploy", "resources", "limits", "memory"]),
    ("mem_reservation", &["deploy", "resources", "reservations", "memory"]),
    ("cpus", &["deploy", "resources", "limits", "cpus"]),
    ("pids_limit", &["deploy", "resources", "limits", "pids"]),
];

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    for service in &model.services {
        let Some(body) = model.root.at(&["services", service.name.as_str()]) else { continue };
        for (key, below) in PAIRS {
            let (Some(short), Some(long)) = (body.get(key), body.at(below)) else { continue };
            let (Some(first), Some(second)) = (amount(short), amount(long)) else { continue };
            if first == second {
                continue;
            }
            let line = input.line(long.here());
            let message = format!(
                "`{key}` says something else than `{}` (line {line}). Keep one of them.",
                below.join(".")
            );
            let finding = input.finding("limit-conflict", Severity::Error, short.here(), message).with_fix(
                format!("Remove `{key}`"),
                Edit::RemoveKey { path: service_path(&service.name, key) },
            );
            input.add(finding.of_service(&service.name));
        }
    }
}

/// The number or the size in bytes; `None` for variables and for what is no amount.
fn amount(node: &Node) -> Option<f64> {
    let text = node.text()?;
    text.parse().ok().or_else(|| size(&text))
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, none, one};

    #[test]
    fn one_limit_has_one_value() {
        let text = |short: &str, long: &str| {
            format!("services:\n  a:\n    image: a:1\n    {short}\n    deploy: {{resources: {long}}}\n")
        };
        for (short, long) in [
            ("mem_limit: 5m", "{limits: {memory: 6m}}"),
            ("mem_reservation: 5m", "{reservations: {memory: 6m}}"),
            ("cpus: 1", "{limits: {cpus: 2}}"),
            ("pids_limit: 1", "{limits: {pids: 2}}"),
        ] {
            let text = text(short, long);
            one(&text, "limit-conflict");
            assert!(!fixed(&text, "limit-conflict").contains(short));
        }
        none(&text("mem_limit: 64m", "{limits: {memory: 65536k}}"), "limit-conflict");
        none(&text("cpus: 1", "{limits: {cpus: '1.0'}}"), "limit-conflict");
        none(&text("cpus: '${CPUS}'", "{limits: {cpus: '1.0'}}"), "limit-conflict");
    }
}
