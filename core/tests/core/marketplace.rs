//! The marketplace: who may deploy what was made from a template, and what the User Service is told.

mod deploying;
mod news;

use stacker::db::Pool;
use uuid::Uuid;

/// A template, approved, without a requirement.
async fn template(pool: &Pool, id: Uuid) {
    sqlx::query(
        "insert into stack_template (id, creator_user_id, name, slug, status, created_at, updated_at, approved_at)
         values ($1, 'eve', 'Shop', $1::text, 'approved', now(), now(), now())",
    )
    .bind(id)
    .execute(pool)
    .await
    .unwrap();
}
