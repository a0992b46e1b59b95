//! The values of a project's variables: names and numbers in the open, texts sealed.

use std::collections::BTreeMap;

use anyhow::Context as _;
use domain::{access::ProjectRole, stack::Values};
use sqlx::{PgConnection, PgExecutor, types::Json};

use super::role;
use crate::crypto::SealedColumn;

/// The numbers by name, as they are stored.
pub type Numbers = Json<BTreeMap<String, u32>>;

/// Where a project's values are sealed.
pub fn place(project_id: &str) -> SealedColumn<'_> {
    SealedColumn { table: "project", column: "values_sealed", row: project_id }
}

pub struct StoredValues {
    /// The id of the owner.
    pub owner: String,
    /// The caller's role in the project.
    pub role: ProjectRole,
    pub values: Values,
    pub sealed: Option<Vec<u8>>,
}

pub async fn find(
    executor: impl PgExecutor<'_>,
    id: i32,
    user_id: &str,
) -> anyhow::Result<Option<StoredValues>> {
    let row = sqlx::query!(
        r#"
        select p.user_id, p.value_numbers as "value_numbers: Numbers", p.values_sealed, a.role::text as "role!"
        from project p
        join project_access a on a.project_id = p.id and a.user_id = $2
        where p.id = $1
        "#,
        id,
        user_id,
    )
    .fetch_optional(executor)
    .await
    .context("reading the values of a project")?;
    row.map(|row| {
        Ok(StoredValues {
            owner: row.user_id,
            role: role(&row.role)?,
            values: Values::stored(row.value_numbers.0),
            sealed: row.values_sealed,
        })
    })
    .transpose()
}

/// The sealed values of a project whose row is locked.
pub async fn find_sealed(connection: &mut PgConnection, id: i32) -> anyhow::Result<Option<Vec<u8>>> {
    sqlx::query_scalar!("select values_sealed from project where id = $1", id)
        .fetch_one(connection)
        .await
        .context("reading the sealed values of a project")
}

/// The row must be locked.
pub async fn set(
    connection: &mut PgConnection,
    id: i32,
    numbers: BTreeMap<String, u32>,
    sealed: &[u8],
) -> anyhow::Result<()> {
    sqlx::query!(
        "update project set value_numbers = $2, values_sealed = $3 where id = $1",
        id,
        Json(numbers) as _,
        sealed,
    )
    .execute(connection)
    .await
    .context("keeping the values of a project")?;
    Ok(())
}
