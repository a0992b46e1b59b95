//! Compose files from anywhere: reading, rules, and the comment that switches a finding off.

use crate::places;
use domain::{
    check::{Profile, Settings, check, ignoring, report},
    stack::Stack,
};

/// Panics if something is wrong.
pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let stack = Stack::read(text);
    assert_eq!(stack.text(), text);
    if stack.is_readable() {
        places::check(text, stack.tree());
    }
    for finding in check(&stack) {
        assert!(text.is_char_boundary(finding.place.start) && text.is_char_boundary(finding.place.end));
    }
    let strict = Settings { profile: Profile::Strict, ..Settings::default() };
    for finding in report(&stack, &strict).findings.iter().take(20) {
        if let Some(text) = ignoring(&stack, finding, |_| Vec::new()) {
            let after = Stack::read(&text);
            assert!(after.is_readable());
            assert_eq!(after.model().root.to_json(), stack.model().root.to_json());
        }
        if let Some(fix) = &finding.fix
            && let Ok(after) = stack.apply(&fix.edit)
        {
            assert!(after.is_readable());
        }
    }
}
