//! Three versions of a file, divided by bytes 0xff: what two people made of a common base.
#![cfg_attr(feature = "link", no_main)]

use fuzz::merge;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| merge::run(bytes));

/// Lets the target compile without the fuzzing library, so that its types and lints are checked. It does nothing then.
#[cfg(not(feature = "link"))]
fn main() {}
