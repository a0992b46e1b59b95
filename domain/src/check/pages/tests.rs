use std::collections::BTreeSet;

use super::{CHAPTERS, Page};
use crate::{
    check::{Settings, Severity, check, codes, every_code, known_code, report},
    finding::Finding,
    stack::Stack,
};

fn pages() -> impl Iterator<Item = &'static Page> {
    CHAPTERS.iter().flat_map(|chapter| chapter.pages)
}

/// The findings of this code, in every profile.
fn found(page: &Page, text: &str) -> Vec<Finding> {
    let settings: Settings = serde_json::from_value(serde_json::json!({ "profile": "strict" })).unwrap();
    let mut findings = report(&Stack::read(text), &settings).findings;
    findings.retain(|finding| finding.code == page.code);
    findings
}

#[test]
fn the_wrong_example_has_the_finding_and_the_correct_one_does_not() {
    for page in pages().filter(|page| !page.wrong.is_empty()) {
        let wrong = found(page, page.wrong);
        let Some(finding) = wrong.first() else { panic!("{}: the wrong example is fine", page.code) };
        assert_eq!(finding.severity, page.severity, "{}", page.code);
        assert_eq!(Some(finding.basis), known_code(page.code).map(|code| code.basis), "{}", page.code);
        assert_eq!(finding.fix.is_some(), !page.fix.is_empty(), "{}: the fix", page.code);
        assert!(found(page, page.right).is_empty(), "{}: the correct example has it", page.code);
    }
}

#[test]
fn an_automatic_fix_corrects_the_wrong_example() {
    for page in pages().filter(|page| !page.fix.is_empty() && !page.wrong.is_empty()) {
        let finding = found(page, page.wrong).remove(0);
        let fix = finding.fix.unwrap_or_else(|| panic!("{}: no fix", page.code));
        let fixed = Stack::read(page.wrong).apply(&fix.edit).unwrap();
        let left = found(page, fixed.text()).len();
        assert!(left < found(page, page.wrong).len(), "{}:\n{}", page.code, fixed.text());
    }
}

#[test]
fn every_code_is_listed_once_and_its_rules_agree_on_the_basis() {
    let mut seen = BTreeSet::new();
    for code in codes() {
        assert!(seen.insert(code.name), "{} is listed twice", code.name);
    }
    for code in every_code() {
        assert_eq!(known_code(code.name), Some(code));
    }
}

#[test]
fn every_code_has_one_page_and_every_page_a_code() {
    let known: BTreeSet<&str> = codes().map(|code| code.name).collect();
    let mut told = BTreeSet::new();
    for page in pages() {
        assert!(told.insert(page.code), "`{}` has two pages", page.code);
    }
    let without: Vec<_> = known.difference(&told).collect();
    assert!(without.is_empty(), "without a page: {without:?}");
    let unknown: Vec<_> = told.difference(&known).collect();
    assert!(unknown.is_empty(), "pages of codes that nothing reports: {unknown:?}");
}

#[test]
fn a_correct_example_has_no_error_at_all() {
    for page in pages() {
        let errors: Vec<_> = check(&Stack::read(page.right))
            .into_iter()
            .filter(|finding| finding.severity == Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", page.code);
    }
}

#[test]
fn a_page_has_two_examples_or_none_and_says_everything_else() {
    for page in pages() {
        assert_eq!(page.wrong.is_empty(), page.right.is_empty(), "{}", page.code);
        for text in [page.what, page.why, page.how] {
            assert!(text.ends_with('.'), "{}: {text}", page.code);
        }
        assert!(page.fix.is_empty() || page.fix.ends_with('.'), "{}: {}", page.code, page.fix);
    }
}
