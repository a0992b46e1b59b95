//! Runs the rules on real files from `../shared/corpus/compose` beside the workspace, if that folder exists.

use std::{collections::BTreeMap, fs, path::Path};

use super::{Finding, Severity, check_for, known_code, subject::Subject};
use crate::stack::Stack;

fn files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/compose");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: there is no corpus in ../shared/corpus/compose");
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            Some((path.file_name()?.to_string_lossy().into_owned(), fs::read_to_string(&path).ok()?))
        })
        .collect();
    files.sort();
    files
}

/// The findings of every profile.
fn check(stack: &Stack) -> Vec<Finding> {
    check_for(&Subject::from(stack), &|_| true)
}

/// The number of findings of each code that are printed.
const SAMPLES: usize = 5;

/// Real mistakes in real files: Compose rejects this one.
fn is_mistake(file: &str, code: &str) -> bool {
    (file, code) == ("dokploy--backrest.yml", "volume-unknown")
}

#[test]
fn real_files_get_no_errors_and_every_offered_fix_works_or_is_refused() {
    let (mut counts, mut errors, mut refused) = (BTreeMap::<_, usize>::new(), Vec::new(), Vec::new());
    let mut samples = BTreeMap::<_, Vec<String>>::new();
    for (name, text) in files() {
        let stack = Stack::read(&text);
        for finding in check(&stack) {
            *counts.entry((finding.severity, finding.code.clone())).or_default() += 1;
            let place = format!("{name}:{}", finding.position.line);
            samples.entry(finding.code.clone()).or_default().push(format!("{place}: {}", finding.message));
            if finding.severity == Severity::Error && !is_mistake(&name, &finding.code) {
                errors
                    .push(format!("{name}:{} {}: {}", finding.position.line, finding.code, finding.message));
            }
            let Some(fix) = &finding.fix else { continue };
            match stack.apply(&fix.edit) {
                Err(refusal) => {
                    refused.push(format!("{name}:{} {}: {refusal}", finding.position.line, finding.code))
                }
                Ok(after) => {
                    let same = |text: &Stack| {
                        check(text)
                            .into_iter()
                            .filter(|one| one.code == finding.code && one.service == finding.service)
                            .count()
                    };
                    assert!(
                        same(&after) < same(&stack),
                        "{name}: the fix of {finding:?} leaves it\n{}",
                        after.text()
                    );
                }
            }
        }
    }
    for ((severity, code), count) in &counts {
        println!("{count:5} {severity:?} {code}");
    }
    for (code, found) in &samples {
        let first: Vec<&str> = found.iter().take(SAMPLES).map(String::as_str).collect();
        println!("{code}\n  {}", first.join("\n  "));
    }
    println!("refused fixes: {refused:#?}");
    assert!(errors.is_empty(), "all of these files are used by people:\n{}", errors.join("\n"));
}

#[test]
fn every_code_in_the_sources_is_known() {
    for folder in [
        "src/compose",
        "src/compose/shape",
        "src/compose/syntax",
        "src/form",
        "src/check/rules",
        "src/check/rules/operation",
        "src/check/rules/security",
    ] {
        for code in codes_in(folder) {
            assert!(known_code(&code).is_some(), "{folder} reports `{code}`, which is in no table");
        }
    }
}

/// The codes in the source files of a folder. The reader and the form have no table of codes, only literals.
fn codes_in(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut codes = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let Ok(source) = fs::read_to_string(entry.unwrap().path()) else { continue };
        let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for opening in ["find(", "report(", "error(", "stop(", "code: ", "Finding::new("] {
            for (at, _) in source.match_indices(opening) {
                let argument = source[at + opening.len()..].trim_start();
                let Some(literal) = argument.strip_prefix('"').and_then(|rest| rest.split('"').next()) else {
                    continue;
                };
                let kebab =
                    literal.contains('-') && literal.chars().all(|c| c.is_ascii_lowercase() || c == '-');
                if kebab && !codes.contains(&literal.to_owned()) {
                    codes.push(literal.to_owned());
                }
            }
        }
    }
    codes
}
