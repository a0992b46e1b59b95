//! Table `deployment_revision`: what was planned and deployed. The deployment must be locked for every write.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{
    api::{Revision, RevisionOutcome, RevisionSummary},
    deploy::PlanResult,
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    crypto::SealedColumn,
    db::{Pool, storable::storable},
};

/// Older revisions are deleted, except the running one.
const KEPT: i32 = 200;

pub struct NewRevision<'a> {
    pub compose: &'a str,
    pub outcome: RevisionOutcome,
    pub returns_to: Option<i32>,
    /// The values of the variables that the text reads.
    pub values: Option<SealedValues>,
    pub created_by: &'a str,
    pub now: DateTime<Utc>,
}

pub struct SealedValues {
    /// Identifies the row.
    pub id: Uuid,
    pub sealed: Vec<u8>,
}

/// Where the values of a revision are sealed.
pub fn values_place(id: &str) -> SealedColumn<'_> {
    SealedColumn { table: "deployment_revision", column: "values_sealed", row: id }
}

struct Row {
    number: i32,
    compose: String,
    outcome: String,
    message: Option<String>,
    returns_to: Option<i32>,
    created_by: String,
    created_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Revision {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> anyhow::Result<Self> {
        Ok(Self {
            summary: RevisionSummary {
                number: row.number,
                outcome: outcome(&row.outcome)?,
                message: row.message,
                created_by: row.created_by,
                created_at: row.created_at,
                ended_at: row.ended_at,
                returns_to: row.returns_to,
            },
            compose: row.compose,
        })
    }
}

fn outcome(word: &str) -> anyhow::Result<RevisionOutcome> {
    RevisionOutcome::named(word).with_context(|| format!("`{word}` is no outcome of a revision"))
}

/// Returns the number of the revision.
pub async fn insert(
    connection: &mut PgConnection,
    deployment_id: i32,
    new: NewRevision<'_>,
) -> anyhow::Result<i32> {
    let number = sqlx::query_scalar!(
        r#"
        insert into deployment_revision
            (deployment_id, number, compose, outcome, returns_to, created_by, created_at, values_id, values_sealed)
        select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8
        from deployment_revision where deployment_id = $1
        returning number
        "#,
        deployment_id,
        new.compose,
        new.outcome.as_str(),
        new.returns_to,
        new.created_by,
        new.now,
        new.values.as_ref().map(|values| values.id),
        new.values.as_ref().map(|values| values.sealed.as_slice()),
    )
    .fetch_one(&mut *connection)
    .await
    .context("making a revision")?;
    sqlx::query!(
        r#"
        delete from deployment_revision r
        using deployment d
        where d.id = $1 and r.deployment_id = $1 and r.number <= $2 and r.number is distinct from d.running_revision
        "#,
        deployment_id,
        number - KEPT,
    )
    .execute(connection)
    .await
    .context("forgetting old revisions")?;
    Ok(number)
}

/// Newest first, with numbers below `before`, without the compose texts.
pub async fn list(
    pool: &Pool,
    deployment_id: i32,
    before: Option<i32>,
    limit: i64,
) -> anyhow::Result<Vec<RevisionSummary>> {
    let rows = sqlx::query!(
        r#"
        select number, outcome, message, returns_to, created_by, created_at, ended_at
        from deployment_revision
        where deployment_id = $1 and ($2::integer is null or number < $2)
        order by number desc
        limit $3
        "#,
        deployment_id,
        before,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("listing revisions")?;
    rows.into_iter()
        .map(|row| {
            Ok(RevisionSummary {
                number: row.number,
                outcome: outcome(&row.outcome)?,
                message: row.message,
                created_by: row.created_by,
                created_at: row.created_at,
                ended_at: row.ended_at,
                returns_to: row.returns_to,
            })
        })
        .collect()
}

pub async fn find(
    connection: &mut PgConnection,
    deployment_id: i32,
    number: i32,
) -> anyhow::Result<Option<Revision>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select number, compose, outcome, message, returns_to, created_by, created_at, ended_at
        from deployment_revision
        where deployment_id = $1 and number = $2
        "#,
        deployment_id,
        number,
    )
    .fetch_optional(connection)
    .await
    .context("reading a revision")?;
    row.map(Revision::try_from).transpose()
}

/// A revision of a deployment that the user has access to.
pub async fn find_of(
    connection: &mut PgConnection,
    hash: &str,
    user_id: &str,
    number: i32,
) -> anyhow::Result<Option<Revision>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select r.number, r.compose, r.outcome, r.message, r.returns_to, r.created_by, r.created_at, r.ended_at
        from deployment_revision r
        join deployment d on d.id = r.deployment_id
        join deployment_access access on access.deployment_id = d.id and access.user_id = $2
        where d.deployment_hash = $1 and not d.deleted and r.number = $3
        "#,
        hash,
        user_id,
        number,
    )
    .fetch_optional(connection)
    .await
    .context("reading a revision of a user")?;
    row.map(Revision::try_from).transpose()
}

