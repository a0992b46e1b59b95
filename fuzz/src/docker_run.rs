//! `docker run` commands pasted from anywhere.

use domain::{docker_run, stack::Stack};

/// Panics if something is wrong.
pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    docker_run::looks_like(text);
    let mut stack = Stack::default();
    for run in docker_run::read(text).unwrap_or_default() {
        let edits = run.edits(&stack, &run.suggested_name(), None);
        // What is not refused is a file that can be read again.
        if let Ok(after) = stack.apply_all(&edits) {
            assert!(after.is_readable());
            stack = after;
        }
    }
}
