//! Requests of authenticated callers that the rules, the role or the scope do not allow.

use std::time::Duration;

use domain::{access::Caller, audit::AuditOutcome};
use moka::sync::Cache;
use serde_json::json;

use super::{AuditLog, note};
use crate::db::audit_log::AuditEntry;

/// Of one user and one route there is one line in this time, however often it is tried.
const REMEMBERED_FOR: Duration = Duration::from_secs(60);
const REMEMBERED: u64 = 50_000;

/// What the log has already. Of this server alone.
pub type RefusedRequests = Cache<(String, String), ()>;

pub fn new_refused_requests() -> RefusedRequests {
    Cache::builder().max_capacity(REMEMBERED).time_to_live(REMEMBERED_FOR).build()
}

impl AuditLog {
    /// `route`: method and pattern, `DELETE /project/{id}`. That it cannot be written changes nothing for who was refused.
    pub async fn note_refused(&self, caller: &Caller, route: &str) {
        if !self.refused.entry((caller.user_id.clone(), route.to_owned())).or_insert(()).is_fresh() {
            return;
        }
        let entry = AuditEntry {
            outcome: AuditOutcome::Refused,
            details: json!({"request": route}),
            ..self.core.context.audited_by(caller, "access.refused")
        };
        note(&self.core.pool, entry).await;
    }
}
