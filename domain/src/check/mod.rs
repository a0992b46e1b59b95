//! The rule engine: the same rules in the browser, on the server, in the command line and in the agent.
//!
//! To add a rule, add one file in `rules` with its tests, one line in [`RULES`], and one page in `pages`. A rule must report only what the file itself proves: anything that an included file, an extended
//! service or a variable might add is assumed to be right.

mod code;
pub(crate) mod comments;
mod files;
mod ignore;
pub mod pages;
mod report;
mod rule;
mod rules;
mod settings;
mod settings_file;
mod subject;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod testing;

use std::collections::HashSet;

/// Callers of [`check`] also need these types.
pub use crate::finding::{Basis, Finding, Fix, MOST_FINDINGS, Severity};

pub use crate::reporting::{Level, Profile, Settings};
use crate::{
    compose::{Model, read::read_earlier},
    stack::Stack,
};
pub use code::Code;
pub use files::{finding_in_file, report_files};
pub use ignore::ignoring;
pub use report::{Report, Suppressed, Suppressor, report, report_with};

use rule::CheckInput;
use rules::RULES;
use subject::Subject;

/// The codes of findings from reading a file, of the engine itself, and of what registries say ([`crate::images::findings`]).
/// Those of the rules are with the rules.
const OTHER_CODES: &[Code] = &[
    Code::compose("not-yaml"),
    Code::advice("too-large").unread(),
    Code::advice("several-documents").unread(),
    Code::advice("too-many-aliases").unread(),
    Code::compose("alias-of-itself"),
    Code::compose("not-a-compose-file"),
    Code::compose("duplicate-key"),
    Code::compose("yaml-version"),
    Code::compose("odd-key"),
    Code::compose("duplicate-entry"),
    Code::compose("bad-merge"),
    Code::compose("unknown-key"),
    Code::advice("key-newer"),
    Code::compose("key-missing"),
    Code::compose("service-outside"),
    Code::compose("wrong-type"),
    Code::compose("value-invalid"),
    Code::runtime("value-unknown"),
    Code::advice("value-ignored"),
    Code::compose("service-name"),
    Code::compose("name-invalid"),
    Code::compose("volume-invalid"),
    Code::compose("variable-invalid"),
    Code::advice("environment-key-trimmed"),
    Code::advice("more-findings"),
    Code::advice("comment-unknown"),
    Code::advice("comment-unused"),
    Code::runtime("image-not-found").of_registries(),
    Code::advice("image-no-platform").of_registries(),
    Code::advice("image-newer-tag").of_registries(),
];

/// All findings of the profile `recommended`, from reading and from the rules, in the order of the text. Comments that
/// switch rules off have no effect here: see [`report`].
///
/// If the text is not valid YAML, there are only findings from reading, because the rules have no model to work on.
pub fn check(stack: &Stack) -> Vec<Finding> {
    check_for(&Subject::from(stack), &|code| code.is_in(Profile::Recommended))
}

/// All findings of the codes that are wanted.
fn check_for(subject: &Subject<'_>, is_wanted: &dyn Fn(Code) -> bool) -> Vec<Finding> {
    let mut findings = subject.findings.to_vec();
    findings.retain(|finding| known_code(&finding.code).is_none_or(is_wanted));
    if subject.is_readable {
        findings.append(&mut of_rules(subject.model, subject, is_wanted));
        // Of several files, only the entries that are merged are checked.
        if subject.files.is_none() && findings.iter().any(|finding| finding.code == "duplicate-key") {
            findings.append(&mut of_earlier_entries(subject, is_wanted));
        }
    }
    sort(&mut findings);
    findings
}

fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let order = |finding: &Finding| (finding.place.start, finding.severity, finding.place.end);
        order(a).cmp(&order(b)).then_with(|| a.code.cmp(&b.code))
    });
}

fn of_rules(model: &Model, subject: &Subject<'_>, is_wanted: &dyn Fn(Code) -> bool) -> Vec<Finding> {
    let mut input = CheckInput::new(model, subject, is_wanted);
    for rule in RULES {
        input.look(rule);
    }
    input.into_findings()
}

/// The maximum number of entries of one key that are checked. A file with more is an accident or an attack.
const MOST_ENTRIES: usize = 5;

/// The findings inside entries that a later entry of the same key replaces. They have no fixes, because an edit
/// changes the last entry.
fn of_earlier_entries(subject: &Subject<'_>, is_wanted: &dyn Fn(Code) -> bool) -> Vec<Finding> {
    let mut all = Vec::new();
    for earlier in 1..MOST_ENTRIES {
        let Some((model, mut findings, places)) = read_earlier(subject.text, subject.tree, earlier) else {
            break;
        };
        findings.append(&mut of_rules(&model, subject, is_wanted));
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

/// All codes, each once: those of reading, then those of the rules.
pub fn codes() -> impl Iterator<Item = Code> {
    let mut seen = HashSet::new();
    every_code().filter(move |code| seen.insert(code.name))
}

/// Several rules may report one code.
fn every_code() -> impl Iterator<Item = Code> {
    OTHER_CODES.iter().chain(RULES.iter().flat_map(|rule| rule.codes)).copied()
}

/// The code of this name.
pub fn known_code(name: &str) -> Option<Code> {
    every_code().find(|code| code.name == name)
}
