//! A file and edits, as REST clients send them: a compose file, then one edit as JSON per line after a byte 0xff.

use crate::pieces;
use domain::stack::{Edit, Stack};

/// Panics if something is wrong.
pub fn run(bytes: &[u8]) {
    let [file, edits] = pieces(bytes);
    let (Ok(file), Ok(edits)) = (std::str::from_utf8(file), std::str::from_utf8(edits)) else { return };
    let mut stack = Stack::read(file);
    for line in edits.lines().take(20) {
        let Ok(edit) = serde_json::from_str::<Edit>(line) else { continue };
        let Ok(after) = stack.apply(&edit) else { continue };
        // Only typing may leave a text that is not valid YAML.
        assert!(
            after.is_readable() || !stack.is_readable() || matches!(edit, Edit::ReplaceText { .. }),
            "{edit:?}"
        );
        stack = after;
    }
}
