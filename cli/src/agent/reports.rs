//! Telling the server how a command ended, until it has heard it.

use std::{sync::Arc, time::Duration};

use domain::api::ReportCommand;
use tokio::time::sleep;

use super::{
    ambient,
    api::ApiError,
    backoff::Backoff,
    journal::{Entry, State},
    running::Agent,
};

pub async fn deliver(agent: Arc<Agent>, entry: Entry, report: ReportCommand) {
    let mut backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(120));
    loop {
        let sent = tokio::select! {
            // The journal has it: it is reported at the next start.
            () = agent.stopping.cancelled() => return,
            sent = agent.api.report(&report) => sent,
        };
        match sent {
            Ok(()) => break,
            // Nothing will make the server take it: it knows no such command any more, or has ended it itself.
            Err(error @ ApiError::Refused { .. }) => {
                tracing::warn!("the report of {} is not taken: {error}", report.command_id);
                break;
            }
            Err(ApiError::Unauthorised(status)) if status == reqwest::StatusCode::FORBIDDEN => {
                tracing::warn!(
                    "the report of {} is not taken: it is not for this agent ({status})",
                    report.command_id
                );
                break;
            }
            Err(error) => {
                let wait = backoff.next(ambient::chance());
                tracing::warn!(
                    "the report of {} did not get through: {error}; again in {:.0} s",
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
    let entry = entry.ended(State::Reported { report: Box::new(report), at: ambient::now() });
    if let Err(error) = agent.journal.write(&entry) {
        tracing::error!("the journal cannot be written, the report may be repeated: {error}");
    }
    if let Err(error) = agent.journal.sweep(ambient::now()) {
        tracing::warn!("the journal cannot be tidied up: {error}");
    }
}
