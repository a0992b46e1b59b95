//! Records requests of authenticated callers that the rules, the role or the scope do not allow.

use std::time::Duration;

use domain::{access::Caller, audit::AuditOutcome};
use moka::sync::Cache;
use serde_json::json;

use super::{AuditLog, note};
use crate::db::audit_log::AuditEntry;

/// The log gets at most one line per user and route in this time, however often the request is repeated.
const REMEMBERED_FOR: Duration = Duration::from_secs(60);
const REMEMBERED: u64 = 50_000;

/// User and route of the refusals that this server has logged recently.
pub type RefusedRequests = Cache<(String, String), ()>;

pub fn new_refused_requests() -> RefusedRequests {
    Cache::builder().max_capacity(REMEMBERED).time_to_live(REMEMBERED_FOR).build()
}

impl AuditLog {
    /// `route`: method and pattern, as in `DELETE /project/{id}`. The request stays refused even if the line cannot be written.
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
