//! `cors`: which web pages of other origins may call the REST API. Other routes and cookies are never included.

use url::Url;

use super::fields::{Fields, Key};

const ORIGINS: Key =
    Key::new("cors.allowed_origins", "origins like https://dashboard.example.com, separated by commas");

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CorsSettings {
    /// In the form that browsers send: scheme, host and, if it is not the default, port.
    pub allowed_origins: Vec<String>,
}

impl CorsSettings {
    pub(super) fn read(fields: &mut Fields) -> Self {
        fields.ignore_empty_section("cors");
        Self { allowed_origins: fields.read(ORIGINS, origins).unwrap_or_default() }
    }
}

fn origins(text: &str) -> Option<Vec<String>> {
    text.split(',').map(str::trim).filter(|origin| !origin.is_empty()).map(origin).collect()
}

/// A single origin without a path; `*` is not accepted.
fn origin(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "http" | "https") && url.path() == "/" && url.query().is_none();
    (plain && url.username().is_empty()).then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_origins_are_taken() {
        let taken = origins("https://a.example, http://localhost:3000/").unwrap();
        assert_eq!(taken, ["https://a.example", "http://localhost:3000"]);
        for text in
            ["*", "null", "https://a.example/app", "a.example", "ftp://a.example", "https://u@a.example"]
        {
            assert_eq!(origins(text), None, "{text}");
        }
    }
}
