//! The token of a sign-in provider that a caller came with.

use std::fmt;

/// `Debug` does not show it, and it does not implement `Serialize`: code that sends it has to call [`expose`](Self::expose).
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderToken(String);

impl ProviderToken {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ProviderToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ProviderToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_not_shown_by_debug() {
        assert_eq!(format!("{:?}", ProviderToken::new("hunter2")), "ProviderToken(…)");
    }
}
