//! Table `command_progress`: what agents report while they run a command.

use anyhow::Context as _;
use domain::api::ProgressLine;
use sqlx::PgConnection;

/// Returns false if the line is already stored: agents repeat lines that were not acknowledged.
pub async fn insert(
    connection: &mut PgConnection,
    command_id: &str,
    line: &ProgressLine,
) -> anyhow::Result<bool> {
    let written = sqlx::query!(
        r#"
        insert into command_progress (command_id, seq, step, message, at)
        values ($1, $2, $3, $4, $5)
        on conflict do nothing
        "#,
        command_id,
        line.seq,
        line.step,
        line.message,
        line.at,
    )
    .execute(connection)
    .await
    .context("keeping progress of a command")?;
    Ok(written.rows_affected() == 1)
}
