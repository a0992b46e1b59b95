//! Commands as seen by people with access to the deployment. Every query checks that access.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{access::ProjectRole, api::Command};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Row, Stored};
use crate::db::{Pool, projects::role};

/// The channel for commands of a deployment, and the user's role in its project. `None` if the user has no access or the
/// deployment was removed. Until the transaction ends, the deployment is not removed and no other command is created for it, so
/// counts hold.
pub async fn lock_channel_of(
    connection: &mut PgConnection,
    user_id: &str,
    deployment_hash: &str,
) -> anyhow::Result<Option<(String, ProjectRole)>> {
    let row = sqlx::query!(
        r#"
        select case when d.host_id is null then d.deployment_hash else 'host_' || d.host_id end as "channel!",
            access.role::text as "role!"
        from deployment d
        join deployment_access access on access.deployment_id = d.id and access.user_id = $2
        where d.deployment_hash = $1 and not d.deleted and d.status not in ('removed', 'cancelled')
        for no key update of d
        "#,
        deployment_hash,
        user_id,
    )
    .fetch_optional(connection)
    .await
    .context("looking up where commands of a deployment go")?;
    row.map(|row| Ok((row.channel, role(&row.role)?))).transpose()
}

/// The number of commands that have not ended.
pub async fn count_open(connection: &mut PgConnection, deployment_hash: &str) -> anyhow::Result<i64> {
    sqlx::query_scalar!(
        r#"
        select count(*) as "count!"
        from commands
        where deployment_hash = $1 and status in ('queued', 'sent', 'executing')
        "#,
        deployment_hash,
    )
    .fetch_one(connection)
    .await
    .context("counting the open commands of a deployment")
}

#[derive(Clone, Copy, Debug)]
pub struct Filter<'a> {
    /// Only commands changed after this time, the last changed first; without it all commands, the newest first.
    pub since: Option<DateTime<Utc>>,
    /// The `command_id` of the last command on the previous page.
    pub after: Option<&'a str>,
    pub limit: i64,
    /// Maximum size of all commands in one answer; the first one is always included.
    pub bytes: i64,
}

/// One page of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    pub commands: Vec<Command>,
    /// More commands follow.
    pub more: bool,
}

struct Size {
    id: Uuid,
    bytes: i32,
}

/// `None` if the user has no access to the deployment.
pub async fn list(
    pool: &Pool,
    user_id: &str,
    deployment_hash: &str,
    filter: Filter<'_>,
) -> anyhow::Result<Option<Part>> {
    let sizes = match filter.since {
        Some(since) => {
            sqlx::query_as!(
                Size,
                r#"
                select c.id, c.bytes as "bytes!"
                from commands c
                join deployment d on d.deployment_hash = c.deployment_hash
                join deployment_access access on access.deployment_id = d.id and access.user_id = $2
                left join commands last on last.command_id = $4 and last.deployment_hash = $1
                where d.deployment_hash = $1
                    and c.updated_at > $5
                    and ($4::text is null or (c.updated_at, c.id) < (last.updated_at, last.id))
                order by c.updated_at desc, c.id desc
                limit $3
                "#,
                deployment_hash,
                user_id,
                filter.limit + 1,
                filter.after,
                since,
            )
            .fetch_all(pool)
            .await
        }
        None => {
            sqlx::query_as!(
                Size,
                r#"
                select c.id, c.bytes as "bytes!"
                from commands c
                join deployment d on d.deployment_hash = c.deployment_hash
                join deployment_access access on access.deployment_id = d.id and access.user_id = $2
                left join commands last on last.command_id = $4 and last.deployment_hash = $1
                where d.deployment_hash = $1
                    and ($4::text is null or (c.created_at, c.id) < (last.created_at, last.id))
                order by c.created_at desc, c.id desc
                limit $3
                "#,
                deployment_hash,
                user_id,
                filter.limit + 1,
                filter.after,
            )
            .fetch_all(pool)
            .await
        }
    }
    .context("listing commands")?;
    if sizes.is_empty() {
        return Ok(is_of(pool, user_id, deployment_hash).await?.then(Part::default));
    }
    let (ids, more) = fitting(&sizes, filter);
    let rows = sqlx::query_as!(
        Row,
        r#"
        select c.id, command_id, channel, deployment_hash, type as command_type, status, priority, repeatable, parameters,
            result, error, created_by, revision, deliveries, scheduled_for, sent_at, started_at, completed_at,
            timeout_seconds, metadata, created_at, updated_at
        from unnest($1::uuid[]) with ordinality as listed (id, place)
        join commands c on c.id = listed.id
        order by listed.place
        "#,
        &ids,
    )
    .fetch_all(pool)
    .await
    .context("reading listed commands")?;
    let commands: anyhow::Result<Vec<Command>> =
        rows.into_iter().map(|row| Ok(Stored::try_from(row)?.command)).collect();
    Ok(Some(Part { commands: commands?, more }))
}

