//! Table `enrolment_code`: one-time codes that let an agent in.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::crypto::TokenHash;

/// What an agent joins with the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnrolmentFor {
    Host(Uuid),
    /// Of a deployment with an agent of others.
    Deployment(String),
}

pub struct NewCode<'a> {
    pub hash: TokenHash,
    pub user_id: &'a str,
    pub r#for: &'a EnrolmentFor,
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// The codes before it for the same thing die, and those of anybody that are too old.
pub async fn insert(connection: &mut PgConnection, new: NewCode<'_>) -> anyhow::Result<()> {
    let (host_id, deployment_hash) = match new.r#for {
        EnrolmentFor::Host(id) => (Some(*id), None),
        EnrolmentFor::Deployment(hash) => (None, Some(hash.as_str())),
    };
    sqlx::query!(
        "delete from enrolment_code where expires_at <= $1 or host_id = $2 or deployment_hash = $3",
        new.now,
        host_id,
        deployment_hash,
    )
    .execute(&mut *connection)
    .await
    .context("taking back older codes")?;
    sqlx::query!(
        r#"
        insert into enrolment_code (code_hash, user_id, host_id, deployment_hash, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6)
        "#,
        new.hash.as_slice(),
        new.user_id,
        host_id,
        deployment_hash,
        new.now,
        new.expires_at,
    )
    .execute(connection)
    .await
    .context("keeping an enrolment code")?;
    Ok(())
}

/// Uses the code up: of several that come with it, one gets it. Rolled back with the transaction.
#[expect(dead_code, reason = "registration of agents takes them")]
pub async fn take(
    connection: &mut PgConnection,
    hash: &TokenHash,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<EnrolmentFor>> {
    let row = sqlx::query!(
        "delete from enrolment_code where code_hash = $1 and expires_at > $2 returning host_id, deployment_hash",
        hash.as_slice(),
        now,
    )
    .fetch_optional(connection)
    .await
    .context("using an enrolment code")?;
    Ok(row.and_then(|row| match (row.host_id, row.deployment_hash) {
        (Some(id), _) => Some(EnrolmentFor::Host(id)),
        (None, hash) => hash.map(EnrolmentFor::Deployment),
    }))
}
