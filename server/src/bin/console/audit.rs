//! `console audit`: who did what.

use clap::Subcommand;
use domain::audit::{AuditLine, AuditQuery};
use stacker::services::{AuditError, AuditPart, Services};

use crate::with_database;

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Print entries of the audit log, newest first: number, time, outcome, action, user, address, details
    List {
        /// Done by this user
        #[arg(long, default_value = "")]
        user: String,
        /// An action (client.deleted) or an area (client)
        #[arg(long, default_value = "")]
        action: String,
        /// Outcome: success, failed or refused
        #[arg(long, default_value = "")]
        outcome: String,
        /// Start: a time (2026-11-28T12:00:00Z) or a day in UTC (2026-11-28)
        #[arg(long, default_value = "")]
        from: String,
        /// End: before this time, or until the end of this day
        #[arg(long, default_value = "")]
        to: String,
        /// Text anywhere in the entry
        #[arg(long, default_value = "")]
        text: String,
        /// How many, up to 1000
        #[arg(long, default_value_t = 100)]
        limit: u32,
        /// Only entries older than the one with this number
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
        let who = printable(who.as_deref().unwrap_or("-"));
        format!(
            "{}\t{time}\t{}\t{}\t{who}\t{address}\t{}",
            line.id,
            line.outcome.as_str(),
            line.action,
            printable(&line.details.to_string())
        )
    };
    Ok(read.lines.into_iter().map(line).collect::<Vec<_>>().join("\n"))
}

/// Escapes, in the JSON way, the characters that a terminal would obey or that change the order in which text is shown.
fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '"' | '\'' | '\\') || c.escape_debug().len() == 1 {
            printable.push(c);
        } else {
            printable.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    printable
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn a_text_neither_moves_the_cursor_nor_turns_around() {
        let hostile = "{\"status\":\"a\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\nz\u{e0001}\"}";
        let expected = r#"{"status":"a\u001b[2J\u009b31m\u007f\u202e\u000az\udb40\udc01"}"#;
        assert_eq!(printable(hostile), expected);
        assert_eq!(printable(r#"{"name":"Łódź's \"shop\" 🐳"}"#), r#"{"name":"Łódź's \"shop\" 🐳"}"#);
    }
}
