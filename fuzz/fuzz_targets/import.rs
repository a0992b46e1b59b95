//! Compose files from anywhere: reading, rules, and the comment that switches a finding off.
#![cfg_attr(feature = "link", no_main)]

use fuzz::import;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| import::run(bytes));

/// Lets the target compile without the fuzzing library, so that its types and lints are checked. It does nothing then.
#[cfg(not(feature = "link"))]
fn main() {}
