//! Table `enrolment_code`: one-time codes with which an agent registers.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::crypto::TokenHash;

/// What an agent that registers with the code will serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnrolmentFor {
    Host(Uuid),
    /// A deployment with a legacy agent.
    Deployment(String),
}

pub struct NewCode<'a> {
    pub hash: TokenHash,
    pub user_id: &'a str,
    pub r#for: &'a EnrolmentFor,
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Also deletes earlier codes for the same host or deployment, and all expired codes.
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

pub struct Taken {
    /// The user who created the code.
    pub user_id: String,
    pub r#for: EnrolmentFor,
}

/// Uses the code up: of several simultaneous registrations with one code, one succeeds. A rollback makes the code valid again.
/// Codes of revoked hosts are invalid.
pub async fn take(
    connection: &mut PgConnection,
    hash: &TokenHash,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<Taken>> {
    // The host is locked before the code, in the same order as a revocation locks them.
    sqlx::query!(
        r#"
        select host.id from host
        join enrolment_code on enrolment_code.host_id = host.id
        where enrolment_code.code_hash = $1
        for key share of host
        "#,
        hash.as_slice(),
    )
    .fetch_optional(&mut *connection)
    .await
    .context("keeping the host of an enrolment code")?;
    let row = sqlx::query!(
        r#"
        with taken as (
            delete from enrolment_code where code_hash = $1 and expires_at > $2
            returning user_id, host_id, deployment_hash
        )
        select taken.user_id as "user_id!", taken.host_id, taken.deployment_hash
        from taken
        left join host on host.id = taken.host_id
        where host.revoked_at is null
        "#,
        hash.as_slice(),
        now,
    )
    .fetch_optional(connection)
    .await
    .context("using an enrolment code")?;
    Ok(row.and_then(|row| {
        let what = row.host_id.map(EnrolmentFor::Host);
        let what = what.or_else(|| row.deployment_hash.map(EnrolmentFor::Deployment))?;
        Some(Taken { user_id: row.user_id, r#for: what })
    }))
}