/// The commands that fit into one answer, and whether more follow.
fn fitting(sizes: &[Size], filter: Filter<'_>) -> (Vec<Uuid>, bool) {
    let most = usize::try_from(filter.limit).unwrap_or_default();
    let mut before = 0;
    let ids: Vec<Uuid> = sizes
        .iter()
        .take(most)
        .take_while(|size| {
            let fits = before == 0 || before + i64::from(size.bytes) <= filter.bytes;
            before += i64::from(size.bytes.max(1));
            fits
        })
        .map(|size| size.id)
        .collect();
    let more = ids.len() < sizes.len();
    (ids, more)
}

async fn is_of(pool: &Pool, user_id: &str, deployment_hash: &str) -> anyhow::Result<bool> {
    sqlx::query_scalar!(
        r#"
        select exists (
            select from deployment d
            join deployment_access access on access.deployment_id = d.id and access.user_id = $2
            where d.deployment_hash = $1
        ) as "exists!"
        "#,
        deployment_hash,
        user_id,
    )
    .fetch_one(pool)
    .await
    .context("looking up whose a deployment is")
}

/// `command`: `cmd_…` or the id of the row.
pub async fn find(
    pool: &Pool,
    user_id: &str,
    deployment_hash: &str,
    command: &str,
) -> anyhow::Result<Option<Command>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select c.id, command_id, channel, c.deployment_hash, type as command_type, c.status, priority, repeatable,
            parameters, result, error, created_by, revision, deliveries, scheduled_for, sent_at, started_at,
            completed_at, timeout_seconds, c.metadata, c.created_at, c.updated_at
        from commands c
        join deployment d on d.deployment_hash = c.deployment_hash
        join deployment_access access on access.deployment_id = d.id and access.user_id = $2
        where d.deployment_hash = $1 and (c.command_id = $3 or c.id = $4)
        "#,
        deployment_hash,
        user_id,
        command,
        command.parse::<Uuid>().ok(),
    )
    .fetch_optional(pool)
    .await
    .context("looking up a command")?;
    Ok(row.map(Stored::try_from).transpose()?.map(|stored| stored.command))
}

/// Like [`find`]; until the transaction ends, no other transaction changes the command.
pub async fn find_locked_of(
    connection: &mut PgConnection,
    user_id: &str,
    deployment_hash: &str,
    command: &str,
) -> anyhow::Result<Option<Stored>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select c.id, command_id, channel, c.deployment_hash, type as command_type, c.status, priority, repeatable,
            parameters, result, error, created_by, revision, deliveries, scheduled_for, sent_at, started_at,
            completed_at, timeout_seconds, c.metadata, c.created_at, c.updated_at
        from commands c
        join deployment d on d.deployment_hash = c.deployment_hash
        join deployment_access access on access.deployment_id = d.id and access.user_id = $2
        where d.deployment_hash = $1 and (c.command_id = $3 or c.id = $4)
        for update of c
        "#,
        deployment_hash,
        user_id,
        command,
        command.parse::<Uuid>().ok(),
    )
    .fetch_optional(connection)
    .await
    .context("looking up a command to change it")?;
    row.map(Stored::try_from).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_ends_where_it_grows_too_large_and_is_never_empty() {
        let sizes: Vec<Size> =
            [700, 200, 200].into_iter().map(|bytes| Size { id: Uuid::nil(), bytes }).collect();
        let fit = |limit, bytes| {
            let (ids, more) = fitting(&sizes, Filter { since: None, after: None, limit, bytes });
            (ids.len(), more)
        };
        assert_eq!(fit(10, 10_000), (3, false));
        assert_eq!(fit(2, 10_000), (2, true));
        assert_eq!(fit(10, 1_000), (2, true));
        assert_eq!(fit(10, 1), (1, true));
    }
}
