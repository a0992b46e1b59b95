//! Small files that show trouble people reported, each with what is right.
//!
//! `expected.txt` lists what the check says about each file: every error, and the warnings and hints that the case is
//! about. `edits.rs` and `values.rs` test what edits and the reader make of them. To add a case, add the file and its
//! part of `expected.txt`.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod edits;
mod values;

use std::{collections::BTreeMap, fs, path::Path};

use domain::{
    check::{Severity, check},
    stack::Stack,
};

/// The text of a case, by its number: `01`.
pub fn text(number: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let begins = |path: &Path| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&format!("{number}-")))
    };
    let mut files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    fs::read_to_string(files.find(|path| begins(path)).unwrap()).unwrap()
}

pub fn stack(number: &str) -> Stack {
    Stack::read(&text(number))
}

#[test]
fn the_check_says_what_is_right_about_each_case() {
    let mut expected: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut case = "";
    for line in include_str!("expected.txt").lines().filter(|line| !line.starts_with('#')) {
        match line.strip_prefix("  ") {
            Some(finding) => expected.get_mut(case).unwrap().push(finding),
            None => {
                case = line;
                expected.insert(case, Vec::new());
            }
        }
    }
    let mut wrong = Vec::new();
    for (case, expected) in &expected {
        let number = case.split('-').next().unwrap();
        let said: Vec<(Severity, String, String)> = check(&stack(number))
            .into_iter()
            .map(|one| {
                let severity = serde_json::to_value(one.severity).unwrap();
                let line =
                    format!("{} {} {}", one.position.line, severity.as_str().unwrap_or_default(), one.code);
                (one.severity, line, one.message)
            })
            .collect();
        for (severity, line, message) in &said {
            if *severity == Severity::Error && !expected.contains(&line.as_str()) {
                wrong.push(format!("{case}: not expected: {line}: {message}"));
            }
        }
        for line in expected.iter().filter(|line| !said.iter().any(|(_, said, _)| said == **line)) {
            wrong.push(format!("{case}: missing: {line}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_case_has_its_part_of_the_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| {
            Some(entry.unwrap().file_name().to_string_lossy().strip_suffix(".yml")?.to_owned())
        })
        // This one is no UTF-8, which the reader of files says (`cli/src/source.rs`).
        .filter(|name| name != "32-utf16")
        .collect();
    files.sort();
    let listed: Vec<&str> =
        include_str!("expected.txt").lines().filter(|line| !line.starts_with([' ', '#'])).collect();
    assert_eq!(files, listed);
}
