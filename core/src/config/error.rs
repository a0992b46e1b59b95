//! Errors in the configuration. Each names the key, the place and what was expected.

use std::fmt;

/// All errors at once, so that an operator can fix them in one go instead of one per start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    pub problems: Vec<InvalidSetting>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidSetting {
    /// `database.port`; empty if a whole file cannot be read.
    pub key: String,
    /// `configuration.yaml:12`, `variable APP_PORT`.
    pub place: String,
    pub message: String,
}

impl fmt::Display for InvalidSetting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.key.is_empty() {
            write!(formatter, "{}: {}", self.place, self.message)
        } else {
            write!(formatter, "{}: `{}` {}", self.place, self.key, self.message)
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the configuration is invalid:")?;
        self.problems.iter().try_for_each(|problem| write!(formatter, "\n  {problem}"))?;
        formatter.write_str("\nconfiguration.yaml.dist describes every key.")
    }
}

impl std::error::Error for ConfigError {}
