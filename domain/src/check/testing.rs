//! Helpers for the tests of the rules.

use super::{Finding, check_for, subject::Subject};
use crate::stack::Stack;

/// The findings of every profile.
fn check(stack: &Stack) -> Vec<Finding> {
    check_for(&Subject::from(stack), &|_| true)
}

pub fn all(text: &str, code: &str) -> Vec<Finding> {
    check(&Stack::read(text)).into_iter().filter(|finding| finding.code == code).collect()
}

/// The only finding with this code.
pub fn one(text: &str, code: &str) -> Finding {
    let mut found = all(text, code);
    assert_eq!(found.len(), 1, "{code} in\n{text}\n{:#?}", check(&Stack::read(text)));
    found.remove(0)
}

pub fn none(text: &str, code: &str) {
    let found = all(text, code);
    assert!(found.is_empty(), "{code} in\n{text}\n{found:#?}");
}

/// The text at the place of the finding.
pub fn marked<'t>(text: &'t str, finding: &Finding) -> &'t str {
    finding.place.slice(text)
}

/// The text after the fix of the first such finding; asserts that the finding is gone.
pub fn fixed(text: &str, code: &str) -> String {
    let before = all(text, code);
    let finding = before.first().unwrap_or_else(|| panic!("no {code} in\n{text}"));
    let fix = finding.fix.as_ref().unwrap_or_else(|| panic!("{code} has no fix"));
    let stack = Stack::read(text).apply(&fix.edit).unwrap_or_else(|refusal| panic!("{code}: {refusal}"));
    let after: Vec<_> = check(&stack).into_iter().filter(|finding| finding.code == code).collect();
    assert_eq!(after.len(), before.len() - 1, "{code} after its fix:\n{}\n{after:#?}", stack.text());
    stack.text().to_owned()
}
