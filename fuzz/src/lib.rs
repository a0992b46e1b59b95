//! Fuzz tests of what untrusted clients can send: the programs in `fuzz_targets/`, one per parser. A target calls the library or
//! includes a file of the server by path; it must not start a server or need a database. Start reading here, where the fuzzer's
//! bytes become requests, then read any target. The targets about compose files are modules here, so that
//! `tests/saved_inputs.rs` runs them on inputs that once failed.

pub mod docker_run;
pub mod edits;
pub mod import;
pub mod merge;
mod places;
pub mod project_form;

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// One header per line: a byte that picks the name, then the value. Invalid values are left out, as the HTTP server does.
pub fn headers(bytes: &[u8], names: &[&'static str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        let Some((pick, value)) = line.split_first() else { continue };
        let name = HeaderName::from_static(names[usize::from(*pick) % names.len()]);
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.append(name, value);
        }
    }
    headers
}

/// Splits at a byte that is rare in real input.
pub fn pieces<const N: usize>(bytes: &[u8]) -> [&[u8]; N] {
    let mut pieces = bytes.splitn(N, |byte| *byte == 0xff);
    std::array::from_fn(|_| pieces.next().unwrap_or_default())
}
