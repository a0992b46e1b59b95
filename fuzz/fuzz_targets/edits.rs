//! A file and edits, as REST clients send them: a compose file, then one edit as JSON per line after a byte 0xff.
#![cfg_attr(feature = "link", no_main)]

use fuzz::edits;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| edits::run(bytes));

/// Lets the target compile without the fuzzing library, so that its types and lints are checked. It does nothing then.
#[cfg(not(feature = "link"))]
fn main() {}
