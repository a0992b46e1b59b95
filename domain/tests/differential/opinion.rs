//! One file, read by Compose and by us.

use domain::{
    check::{Basis, Severity, check},
    stack::Stack,
};
use serde_json::{Map, Value};

use crate::{
    files::File,
    program::{Answer, Program},
};

/// Values that variables without one get, one after the other: a path, a port or number, a size, a word. `None` gives
/// ports a number and everything else a path.
const VALUES: [Option<&str>; 5] = [Some("/v"), Some("80"), Some("64m"), Some("true"), None];

/// Leaves the document as written: only its notation is made uniform.
pub const AS_WRITTEN: [&str; 3] = ["--no-interpolate", "--no-path-resolution", "--no-env-resolution"];

pub enum Verdict {
    Agreed,
    /// A rejection that says nothing about the file alone: what it needs.
    Missing(&'static str, String),
    /// Compose rejects the file and we have no error, or Compose accepts it and we have one.
    Disagreed(String),
}

pub struct Outcome {
    pub verdict: Verdict,
    pub accepted: bool,
    /// Whether what we render has the same meaning, if Compose reads the file at all.
    pub meaning: Option<Result<(), String>>,
}

/// Reads a file with the values of its variables for the verdict, and as written for the meaning.
pub fn compare(program: &Program, file: &File) -> Outcome {
    let stack = Stack::read(&file.text);
    let answer = program.config(&file.text, &[], &[]);
    let accepted = matches!(answer, Answer::Accepted(_));
    let meaning = match program.config(stack.text(), &[], &AS_WRITTEN) {
        Answer::Accepted(meant) => Some(meaning(program, &stack, &meant, &AS_WRITTEN)),
        Answer::Rejected(_) => None,
    };
    Outcome { verdict: verdict(program, &stack, answer), accepted, meaning }
}

/// The same with one reading for both, which is faster: what is edited was compared as written before.
pub fn compare_edited(program: &Program, file: &File) -> Outcome {
    let stack = Stack::read(&file.text);
    let answer = program.config(&file.text, &[], &[]);
    let meaning = match &answer {
        Answer::Accepted(meant) => Some(meaning(program, &stack, meant, &[])),
        Answer::Rejected(_) => None,
    };
    Outcome { accepted: meaning.is_some(), verdict: verdict(program, &stack, answer), meaning }
}

fn verdict(program: &Program, stack: &Stack, answer: Answer) -> Verdict {
    let findings = check(stack);
    let errors = || findings.iter().filter(|finding| finding.severity == Severity::Error);
    match answer {
        Answer::Accepted(_) => match errors().find(|finding| finding.basis == Basis::Compose) {
            None => Verdict::Agreed,
            Some(finding) => Verdict::Disagreed(format!(
                "Compose accepts it, but {} in line {}: {}",
                finding.code, finding.position.line, finding.message
            )),
        },
        Answer::Rejected(_) if errors().next().is_some() => Verdict::Agreed,
        Answer::Rejected(reason) => match missing(program, stack, &reason) {
            Some(what) => Verdict::Missing(what, reason),
            None => Verdict::Disagreed(format!("Compose rejects it: {reason}")),
        },
    }
}

/// What the file needs and does not have here.
fn missing(program: &Program, stack: &Stack, reason: &str) -> Option<&'static str> {
    if ["no such file or directory", "not found: stat"].iter().any(|words| reason.contains(words)) {
        return Some("files");
    }
    let names = stack.model().variable_names();
    let is_enough = |value: &Option<&str>| {
        let guess = |name: &str| if name.contains("PORT") { "80" } else { "/v" };
        let values: Vec<_> = names
            .iter()
            .map(|name| (name.clone(), value.unwrap_or_else(|| guess(name)).to_owned()))
            .collect();
        match program.config(stack.text(), &values, &[]) {
            Answer::Accepted(_) => true,
            Answer::Rejected(reason) => reason.contains("not found: stat"),
        }
    };
    (!names.is_empty() && VALUES.iter().any(is_enough)).then_some("values of variables")
}

/// Whether what we render has the meaning of the file.
fn meaning(program: &Program, stack: &Stack, meant: &Value, options: &[&str]) -> Result<(), String> {
    let rendered = stack.model().root.to_json().to_string();
    match program.config(&rendered, &[], options) {
        Answer::Accepted(read) if read == *meant => Ok(()),
        Answer::Accepted(read) => Err(difference(meant, &read, String::new())),
        Answer::Rejected(reason) => Err(format!("what we render is rejected: {reason}")),
    }
}

/// The first difference, with its path.
pub fn difference(meant: &Value, read: &Value, path: String) -> String {
    match (meant, read) {
        (Value::Object(meant), Value::Object(read)) => {
            let differs = meant.keys().chain(read.keys()).find(|key| meant.get(*key) != read.get(*key));
            let value = |side: &Map<String, Value>, key: &str| side.get(key).cloned().unwrap_or_default();
            differs.map_or_else(String::new, |key| {
                difference(&value(meant, key), &value(read, key), format!("{path}.{key}"))
            })
        }
        (Value::Array(meant), Value::Array(read)) if meant.len() == read.len() => {
            let at = (0..meant.len()).find(|at| meant[*at] != read[*at]).unwrap_or_default();
            difference(&meant[at], &read[at], format!("{path}.{at}"))
        }
        _ => format!("{path} is {meant}, we render {read}"),
    }
}
