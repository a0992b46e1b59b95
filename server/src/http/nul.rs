//! The character NUL, which PostgreSQL cannot store in a text. Requests of people and programs that contain one are rejected before
//! a use case sees them: addresses and forms by a layer ([`crate::middleware::nul`]), JSON bodies where they are read. What an agent
//! reports is cleaned instead ([`stacker::db`]), because the output of a program may contain anything.

/// The byte at which JSON holds an escaped NUL. A raw one is no valid JSON, so the parser reports it.
pub fn nul_in_json(json: &[u8]) -> Option<usize> {
    const ESCAPED: &[u8] = b"\\u0000";
    json.windows(ESCAPED.len()).enumerate().filter(|(_, window)| *window == ESCAPED).map(|(at, _)| at).find(
        |at| {
            // After an odd number of backslashes this one is itself escaped, and `u0000` is plain text.
            let before = json[..*at].iter().rev().take_while(|byte| **byte == b'\\').count();
            before % 2 == 0
        },
    )
}

/// Whether the fields of a form or a query hold NUL, raw or percent-encoded.
pub fn nul_in_fields(fields: &[u8]) -> bool {
    fields.contains(&0) || fields.windows(3).any(|window| window == b"%00")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn an_escaped_nul_is_told_from_an_escaped_backslash() {
        for (json, found) in [
            (r#"{"a": "b\u0000"}"#, Some(8)),
            (r#"{"\u0000": 1}"#, Some(2)),
            (r#"{"a": "\\u0000"}"#, None),
            (r#"{"a": "\\\u0000"}"#, Some(9)),
            (r#"{"a": "\u0001"}"#, None),
        ] {
            assert_eq!(nul_in_json(json.as_bytes()), found, "{json}");
            let read = format!("{:?}", serde_json::from_str::<Value>(json).unwrap());
            assert_eq!(read.contains("\\0"), found.is_some(), "{json} is read as {read}");
        }
    }

    #[test]
    fn a_nul_in_fields_is_told_from_an_escaped_percent_sign() {
        for (fields, found) in [("a=%00", true), ("a=\0", true), ("a=%2500", false), ("", false)] {
            assert_eq!(nul_in_fields(fields.as_bytes()), found, "{fields:?}");
        }
    }
}
