//! `rate_limits`: how often one address or account may ask.

use super::{
    fields::{Fields, Key},
    values::{BOOLEAN, boolean},
};

const ENABLED: Key = Key::new("rate_limits.enabled", BOOLEAN);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimitSettings {
    pub enabled: bool,
}

impl RateLimitSettings {
    pub(super) fn read(fields: &mut Fields) -> Self {
        fields.ignore_empty_section("rate_limits");
        Self { enabled: fields.read(ENABLED, boolean).unwrap_or(true) }
    }
}
