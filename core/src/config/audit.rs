//! `audit`: settings of the audit log.

use chrono::TimeDelta;

use super::{
    agents::MAX_DAYS,
    fields::{Fields, Key},
    values::positive,
};

const KEEP: Key = Key::new("audit.keep_days", "a number of days, 1 or more");

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditSettings {
    /// The age at which lines are deleted; set in days.
    pub keep: TimeDelta,
}

impl AuditSettings {
    pub(super) fn read(fields: &mut Fields) -> Self {
        fields.ignore_empty_section("audit");
        let days = fields.read(KEEP, positive::<u32>).unwrap_or(90).min(MAX_DAYS);
        Self { keep: TimeDelta::days(i64::from(days)) }
    }
}
