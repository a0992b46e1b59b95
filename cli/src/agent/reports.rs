//! Delivers the report of a command, repeatedly until the server has accepted or rejected it.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use domain::api::ReportCommand;
use reqwest::StatusCode;
use serde_json::json;
use tokio::time::sleep;

use super::{
    ambient,
    api::ApiError,
    backoff::Backoff,
    journal::{Entry, State},
    running::Agent,
};

/// The journal is swept once per this number of reports.
const SWEEP_EVERY: u32 = 100;

pub async fn deliver(agent: Arc<Agent>, entry: Entry, mut report: ReportCommand) {
    let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(120));
    loop {
        let sent = tokio::select! {
            // The report is in the journal and will be sent at the next start.
            () = agent.stopping.cancelled() => return,
            sent = agent.api.report(&report) => sent,
        };
        match sent {
            Ok(()) => break,
            // Sends the report without its result, because the outcome matters more.
            Err(ApiError::Rejected { status: StatusCode::PAYLOAD_TOO_LARGE, .. })
                if report.result.is_some() =>
            {
                tracing::warn!(
                    "the result of {} is too large for the server and was left out",
                    report.command_id
                );
                report.result = None;
                let remark = json!({"code": "result-too-large", "message": "the result is too large for the server and was left out"});
                report.errors.get_or_insert_default().push(remark);
            }
            // The server will never accept the report: it no longer knows the command, or has ended the command itself.
            Err(error @ ApiError::Rejected { .. }) => {
                tracing::warn!("the server rejected the report of {}: {error}", report.command_id);
                break;
            }
            Err(ApiError::Unauthorised(status)) if status == StatusCode::FORBIDDEN => {
                tracing::warn!(
                    "the server rejected the report of {}: it is not for this agent ({status})",
                    report.command_id
                );
                break;
            }
            Err(error) => {
                let wait = backoff.next(ambient::chance());
                tracing::warn!(
                    "the report of {} could not be sent: {error}; next attempt in {:.0} s",
                    report.command_id,
                    wait.as_secs_f32()
                );
                tokio::select! {
                    () = agent.stopping.cancelled() => return,
                    () = sleep(wait) => {}
                }
            }
        }
    }
    // The journal does not store results of commands that only read: they can be read again, and logs are long.
    if !entry.command.changes_something() {
        report.result = None;
    }
    let entry = entry.ended(State::Reported { report: Box::new(report), at: ambient::now() });
    if let Err(error) = agent.journal.write(&entry) {
        tracing::error!("the journal cannot be written, the report may be repeated: {error}");
    }
    if agent.reports.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1
        && let Err(error) = agent.journal.sweep(ambient::now())
    {
        tracing::warn!("the journal cannot be cleaned up: {error}");
    }
}
