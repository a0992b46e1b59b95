//! `console audit`: who did what.

use clap::Subcommand;
use domain::audit::{AuditLine, AuditQuery};
use stacker::services::{AuditError, AuditPart, Services};

use crate::with_database;

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Print lines of the audit log, newest first: number, time, outcome, action, who, from where, details
    List {
        /// Done by this user
        #[arg(long, default_value = "")]
        user: String,
        /// An action, client.deleted, or an area, client
        #[arg(long, default_value = "")]
        action: String,
        /// success, failed or refused
        #[arg(long, default_value = "")]
        outcome: String,
        /// From this time on, 2026-11-28T12:00:00Z, or this day in UTC, 2026-11-28
        #[arg(long, default_value = "")]
        from: String,
        /// Before this time, or to the end of this day
        #[arg(long, default_value = "")]
        to: String,
        /// Somewhere in the line
        #[arg(long, default_value = "")]
        text: String,
        /// 1000 at most
        #[arg(long, default_value_t = 100)]
        limit: u32,
        /// Older than the line of this number
        #[arg(long)]
        after: Option<i64>,
    },
}

pub fn run(command: AuditCommand) -> anyhow::Result<String> {
    let AuditCommand::List { user, action, outcome, from, to, text, limit, after } = command;
    let query = AuditQuery { user, action, outcome, from, to, text };
    let part = AuditPart { limit: Some(limit), after };
    with_database(async |_, services| list(services, &query, part).await)
}

async fn list(services: &Services, query: &AuditQuery, part: AuditPart) -> anyhow::Result<String> {
    let read = services.audit().list_all(query, part).await.map_err(|error| match error {
        AuditError::Invalid { errors } => {
            let wrong = errors.into_iter().map(|wrong| format!("--{} {}", wrong.field, wrong.message));
            anyhow::Error::msg(wrong.collect::<Vec<_>>().join("; "))
        }
        error => error.into(),
    })?;
    let line = |line: AuditLine| {
        let who = line.user_id.or_else(|| line.agent_id.map(|id| format!("agent {id}")));
        let address = line.address.unwrap_or_else(|| "-".to_owned());
        let time = line.at.format("%Y-%m-%dT%H:%M:%SZ");
        // Terminals obey what is in a text: nothing of it is printed raw.
        let who = who.as_deref().unwrap_or("-").escape_debug();
        format!(
            "{}\t{time}\t{}\t{}\t{who}\t{address}\t{}",
            line.id,
            line.outcome.as_str(),
            line.action,
            line.details
        )
    };
    Ok(read.lines.into_iter().map(line).collect::<Vec<_>>().join("\n"))
}
