//! Masks what looks like a secret in text that leaves the host.

/// Words after which `=` or `:` introduces a secret.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "access_key",
    "accesskey",
    "private_key",
    "credential",
    "authorization",
    "auth",
];
const MASK: &str = "[redacted]";

/// The text without secrets, and whether it contained any.
pub fn redact(text: &str) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let mut found = false;
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, after) = next_secret(rest);
        out.push_str(piece);
        match after {
            Some(after) => {
                out.push_str(MASK);
                found = true;
                rest = after;
            }
            None => break,
        }
    }
    (out, found)
}

/// The text before the next secret, and the text after it.
fn next_secret(text: &str) -> (&str, Option<&str>) {
    let lower = text.to_ascii_lowercase();
    let named = NAMES.iter().filter_map(|name| named_value(text, &lower, name));
    let found = named.chain(url_password(text)).chain(bearer(text, &lower)).min_by_key(|(start, _)| *start);
    match found {
        Some((start, end)) => (&text[..start], Some(&text[end..])),
        None => (text, None),
    }
}

/// Finds the value in `password=…` or `"token": "…"` and returns its range.
fn named_value(text: &str, lower: &str, name: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(at) = lower.get(from..)?.find(name).map(|at| at + from) {
        let mut end = at + name.len();
        // Skips the rest of the name, as in `password_file` and `DB_PASSWORD_2`, up to `=` or `:`.
        end += text[end..]
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
            .unwrap_or(text.len() - end);
        let sign = text[end..].trim_start_matches(['"', '\'', ' ']);
        let skipped = text.len() - end - sign.len();
        if sign.starts_with(['=', ':']) {
            let value = sign[1..].trim_start_matches([' ', '"', '\'', '=', '>']);
            let start = end + skipped + (sign.len() - value.len());
            let length = value
                .find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';' | '&' | '}'))
                .unwrap_or(value.len());
            let is_scheme = value[..length].eq_ignore_ascii_case("bearer")
                || value[..length].eq_ignore_ascii_case("basic");
            if length > 0 && !value.starts_with(MASK) && !is_scheme {
                return Some((start, start + length));
            }
        }
        from = end.max(at + 1);
    }
    None
}

/// Finds the password in `postgres://user:…@host`.
fn url_password(text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(at) = text[from..].find("://").map(|at| at + from + 3) {
        let rest = &text[at..];
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '<' | '>'))
            .unwrap_or(rest.len());
        if let Some(sign) = rest[..end].rfind('@')
            && let Some(colon) = rest[..sign].find(':')
            && colon + 1 < sign
            && !rest[colon + 1..sign].starts_with(MASK)
        {
            return Some((at + colon + 1, at + sign));
        }
        from = at;
    }
    None
}

/// Finds the token in `Bearer …`.
fn bearer(text: &str, lower: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(at) = lower.get(from..)?.find("bearer ").map(|at| at + from + 7) {
        let value = &text[at..];
        let length =
            value.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',')).unwrap_or(value.len());
        if length >= 8 && !value.starts_with(MASK) {
            return Some((at, at + length));
        }
        from = at;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_behind_telling_names_are_masked_and_the_rest_stays() {
        for (text, masked) in [
            ("DB_PASSWORD=hunter2 and more", "DB_PASSWORD=[redacted] and more"),
            (r#"{"token": "abc", "user": "me"}"#, r#"{"token": "[redacted]", "user": "me"}"#),
            ("api_key: x1, api_key: x2", "api_key: [redacted], api_key: [redacted]"),
            ("postgres://app:s3cret@db/app", "postgres://app:[redacted]@db/app"),
            ("Authorization: Bearer abcdefgh12345", "Authorization: Bearer [redacted]"),
            ("http://localhost:8080/path", "http://localhost:8080/path"),
            ("the password was wrong", "the password was wrong"),
            ("ünïcode secret=ö end", "ünïcode secret=[redacted] end"),
        ] {
            let (text_out, found) = redact(text);
            assert_eq!(text_out, masked);
            assert_eq!(found, text != masked, "{text}");
        }
    }
}
