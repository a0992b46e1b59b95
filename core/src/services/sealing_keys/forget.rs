//! Forgets a lost key, for operators.

use anyhow::Context as _;
use serde_json::json;

use crate::{
    context::Context,
    db::{
        Pool,
        audit_log::{self, AuditEntry},
        sealing::sealing_keys,
    },
};

/// Forgets a key and gives up what was sealed with it. Returns whether there was such a key.
pub async fn forget_key(pool: &Pool, context: &Context, id: u32) -> anyhow::Result<bool> {
    let mut transaction = pool.begin().await.context("beginning")?;
    sealing_keys::lock(&mut transaction).await?;
    if !sealing_keys::forget(&mut transaction, id, context.clock.now()).await? {
        return Ok(false);
    }
    let details = json!({"key": id, "by": "console"});
    audit_log::record(&mut transaction, AuditEntry { details, ..context.audited("key.forgotten") }).await?;
    transaction.commit().await.context("committing")?;
    Ok(true)
}
