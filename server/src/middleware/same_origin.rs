//! Whether a request comes from one of our pages. Pure functions, so that they can be fuzzed (`fuzz/`).

use axum::http::{HeaderMap, Method, header};

pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a path leads below `/rpc` once it is decoded, in lower case, and without doubled slashes and dot segments.
pub fn is_function(path: &str) -> bool {
    let decoded = decoded(&decoded(path.as_bytes())).to_ascii_lowercase();
    let mut segments: Vec<&[u8]> = Vec::new();
    for segment in decoded.split(|byte| matches!(byte, b'/' | b'\\')) {
        match segment {
            b"" | b"." => {}
            b".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    segments.first() == Some(&b"rpc".as_slice())
}

/// `%72` becomes `r`; anything that is not an escape stays.
fn decoded(text: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, others @ ..] = rest {
        rest = others;
        if let (b'%', [high, low, after @ ..]) = (*first, others)
            && let (Some(high), Some(low)) = (digit(*high), digit(*low))
        {
            decoded.push(high * 16 + low);
            rest = after;
        } else {
            decoded.push(*first);
        }
    }
    decoded
}

pub fn is_same_origin(headers: &HeaderMap) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter().peekable();
    if sites.peek().is_some() {
        return sites.all(|site| site == "same-origin");
    }
    // Browsers send each of these headers once.
    let text = |name| {
        let mut values = headers.get_all(name).iter();
        values.next().filter(|_| values.next().is_none()).and_then(|value| value.to_str().ok())
    };
    let (Some(origin), Some(host)) = (text(header::ORIGIN), text(header::HOST)) else { return false };
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn only_a_page_of_ours_passes() {
        let host = ("host", "stacker.example:8000");
        assert!(is_same_origin(&headers(&[host, ("sec-fetch-site", "same-origin")])));
        assert!(is_same_origin(&headers(&[host, ("origin", "https://stacker.example:8000")])));
        for foreign in [
            &[host, ("sec-fetch-site", "cross-site")][..],
            &[host, ("sec-fetch-site", "same-site")],
            &[host, ("sec-fetch-site", "none")],
            &[host, ("sec-fetch-site", "cross-site"), ("origin", "https://stacker.example:8000")],
            &[host, ("origin", "https://evil.example")],
            &[host, ("origin", "null")],
            &[host, ("origin", "stacker.example:8000")],
            &[host, ("origin", "https://stacker.example:8000/")],
            &[host],
        ] {
            assert!(!is_same_origin(&headers(foreign)), "{foreign:?}");
        }
    }
    #[test]
    fn a_function_is_known_however_its_path_is_written() {
        for path in [
            "/rpc",
            "/rpc/",
            "/rpc/a/b",
            "//rpc/a",
            "/./rpc/a",
            "/x/../rpc/a",
            "/RPC/a",
            "/%72pc/a",
            "/%2572pc/a",
            "/%2frpc/a",
            "/rpc%2fa",
            "\\rpc\\a",
            "/..//Rpc/a",
        ] {
            assert!(is_function(path), "{path}");
        }
        for path in ["/", "", "/project/rpc", "/rpcs", "/rpc/..", "/%", "/%7", "/rp%zz", "/projects/1/rename"]
        {
            assert!(!is_function(path), "{path}");
        }
    }

    #[test]
    fn what_browsers_send_once_counts_once() {
        let mut sites = headers(&[("sec-fetch-site", "same-origin")]);
        sites.append("sec-fetch-site", "cross-site".parse().unwrap());
        assert!(!is_same_origin(&sites));
        let mut origins = headers(&[("host", "a"), ("origin", "https://a")]);
        origins.append("origin", "https://b".parse().unwrap());
        assert!(!is_same_origin(&origins));
    }

    proptest! {
        #[test]
        fn any_path_can_be_asked_about(path in ".{0,60}", below in "[a-z/]{0,20}") {
            is_function(&path);
            let function = format!("/rpc/{}", below.trim_matches('/'));
            prop_assert!(is_function(&function));
        }

        #[test]
        fn no_other_origin_passes(origin in "[ -~]{0,40}", host in "[a-z.:0-9]{1,20}", site in "[ -~]{0,20}") {
            let own = origin == format!("http://{host}") || origin == format!("https://{host}");
            prop_assert_eq!(is_same_origin(&headers(&[("host", &host), ("origin", &origin)])), own);
            let said = headers(&[("host", &host), ("origin", &format!("https://{host}")), ("sec-fetch-site", &site)]);
            prop_assert_eq!(is_same_origin(&said), site == "same-origin");
        }
    }
}
