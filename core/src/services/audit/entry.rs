//! Starts an audit entry: what happens now, and who asked for it. The use case adds the rest.

use domain::{access::Caller, audit::AuditOutcome};
use serde_json::json;

use crate::{context::Context, db::audit_log::AuditEntry};

impl Context {
    /// An entry for an action that succeeds now. The use case adds who did it, to what, and the details.
    pub(in crate::services) fn audited<'a>(&self, action: &'a str) -> AuditEntry<'a> {
        let now = self.clock.now();
        AuditEntry {
            id: self.random.uuid_v7(now),
            action,
            outcome: AuditOutcome::Success,
            agent_id: None,
            user_id: None,
            client_id: None,
            owner_id: None,
            deployment_hash: None,
            details: json!({}),
            address: None,
            now,
        }
    }

    /// The same for an action of a caller, with the address that the request came from.
    pub(in crate::services) fn audited_by<'a>(&self, caller: &'a Caller, action: &'a str) -> AuditEntry<'a> {
        AuditEntry {
            user_id: Some(&caller.user_id),
            client_id: caller.client,
            address: caller.address,
            ..self.audited(action)
        }
    }
}
