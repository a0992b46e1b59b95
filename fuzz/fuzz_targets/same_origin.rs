//! The check whether a changing request comes from one of our own pages.
#![cfg_attr(feature = "link", no_main)]

#[path = "../../server/src/middleware/same_origin.rs"]
#[expect(dead_code, reason = "the server uses all of it")]
mod same_origin;

use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 4] = ["sec-fetch-site", "origin", "host", "referer"];

fuzz_target!(|bytes: &[u8]| {
    if let Ok(path) = std::str::from_utf8(bytes) {
        assert!(
            !path.starts_with("/rpc/")
                || path.contains("..")
                || path.contains('%')
                || same_origin::is_function(path)
        );
    }
    let headers = fuzz::headers(bytes, &NAMES);
    if !same_origin::is_same_origin(&headers) {
        return;
    }
    if headers.contains_key("sec-fetch-site") {
        assert!(headers.get_all("sec-fetch-site").iter().all(|site| site == "same-origin"));
        return;
    }
    for name in ["origin", "host"] {
        assert_eq!(headers.get_all(name).iter().count(), 1);
    }
    let origin = headers["origin"].to_str().unwrap();
    let host = headers["host"].to_str().unwrap();
    let authority = origin.split_once("://").unwrap().1;
    assert!(authority.eq_ignore_ascii_case(host));
});

/// Lets the target compile without the fuzzing library, so that its types and lints are checked. It does nothing then.
#[cfg(not(feature = "link"))]
fn main() {}
