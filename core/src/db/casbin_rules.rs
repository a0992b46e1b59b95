//! Table `casbin_rule`, with casbin's usual columns.

use anyhow::Context as _;
use sqlx::PgConnection;

use crate::db::Pool;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub id: i32,
    /// `p` or `g`.
    pub ptype: String,
    /// Without empty values at the end.
    pub values: Vec<String>,
}

/// Changes whenever a rule is added, changed or removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint {
    count: i64,
    sum: i64,
}

/// Oldest first.
pub async fn list(pool: &Pool) -> anyhow::Result<Vec<Rule>> {
    let rows = sqlx::query!("select id, ptype, v0, v1, v2, v3, v4, v5 from casbin_rule order by id")
        .fetch_all(pool)
        .await
        .context("reading the rules")?;
    Ok(rows
        .into_iter()
        .map(|row| rule(row.id, row.ptype, [row.v0, row.v1, row.v2, row.v3, row.v4, row.v5]))
        .collect())
}

/// Oldest first, after a given rule. `text`: must occur in one of the rule's values, in upper or lower case.
pub async fn page(pool: &Pool, ptype: &str, text: &str, after: i32, limit: i64) -> anyhow::Result<Vec<Rule>> {
    let rows = sqlx::query!(
        r#"
        select id, ptype, v0, v1, v2, v3, v4, v5
        from casbin_rule
        where ptype = $1 and id > $2
            and ($3 = '' or position(lower($3) in lower(concat_ws(' ', v0, v1, v2, v3, v4, v5))) > 0)
        order by id
        limit $4
        "#,
        ptype,
        after,
        text,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("reading a page of the rules")?;
    Ok(rows
        .into_iter()
        .map(|row| rule(row.id, row.ptype, [row.v0, row.v1, row.v2, row.v3, row.v4, row.v5]))
        .collect())
}

fn rule(id: i32, ptype: String, values: [String; 6]) -> Rule {
    let mut values = values.to_vec();
    let used = values.iter().rposition(|value| !value.is_empty()).map_or(0, |last| last + 1);
    values.truncate(used);
    Rule { id, ptype, values }
}

pub async fn fingerprint(pool: &Pool) -> anyhow::Result<Fingerprint> {
    let row = sqlx::query!(
        r#"
        select count(*) as "count!",
            coalesce(sum(hashtextextended(concat_ws(chr(1), ptype, v0, v1, v2, v3, v4, v5), id) % 1000000007), 0)::bigint as "sum!"
        from casbin_rule
        "#
    )
    .fetch_one(pool)
    .await
    .context("looking whether the rules have changed")?;
    Ok(Fingerprint { count: row.count, sum: row.sum })
}

/// Returns whether the rule is new. `values`: three at most.
pub async fn insert(connection: &mut PgConnection, ptype: &str, values: &[String]) -> anyhow::Result<bool> {
    let [v0, v1, v2] = three(values);
    let inserted = sqlx::query!(
        "insert into casbin_rule (ptype, v0, v1, v2) values ($1, $2, $3, $4) on conflict do nothing",
        ptype,
        v0,
        v1,
        v2,
    )
    .execute(connection)
    .await
    .context("adding a rule")?;
    Ok(inserted.rows_affected() > 0)
}

/// Returns whether the rule existed.
pub async fn delete(connection: &mut PgConnection, ptype: &str, values: &[String]) -> anyhow::Result<bool> {
    let [v0, v1, v2] = three(values);
    let deleted = sqlx::query!(
        "delete from casbin_rule where ptype = $1 and v0 = $2 and v1 = $3 and v2 = $4",
        ptype,
        v0,
        v1,
        v2,
    )
    .execute(connection)
    .await
    .context("removing a rule")?;
    Ok(deleted.rows_affected() > 0)
}

fn three(values: &[String]) -> [&str; 3] {
    std::array::from_fn(|at| values.get(at).map_or("", String::as_str))
}
