//! The usage and the limits of an account.

use serde::{Deserialize, Serialize};

/// What is not limited is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountUsage {
    pub projects: Option<Used>,
    pub hosts: Option<Used>,
    pub stored_bytes: Option<Used>,
    /// Live deployments.
    #[serde(default)]
    pub deployments: Option<Used>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    pub used: u64,
    pub limit: u64,
}

impl Used {
    /// `used`: as the database counts it.
    pub fn of(used: i64, limit: u64) -> Self {
        Self { used: used.try_into().unwrap_or_default(), limit }
    }

    /// 100: nothing is left.
    pub fn percent(self) -> f64 {
        if self.limit == 0 { 100.0 } else { (self.used as f64 / self.limit as f64 * 100.0).min(100.0) }
    }
}
