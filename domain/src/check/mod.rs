//! The rule engine: the same rules in the browser, on the server, in the command line and in the agent.
//!
//! To add a rule, add one file beside this one with its tests, one line in [`RULES`], and one line in
//! `docs/rules.md`. A rule must report only what the file itself proves: anything that an included file, an extended
//! service or a variable might add is assumed to be right.

mod container_name_duplicate;
mod declaration_conflict;
mod dependency_condition;
mod dependency_cycle;
mod dependency_unknown;
mod extends_unknown;
mod grant_unknown;
mod healthcheck_test;
mod healthy_without_check;
mod host_port_conflict;
mod image_invalid;
mod image_missing;
mod image_tag;
mod limit_conflict;
mod link_unknown;
mod mount_twice;
mod network_mode;
mod network_unknown;
mod no_shared_network;
mod port_invalid;
mod reference_unknown;
mod replicas;
mod rule;
mod secret_in_plain_text;
mod service_networks;
mod setting_required;
mod taken_ports;
mod variable_unset;
mod volume_unknown;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod testing;

/// Callers of [`check`] also need these types.
pub use crate::finding::{Basis, Finding, Fix, MOST_FINDINGS, Severity};

use crate::{
    compose::{Model, read::read_earlier},
    stack::Stack,
};
use rule::{CheckInput, Rule};

const RULES: &[Rule] = &[
    host_port_conflict::RULE,
    port_invalid::RULE,
    dependency_unknown::RULE,
    dependency_cycle::RULE,
    dependency_condition::RULE,
    healthy_without_check::RULE,
    healthcheck_test::RULE,
    network_unknown::RULE,
    no_shared_network::RULE,
    volume_unknown::RULE,
    mount_twice::RULE,
    reference_unknown::RULE,
    limit_conflict::RULE,
    declaration_conflict::RULE,
    grant_unknown::RULE,
    link_unknown::RULE,
    extends_unknown::RULE,
    container_name_duplicate::RULE,
    image_missing::RULE,
    image_invalid::RULE,
    image_tag::RULE,
    setting_required::RULE,
    secret_in_plain_text::RULE,
    variable_unset::RULE,
    network_mode::RULE,
    replicas::RULE,
];

/// All findings about a stack, from reading and from the rules, in the order of the text.
///
/// If the text is not valid YAML, there are only findings from reading, because the rules have no model to work on.
pub fn check(stack: &Stack) -> Vec<Finding> {
    let mut findings = stack.findings().to_vec();
    if stack.is_readable() {
        findings.append(&mut of_rules(stack.model(), stack));
        if findings.iter().any(|finding| finding.code == "duplicate-key") {
            findings.append(&mut of_earlier_entries(stack));
        }
    }
    findings.sort_by(|a, b| {
        let order = |finding: &Finding| (finding.place.start, finding.severity, finding.place.end);
        order(a).cmp(&order(b)).then_with(|| a.code.cmp(&b.code))
    });
    findings
}

fn of_rules(model: &Model, stack: &Stack) -> Vec<Finding> {
    let mut input = CheckInput::new(model, stack.text(), stack.values());
    for rule in RULES {
        input.look(rule);
    }
    input.into_findings()
}

/// The maximum number of entries of one key that are checked. A file with more is an accident or an attack.
const MOST_ENTRIES: usize = 5;

/// The findings inside entries that a later entry of the same key replaces. They have no fixes, because an edit
/// changes the last entry.
fn of_earlier_entries(stack: &Stack) -> Vec<Finding> {
    let mut all = Vec::new();
    for earlier in 1..MOST_ENTRIES {
        let Some((model, mut findings, places)) = read_earlier(stack.text(), stack.tree(), earlier) else {
            break;
        };
        findings.append(&mut of_rules(&model, stack));
        let inside = |finding: &Finding| {
            places.iter().any(|place| place.start <= finding.place.start && finding.place.end <= place.end)
        };
        all.extend(findings.into_iter().filter(inside).map(|finding| Finding {
            fix: None,
            fix_all: None,
            ..finding
        }));
    }
    all
}

/// The codes of all rules. Findings from reading have their own codes; `docs/rules.md` lists both.
pub fn codes() -> impl Iterator<Item = &'static str> {
    RULES.iter().flat_map(|rule| rule.codes).map(|(code, _)| *code).chain(["more-findings"])
}
