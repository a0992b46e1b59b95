//! The theme: light, dark, or the system's preference.
//!
//! The choice is stored in a cookie, so that the server already renders the page in that theme and nothing flashes. The style
//! sheet reads `<html data-theme>`.

use crate::cookie;

/// The name of the cookie. It is not a secret: scripts can read it on purpose.
pub const COOKIE: &str = "stacker-theme";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    /// The value for `<meta name="color-scheme">`, which sets the background before the style sheet has loaded.
    pub fn color_scheme(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads the theme from the value of a `Cookie` header or of `document.cookie`. Unknown values are ignored.
    pub fn of_cookies(cookies: &str) -> Self {
        cookie::find(cookies, COOKIE)
            .and_then(|value| Self::ALL.into_iter().find(|theme| theme.as_str() == value))
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Theme;

    #[test]
    fn the_theme_is_found_among_other_cookies() {
        assert_eq!(Theme::of_cookies("a=b; stacker-theme=dark; c=d"), Theme::Dark);
    }

    #[test]
    fn an_unknown_theme_means_the_systems_preference() {
        assert_eq!(Theme::of_cookies("stacker-theme=\"><script>"), Theme::System);
        assert_eq!(Theme::of_cookies(""), Theme::System);
    }
}
