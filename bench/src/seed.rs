//! Inserts the deployments, each with one agent, into the database.

use sha2::{Digest as _, Sha256};
use sqlx::PgPool;

use crate::Target;

#[derive(Clone, Debug)]
pub struct Credentials {
    pub hash: String,
    /// The header lines of every request.
    pub headers: String,
}

/// Removes the rows of an earlier run and inserts the agents. Fails if the database contains other deployments.
pub async fn agents(pool: &PgPool, target: &Target) -> anyhow::Result<Vec<Credentials>> {
    let others: i64 =
        sqlx::query_scalar("select count(*) from deployment where deployment_hash not like 'load-%'")
            .fetch_one(pool)
            .await?;
    anyhow::ensure!(others == 0, "this database has deployments of somebody: use one made for measuring");
    for table in ["commands", "deployment_event", "audit_log", "agents", "deployment"] {
        sqlx::query(sqlx::AssertSqlSafe(format!("delete from {table}"))).execute(pool).await?;
    }
    let project: i32 = sqlx::query_scalar(
        "insert into project (stack_id, user_id, name, compose, services, metadata, request_json, created_at, updated_at)
         values (gen_random_uuid(), $1, 'load', 'services: {}', '{}', '{}', '{}', now(), now()) returning id",
    )
    .bind(&target.owner)
    .fetch_one(pool)
    .await?;
    let hashes: Vec<String> = (0..target.agents).map(|number| format!("load-{project}-{number}")).collect();
    let token_hashes: Vec<Vec<u8>> =
        hashes.iter().map(|hash| Sha256::digest(token(hash).as_bytes()).to_vec()).collect();
    sqlx::query(
        "insert into deployment (project_id, user_id, deployment_hash, metadata, status, created_at, updated_at)
         select $1, $2, hash, '{}', 'completed', now(), now() from unnest($3::text[]) as hash",
    )
    .bind(project)
    .bind(&target.owner)
    .bind(&hashes)
    .execute(pool)
    .await?;
    let ids: Vec<(String, String)> = sqlx::query_as(
        "insert into agents (id, channel, token_hash, capabilities, created_at, updated_at)
         select gen_random_uuid(), hash, token_hash, '[]', now(), now()
         from unnest($1::text[], $2::bytea[]) as given (hash, token_hash)
         returning channel, id::text",
    )
    .bind(&hashes)
    .bind(&token_hashes)
    .fetch_all(pool)
    .await?;
    Ok(ids
        .into_iter()
        .map(|(hash, id)| {
            let headers = format!("x-agent-id: {id}\r\nauthorization: Bearer {}\r\n", token(&hash));
            Credentials { hash, headers }
        })
        .collect())
}

/// 86 characters, like real tokens.
fn token(hash: &str) -> String {
    let digest = hex::encode(Sha256::digest(hash));
    digest.chars().cycle().take(86).collect()
}
