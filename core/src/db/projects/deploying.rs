//! What a deployment needs to know about its project.

use anyhow::Context as _;
use domain::{access::ProjectRole, marketplace::Requirement, stack::Values};
use serde_json::Value;
use sqlx::PgConnection;

use super::{project_values, role};
use crate::db::{Pool, marketplace::requirements::Columns};

/// The text to deploy and the owner of the project.
pub struct ToDeploy {
    pub owner: String,
    /// The caller's role in the project.
    pub role: ProjectRole,
    pub name: String,
    pub metadata: Value,
    pub compose: String,
    pub values: Values,
    pub values_sealed: Option<Vec<u8>>,
    /// What its template asks for. `None`: it was not made from one.
    pub requirement: Option<Requirement>,
}

pub async fn find_to_deploy(pool: &Pool, id: i32, user_id: &str) -> anyhow::Result<Option<ToDeploy>> {
    let row = sqlx::query!(
        r#"
        select p.user_id, p.name, p.metadata, p.compose, p.value_numbers as "value_numbers: project_values::Numbers",
            p.values_sealed, a.role::text as "role!", t.id as "template_id?", t.slug as "slug?", t.required_plan_name,
            t.product_id
        from project p
        join project_access a on a.project_id = p.id and a.user_id = $2
        left join stack_template t on t.id = p.source_template_id
        where p.id = $1
        "#,
        id,
        user_id
    )
    .fetch_optional(pool)
    .await
    .context("reading a project to deploy it")?;
    row.map(|row| {
        Ok(ToDeploy {
            owner: row.user_id,
            role: role(&row.role)?,
            name: row.name,
            metadata: row.metadata,
            compose: row.compose,
            values: Values::stored(row.value_numbers.0),
            values_sealed: row.values_sealed,
            requirement: Columns {
                template_id: row.template_id,
                slug: row.slug,
                required_plan_name: row.required_plan_name,
                product_id: row.product_id,
            }
            .requirement(),
        })
    })
    .transpose()
}

/// Returns false if the owner has no such project, or the role of `user_id` in it is less than `least`. Until the transaction
/// ends, the project is neither deleted nor transferred.
pub async fn keep(
    connection: &mut PgConnection,
    id: i32,
    owner: &str,
    user_id: &str,
    least: ProjectRole,
) -> anyhow::Result<bool> {
    let kept = sqlx::query_scalar!(
        r#"
        select p.id
        from project p
        join project_access a on a.project_id = p.id and a.user_id = $3 and a.role >= $4::text::project_role
        where p.id = $1 and p.user_id = $2
        for share of p
        "#,
        id,
        owner,
        user_id,
        least.as_str(),
    )
    .fetch_optional(connection)
    .await
    .context("looking for a project")?;
    Ok(kept.is_some())
}
