//! From the delivery of a command to its report.

use std::sync::Arc;

use domain::{
    api::ReportCommand,
    command::{CommandKind, Ending},
};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{
    ambient, commands,
    delivered::Delivered,
    failure::Failure,
    hidden::Hidden,
    journal::{Entry, Next, State},
    outcome::CommandOutcome,
    progress::Progress,
    reports,
    running::Agent,
    work::Work,
};

/// Continues what earlier runs of the agent left unfinished.
pub fn resume(agent: &Arc<Agent>) -> anyhow::Result<()> {
    agent.journal.sweep(ambient::now())?;
    for entry in agent.journal.all()? {
        go_on(agent, entry);
    }
    Ok(())
}

/// Accepts a delivered command. The command is written to disk before anything else is done.
pub async fn accept(agent: &Arc<Agent>, command: Delivered) {
    if !agent.journal.accepts(&command.command_id) {
        tracing::error!("a command with an invalid id was delivered; it is not run");
        return;
    }
    if agent.at_work().cancel.contains_key(&command.command_id) {
        tracing::info!("{} was delivered again and is already running", command.command_id);
        return;
    }
    if let Some(entry) = agent.journal.find(&command.command_id) {
        tracing::info!("{} was delivered again", command.command_id);
        let again = match &entry.state {
            // The server did not receive the report, or has lost it: it is sent again.
            State::Reported { report, .. } => {
                Entry { state: State::Finished { report: report.clone() }, ..entry }
            }
            _ => entry,
        };
        if let Err(error) = agent.journal.write(&again) {
            tracing::error!("the journal cannot be written: {error}");
        }
        go_on(agent, again);
        return;
    }
    tracing::info!("{} {} for {}", command.command_id, command.r#type, command.deployment_hash);
    let entry = Entry { command, received_at: ambient::now(), attempts: 0, state: State::Received };
    if let Err(error) = agent.journal.write(&entry) {
        // Without an entry, the agent would not know after a crash that the command ran. The server will deliver it again.
        tracing::error!("the journal cannot be written, so the command is not run: {error}");
        return;
    }
    go_on(agent, entry);
}

fn go_on(agent: &Arc<Agent>, entry: Entry) {
    match entry.next() {
        Next::Nothing => {}
        Next::Report => {
            if let State::Finished { report } = &entry.state {
                let report = report.as_ref().clone();
                agent.tasks.spawn(reports::deliver(agent.clone(), entry, report));
            }
        }
        Next::GiveUp => {
            let ending = Ending::OutcomeUnknown;
            let message = "the agent was interrupted while it ran this command; it may or may not have had its effect, and is not repeated";
            let outcome = CommandOutcome::failed(Failure::new(ending.code(), message));
            agent.tasks.spawn(finish(agent.clone(), entry, outcome));
        }
        Next::Run { resumed } => {
            let cancel = CancellationToken::new();
            let place = {
                let mut at_work = agent.at_work();
                at_work.cancel.insert(entry.command.command_id.clone(), cancel.clone());
                at_work.place(&entry.command)
            };
            agent.tasks.spawn(work(agent.clone(), entry, resumed, cancel, place));
        }
    }
}

async fn work(
    agent: Arc<Agent>,
    entry: Entry,
    resumed: bool,
    cancel: CancellationToken,
    place: Arc<Semaphore>,
) {
    if entry.command.kind() == Some(CommandKind::Cancel) {
        // `cancel` must not wait for the command that it cancels.
        let outcome = cancel_other(&agent, &entry.command);
        return finish(agent, entry, outcome).await;
    }
    let turn = tokio::select! {
        () = agent.stopping.cancelled() => return,
        () = cancel.cancelled() => return finish(agent, entry, CommandOutcome::failed(Failure::cancelled())).await,
        turn = place.acquire_owned() => turn,
    };
    let entry = Entry { attempts: entry.attempts + 1, state: State::Started { at: ambient::now() }, ..entry };
    if let Err(error) = agent.journal.write(&entry) {
        return finish(agent, entry, CommandOutcome::failed(error.into())).await;
    }
    let progress = Progress::start(agent.clone(), &entry, cancel.clone());
    let work = Work { agent: agent.clone(), command: entry.command.clone(), cancel, progress, resumed };
    let outcome = tokio::select! {
        // The command stays "started" in the journal; if it may be repeated, it continues at the next start.
        () = agent.stopping.cancelled() => return,
        outcome = commands::run(&work) => Hidden::of(&work.command.parameters).mask_outcome(outcome),
    };
    // The next command for this stack may start once the end of this one is on disk; it need not wait for the report.
    let report = report_of(&entry, &outcome);
    let entry = note(&agent, entry, &report);
    drop(turn);
    agent.look.notify_one();
    work.progress.finish().await;
    if let Some(entry) = entry {
        reports::deliver(agent, entry, report).await;
    }
}

async fn finish(agent: Arc<Agent>, entry: Entry, outcome: CommandOutcome) {
    let report = report_of(&entry, &outcome);
    if let Some(entry) = note(&agent, entry, &report) {
        reports::deliver(agent, entry, report).await;
    }
}

fn note(agent: &Agent, entry: Entry, report: &ReportCommand) -> Option<Entry> {
    let command_id = entry.command.command_id.clone();
    let entry = entry.ended(State::Finished { report: Box::new(report.clone()) });
    let written = agent.journal.write(&entry);
    agent.at_work().cancel.remove(&command_id);
    if let Err(error) = written {
        tracing::error!("the result of {command_id} cannot be stored; it is reported anyway: {error}");
    }
    Some(entry)
}

fn report_of(entry: &Entry, outcome: &CommandOutcome) -> ReportCommand {
    let status = if outcome.failure.is_none() { "completed" } else { "failed" };
    let started_at = match &entry.state {
        State::Started { at } => Some(*at),
        _ => None,
    };
    match &outcome.failure {
        None => tracing::info!("{} is done", entry.command.command_id),
        Some(failure) => tracing::warn!("{} failed: {failure}", entry.command.command_id),
    }
    ReportCommand {
        command_id: entry.command.command_id.clone(),
        deployment_hash: entry.command.deployment_hash.clone(),
        status: status.to_owned(),
        command_status: None,
        completed_at: ambient::now(),
        started_at,
        result: outcome.result.clone(),
        error: outcome.failure.as_ref().map(|failure| Value::String(failure.message.clone())),
        errors: outcome.errors(),
    }
}

fn cancel_other(agent: &Agent, command: &Delivered) -> CommandOutcome {
    let Some(id) = command.parameters.get("command_id").and_then(Value::as_str) else {
        return CommandOutcome::failed(Failure::new("invalid-parameters", "cancel.command_id is required"));
    };
    let token = agent.at_work().cancel.get(id).cloned();
    let found = token.is_some();
    if let Some(token) = token {
        token.cancel();
    }
    CommandOutcome::done(json!({"command_id": id, "cancelled": found}))
}