/// The sealed values of a revision. `None`: it has none.
pub async fn find_values(
    connection: &mut PgConnection,
    deployment_id: i32,
    number: i32,
) -> anyhow::Result<Option<SealedValues>> {
    sqlx::query_as!(
        SealedValues,
        r#"
        select values_id as "id!", values_sealed as "sealed!"
        from deployment_revision
        where deployment_id = $1 and number = $2 and values_id is not null
        "#,
        deployment_id,
        number,
    )
    .fetch_optional(connection)
    .await
    .context("reading the values of a revision")
}

/// The same for the delivery of a command.
pub async fn find_values_by_hash(
    connection: &mut PgConnection,
    hash: &str,
    number: i32,
) -> anyhow::Result<Option<SealedValues>> {
    sqlx::query_as!(
        SealedValues,
        r#"
        select r.values_id as "id!", r.values_sealed as "sealed!"
        from deployment_revision r
        join deployment d on d.id = r.deployment_id
        where d.deployment_hash = $1 and r.number = $2 and r.values_id is not null
        "#,
        hash,
        number,
    )
    .fetch_optional(connection)
    .await
    .context("reading the values for a command")
}

pub async fn newest(connection: &mut PgConnection, deployment_id: i32) -> anyhow::Result<Option<Revision>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select number, compose, outcome, message, returns_to, created_by, created_at, ended_at
        from deployment_revision
        where deployment_id = $1
        order by number desc
        limit 1
        "#,
        deployment_id,
    )
    .fetch_optional(connection)
    .await
    .context("reading the newest revision")?;
    row.map(Revision::try_from).transpose()
}

/// The outcome of the revision that ended last, among those that were deployed and not only planned.
pub async fn last_tried(
    connection: &mut PgConnection,
    deployment_id: i32,
) -> anyhow::Result<Option<RevisionOutcome>> {
    let word = sqlx::query_scalar!(
        r#"
        select outcome
        from deployment_revision
        where deployment_id = $1 and outcome in ('deployed', 'returned', 'failed', 'refused')
        order by ended_at desc nulls last, number desc
        limit 1
        "#,
        deployment_id,
    )
    .fetch_optional(connection)
    .await
    .context("reading how the last revision went")?;
    word.as_deref().map(outcome).transpose()
}

pub async fn begin(connection: &mut PgConnection, deployment_id: i32, number: i32) -> anyhow::Result<()> {
    sqlx::query!(
        r#"
        update deployment_revision set outcome = 'in-progress', message = null
        where deployment_id = $1 and number = $2
        "#,
        deployment_id,
        number,
    )
    .execute(connection)
    .await
    .context("beginning a revision")?;
    Ok(())
}

pub async fn end(
    connection: &mut PgConnection,
    deployment_id: i32,
    number: i32,
    outcome: RevisionOutcome,
    message: Option<&str>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    // A revision whose plan was stale is planned again, so it has no end.
    let ended_at = (outcome != RevisionOutcome::Planned).then_some(now);
    sqlx::query!(
        r#"
        update deployment_revision
        set outcome = $3, message = $4, ended_at = $5
        where deployment_id = $1 and number = $2
        "#,
        deployment_id,
        number,
        outcome.as_str(),
        message,
        ended_at,
    )
    .execute(connection)
    .await
    .context("ending a revision")?;
    Ok(())
}

/// Deletes a revision that was planned and never tried. Returns false if there is none.
pub async fn delete_planned(
    connection: &mut PgConnection,
    deployment_id: i32,
    number: i32,
) -> anyhow::Result<bool> {
    let deleted = sqlx::query!(
        "delete from deployment_revision where deployment_id = $1 and number = $2 and outcome = 'planned'",
        deployment_id,
        number,
    )
    .execute(connection)
    .await
    .context("deleting a revision that was only planned")?;
    Ok(deleted.rows_affected() > 0)
}

/// Ends the revisions in progress, whether or not an agent has fetched their command. Returns the deployment and number of each.
pub async fn cancel_begun(
    connection: &mut PgConnection,
    deployment_ids: &[i32],
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<(i32, i32)>> {
    let rows = sqlx::query!(
        r#"
        update deployment_revision set outcome = 'cancelled', ended_at = $2
        where deployment_id = any($1) and outcome = 'in-progress'
        returning deployment_id, number
        "#,
        deployment_ids,
        now,
    )
    .fetch_all(connection)
    .await
    .context("ending revisions")?;
    Ok(rows.into_iter().map(|row| (row.deployment_id, row.number)).collect())
}

/// Returns false if the revision is no longer planned.
pub async fn keep_plan(
    connection: &mut PgConnection,
    deployment_id: i32,
    number: i32,
    plan: &PlanResult,
) -> anyhow::Result<bool> {
    let kept = sqlx::query!(
        r#"
        update deployment_revision set plan = $3, plan_hash = $4
        where deployment_id = $1 and number = $2 and outcome = 'planned'
        "#,
        deployment_id,
        number,
        storable(&plan.plan)?,
        plan.plan_hash,
    )
    .execute(connection)
    .await
    .context("keeping a plan")?;
    Ok(kept.rows_affected() > 0)
}
