//! Formats real files from `../shared/corpus/compose` beside the workspace, if that folder exists.

use std::{collections::BTreeMap, fs, path::Path};

use super::format;
use crate::stack::Stack;

fn files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/compose");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: there is no corpus in ../shared/corpus/compose");
        return Vec::new();
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths.filter_map(|path| Some((path.display().to_string(), fs::read_to_string(&path).ok()?))).collect()
}

/// How often each comment occurs. Counts too many lines, but the same ones in both texts.
fn comments(text: &str) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for line in text.lines() {
        let comment = line.find(" #").map(|at| &line[at + 1..]).or(line.starts_with('#').then_some(line));
        if let Some(comment) = comment {
            *counts.entry(comment.trim_end()).or_default() += 1;
        }
    }
    counts
}

#[test]
fn real_files_keep_their_values_and_comments_and_are_formatted_once_for_all() {
    let (mut done, mut changed, mut refused) = (0, 0, Vec::new());
    for (name, text) in files() {
        for text in [text.replace('\n', "\r\n"), text] {
            let formatted = match format(&text) {
                Ok(formatted) => formatted,
                Err(error) => {
                    refused.push(format!("{name}: {error}"));
                    continue;
                }
            };
            done += 1;
            changed += usize::from(formatted != text);
            let values = |text: &str| Stack::read(text).model().root.to_json();
            assert_eq!(values(&formatted), values(&text), "{name}");
            assert_eq!(comments(&formatted), comments(&text), "{name}");
            assert_eq!(format(&formatted).as_ref(), Ok(&formatted), "{name}");
            assert!(formatted.contains('\r') == text.contains('\r'), "{name}");
            let lines = || formatted.lines().zip(formatted.lines().skip(1));
            assert!(formatted.ends_with('\n') && !formatted.starts_with(['\n', '\r']), "{name}");
            assert!(
                formatted.contains("|") || lines().all(|(a, b)| !(a.is_empty() && b.is_empty())),
                "{name}"
            );
        }
    }
    println!("{done} formatted, {changed} of them changed, {} refused", refused.len());
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}
