//! `docker run` commands pasted from anywhere.
#![cfg_attr(feature = "link", no_main)]

use fuzz::docker_run;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| docker_run::run(bytes));

/// Lets the target compile without the fuzzing library, so that its types and lints are checked. It does nothing then.
#[cfg(not(feature = "link"))]
fn main() {}
