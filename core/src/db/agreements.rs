//! Tables `agreement`, `agreement_version` and `user_agreement`: texts that users accept, and who accepted which.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::agreement::{Agreement, AgreementVersion, UserAgreement};
use sqlx::PgConnection;

use crate::db::Pool;

/// An agreement that a user has to accept.
#[derive(Clone, Debug)]
pub struct Unaccepted {
    pub id: i32,
    pub name: String,
}

/// What an agreement is, locked for a change.
#[derive(Clone, Debug)]
pub struct Current {
    pub version: i32,
    pub text: String,
}

/// Agreements in the order in which they were made, with ids above `after`, and when this user accepted their newest text.
pub async fn list(
    pool: &Pool,
    user_id: &str,
    after: Option<i32>,
    limit: i64,
) -> anyhow::Result<Vec<Agreement>> {
    sqlx::query_as!(
        Agreement,
        r#"
        select a.id, a.name, v.text, a.created_at, a.updated_at, a.version, a.required,
            encode(v.text_sha256, 'hex') as "text_sha256!", u.created_at as "accepted_at?"
        from agreement a
        join agreement_version v on v.agreement_id = a.id and v.version = a.version
        left join user_agreement u on u.agrt_id = a.id and u.version = a.version and u.user_id = $1
        where $2::integer is null or a.id > $2
        order by a.id
        limit $3
        "#,
        user_id,
        after,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("listing agreements")
}

pub async fn find(
    connection: &mut PgConnection,
    id: i32,
    user_id: &str,
) -> anyhow::Result<Option<Agreement>> {
    sqlx::query_as!(
        Agreement,
        r#"
        select a.id, a.name, v.text, a.created_at, a.updated_at, a.version, a.required,
            encode(v.text_sha256, 'hex') as "text_sha256!", u.created_at as "accepted_at?"
        from agreement a
        join agreement_version v on v.agreement_id = a.id and v.version = a.version
        left join user_agreement u on u.agrt_id = a.id and u.version = a.version and u.user_id = $2
        where a.id = $1
        "#,
        id,
        user_id,
    )
    .fetch_optional(connection)
    .await
    .context("reading an agreement")
}

/// The first required agreement whose newest text this user has not accepted.
pub async fn first_unaccepted(
    connection: &mut PgConnection,
    user_id: &str,
) -> anyhow::Result<Option<Unaccepted>> {
    sqlx::query_as!(
        Unaccepted,
        "
        select a.id, a.name
        from agreement a
        where a.required and not exists (
            select from user_agreement u where u.user_id = $1 and u.agrt_id = a.id and u.version = a.version
        )
        order by a.id
        limit 1
        ",
        user_id,
    )
    .fetch_optional(connection)
    .await
    .context("looking for an agreement to accept")
}

/// Inserts an agreement without a text.
pub async fn insert(
    connection: &mut PgConnection,
    name: &str,
    required: bool,
    now: DateTime<Utc>,
) -> anyhow::Result<i32> {
    sqlx::query_scalar!(
        "insert into agreement (name, required, created_at, updated_at) values ($1, $2, $3, $3) returning id",
        name,
        required,
        now,
    )
    .fetch_one(connection)
    .await
    .context("storing an agreement")
}

/// Until the transaction ends, nobody accepts or changes it.
pub async fn find_locked(connection: &mut PgConnection, id: i32) -> anyhow::Result<Option<Current>> {
    sqlx::query_as!(
        Current,
        "
        select a.version, v.text
        from agreement a
        join agreement_version v on v.agreement_id = a.id and v.version = a.version
        where a.id = $1
        for update of a
        ",
        id,
    )
    .fetch_optional(connection)
    .await
    .context("looking up an agreement to change")
}

pub async fn update(
    connection: &mut PgConnection,
    id: i32,
    version: i32,
    name: &str,
    required: Option<bool>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        "
        update agreement
        set version = $2, name = $3, required = coalesce($4, required), updated_at = $5
        where id = $1
        ",
        id,
        version,
        name,
        required,
        now,
    )
    .execute(connection)
    .await
    .context("changing an agreement")?;
    Ok(())
}

pub async fn insert_version(
    connection: &mut PgConnection,
    id: i32,
    version: i32,
    text: &str,
    sha256: &[u8],
    created_by: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        "
        insert into agreement_version (agreement_id, version, text, text_sha256, created_by, created_at)
        values ($1, $2, $3, $4, $5, $6)
        ",
        id,
        version,
        text,
        sha256,
        created_by,
        now,
    )
    .execute(connection)
    .await
    .context("storing a text of an agreement")?;
    Ok(())
}

/// The newest version. Until the transaction ends, it stays the newest.
pub async fn keep_version(connection: &mut PgConnection, id: i32) -> anyhow::Result<Option<i32>> {
    sqlx::query_scalar!("select version from agreement where id = $1 for share", id)
        .fetch_optional(connection)
        .await
        .context("looking up an agreement to accept")
}

/// `None`: this user has accepted this text before. The constraint decides between two that are sent at once.
pub async fn accept(
    connection: &mut PgConnection,
    id: i32,
    version: i32,
    user_id: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<UserAgreement>> {
    sqlx::query_as!(
        UserAgreement,
        r#"
        insert into user_agreement (agrt_id, version, text_sha256, user_id, created_at, updated_at)
        select agreement_id, version, text_sha256, $3, $4, $4
        from agreement_version
        where agreement_id = $1 and version = $2
        on conflict on constraint user_agreement_is_unique do nothing
        returning id, agrt_id, user_id, created_at, updated_at, version, encode(text_sha256, 'hex') as "text_sha256!"
        "#,
        id,
        version,
        user_id,
        now,
    )
    .fetch_optional(connection)
    .await
    .context("storing that an agreement was accepted")
}

/// That this user accepted the newest text.
pub async fn accepted(pool: &Pool, id: i32, user_id: &str) -> anyhow::Result<Option<UserAgreement>> {
    sqlx::query_as!(
        UserAgreement,
        r#"
        select u.id, u.agrt_id, u.user_id, u.created_at, u.updated_at, u.version,
            encode(u.text_sha256, 'hex') as "text_sha256!"
        from user_agreement u
        join agreement a on a.id = u.agrt_id and a.version = u.version
        where u.agrt_id = $1 and u.user_id = $2
        "#,
        id,
        user_id,
    )
    .fetch_optional(pool)
    .await
    .context("reading whether an agreement was accepted")
}

/// Who accepted any text of an agreement, in order, with ids above `after`.
pub async fn acceptances(
    pool: &Pool,
    id: i32,
    after: Option<i32>,
    limit: i64,
) -> anyhow::Result<Vec<UserAgreement>> {
    sqlx::query_as!(
        UserAgreement,
        r#"
        select id, agrt_id, user_id, created_at, updated_at, version, encode(text_sha256, 'hex') as "text_sha256!"
        from user_agreement
        where agrt_id = $1 and ($2::integer is null or id > $2)
        order by id
        limit $3
        "#,
        id,
        after,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("listing who accepted an agreement")
}

/// The texts of an agreement, the newest first, with versions below `after`.
pub async fn versions(
    pool: &Pool,
    id: i32,
    after: Option<i32>,
    limit: i64,
) -> anyhow::Result<Vec<AgreementVersion>> {
    sqlx::query_as!(
        AgreementVersion,
        r#"
        select version, text, encode(text_sha256, 'hex') as "text_sha256!", created_by, created_at
        from agreement_version
        where agreement_id = $1 and ($2::integer is null or version < $2)
        order by version desc
        limit $3
        "#,
        id,
        after,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("listing the texts of an agreement")
}
