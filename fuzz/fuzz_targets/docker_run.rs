//! `docker run` commands pasted from anywhere.
#![cfg_attr(feature = "link", no_main)]

use domain::{docker_run, stack::Stack};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
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
});

/// Lets the target compile without the fuzzing library, so that its types and lints are checked. It does nothing then.
#[cfg(not(feature = "link"))]
fn main() {}
