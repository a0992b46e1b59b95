//! What the templates of projects ask of the people who deploy them.

use anyhow::Context as _;
use domain::marketplace::Requirement;
use uuid::Uuid;

use crate::db::Pool;

/// The columns of `stack_template` that say it, after a `left join`.
pub(in crate::db) struct Columns {
    pub template_id: Option<Uuid>,
    pub slug: Option<String>,
    pub required_plan_name: Option<String>,
    pub product_id: Option<i32>,
}

impl Columns {
    /// `None`: there is no template.
    pub fn requirement(self) -> Option<Requirement> {
        let Self { template_id, slug, required_plan_name, product_id } = self;
        let (template_id, slug) = template_id.zip(slug)?;
        Some(Requirement { template_id, slug, required_plan: required_plan_name, product_id })
    }
}

/// What has to be true before a planned revision is applied. `None` for a revision that goes back to an earlier one, because that
/// was deployed already, and for projects without a template.
pub async fn of_revision(
    pool: &Pool,
    hash: &str,
    number: i32,
    user_id: &str,
) -> anyhow::Result<Option<Requirement>> {
    let row = sqlx::query_as!(
        Columns,
        r#"
        select t.id as template_id, t.slug, t.required_plan_name, t.product_id
        from deployment d
        join deployment_access access on access.deployment_id = d.id and access.user_id = $3
        join deployment_revision r on r.deployment_id = d.id and r.number = $2 and r.returns_to is null
        join project p on p.id = d.project_id
        join stack_template t on t.id = p.source_template_id
        where d.deployment_hash = $1 and not d.deleted
        "#,
        hash,
        number,
        user_id,
    )
    .fetch_optional(pool)
    .await
    .context("reading what a template asks for")?;
    Ok(row.and_then(Columns::requirement))
}
