//! How bytes become requests.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// One header a line: a byte that picks the name, and the value. What no header can hold is left out, as by the HTTP server.
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

/// Pieces that are separated by a byte that is rare elsewhere.
pub fn pieces<const N: usize>(bytes: &[u8]) -> [&[u8]; N] {
    let mut pieces = bytes.splitn(N, |byte| *byte == 0xff);
    std::array::from_fn(|_| pieces.next().unwrap_or_default())
}
