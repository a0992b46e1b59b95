//! Project forms of existing clients: created from a form, read back, and updated by a second one after a byte 0xff.
#![cfg_attr(feature = "link", no_main)]

use fuzz::project_form;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| project_form::run(bytes));

/// Lets the target compile without the fuzzing library, so that its types and lints are checked. It does nothing then.
#[cfg(not(feature = "link"))]
fn main() {}
