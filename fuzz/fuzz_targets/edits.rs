//! A file and edits, as REST clients send them: a compose file, then one edit as JSON per line after a byte 0xff.
#![cfg_attr(feature = "link", no_main)]

use domain::stack::{Edit, Stack};
use fuzz::pieces;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let [file, edits] = pieces(bytes);
    let (Ok(file), Ok(edits)) = (std::str::from_utf8(file), std::str::from_utf8(edits)) else { return };
    let mut stack = Stack::read(file);
    for line in edits.lines().take(20) {
        let Ok(edit) = serde_json::from_str::<Edit>(line) else { continue };
        let Ok(after) = stack.apply(&edit) else { continue };
        // Only typing may leave a text that is not valid YAML.
        assert!(after.is_readable() || !stack.is_readable() || matches!(edit, Edit::ReplaceText { .. }), "{edit:?}");
        stack = after;
    }
});

/// Lets the target compile without the fuzzing library, so that its types and lints are checked. It does nothing then.
#[cfg(not(feature = "link"))]
fn main() {}
