//! From the delivery of a command to its report. Changing commands wait for each other, stack by stack; the others don't.

use std::{collections::HashMap, sync::Arc};

use domain::{
    api::ReportCommand,
    command::{Ending, Kind},
};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{
    ambient,
    api::Delivered,
    commands::{self, Work},
    journal::{Entry, Next, State},
    outcome::{Outcome, Problem},
    progress::Progress,
    reports,
    running::Agent,
};

/// So many commands that change nothing run at once.
const MOST_READERS: usize = 8;

/// The commands in hand.
pub struct AtWork {
    /// By id; gone once the result is on disk.
    cancel: HashMap<String, CancellationToken>,
    /// One place for each deployment: whoever holds it changes its stack.
    stacks: HashMap<String, Arc<Semaphore>>,
    readers: Arc<Semaphore>,
}

impl Default for AtWork {
    fn default() -> Self {
        Self {
            cancel: HashMap::new(),
            stacks: HashMap::new(),
            readers: Arc::new(Semaphore::new(MOST_READERS)),
        }
    }
}

impl AtWork {
    pub fn count(&self) -> usize {
        self.cancel.len()
    }

    /// Whether a command changes this deployment now.
    pub fn changes(&self, deployment_hash: &str) -> bool {
        self.stacks.get(deployment_hash).is_some_and(|place| place.available_permits() == 0)
    }

    fn place(&mut self, command: &Delivered) -> Arc<Semaphore> {
        if !command.r#type.changes_something() {
            return self.readers.clone();
        }
        // Nobody waits for and nobody holds the others.
        self.stacks.retain(|_, place| Arc::strong_count(place) > 1 || place.available_permits() == 0);
        self.stacks
            .entry(command.deployment_hash.clone())
            .or_insert_with(|| Arc::new(Semaphore::new(1)))
            .clone()
    }
}

/// What earlier runs left behind.
pub fn resume(agent: &Arc<Agent>) -> anyhow::Result<()> {
    agent.journal.sweep(ambient::now())?;
    for entry in agent.journal.all()? {
        go_on(agent, entry);
    }
    Ok(())
}

/// A delivery. Nothing is done before it is on disk.
pub async fn accept(agent: &Arc<Agent>, command: Delivered) {
    if !agent.journal.accepts(&command.command_id) {
        tracing::error!("a command with an id that cannot be kept was delivered; it is not run");
        return;
    }
    if agent.at_work().cancel.contains_key(&command.command_id) {
        tracing::info!("{} was delivered again and is at work already", command.command_id);
        return;
    }
    if let Some(entry) = agent.journal.find(&command.command_id) {
        tracing::info!("{} was delivered again", command.command_id);
        let again = match &entry.state {
            // The server did not get, or forgot, what it was told: it is told again.
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
        // Not run: after a crash nobody would know that it was. The server delivers it again.
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
            let outcome = Outcome::failed(Problem::new(ending.code(), message));
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
    if entry.command.r#type.kind() == Some(Kind::Cancel) {
        // It must not wait behind what it is to cancel.
        let outcome = cancel_other(&agent, &entry.command);
        return finish(agent, entry, outcome).await;
    }
    let turn = tokio::select! {
        () = agent.stopping.cancelled() => return,
        () = cancel.cancelled() => return finish(agent, entry, Outcome::failed(Problem::cancelled())).await,
        turn = place.acquire_owned() => turn,
    };
    let entry = Entry { attempts: entry.attempts + 1, state: State::Started { at: ambient::now() }, ..entry };
    if let Err(error) = agent.journal.write(&entry) {
        return finish(agent, entry, Outcome::failed(error.into())).await;
    }
    let progress = Progress::start(agent.clone(), &entry, cancel.clone());
    let work = Work { agent: agent.clone(), command: entry.command.clone(), cancel, progress, resumed };
    let outcome = tokio::select! {
        // It stays "started" in the journal: what may be repeated goes on at the next start.
        () = agent.stopping.cancelled() => return,
        outcome = commands::run(&work) => outcome,
    };
    // The stack is free only when the end is on disk, and before it is reported.
    let report = report_of(&entry, &outcome);
    let entry = note(&agent, entry, &report);
    drop(turn);
    agent.look.notify_one();
    work.progress.finish().await;
    if let Some(entry) = entry {
        reports::deliver(agent, entry, report).await;
    }
}

async fn finish(agent: Arc<Agent>, entry: Entry, outcome: Outcome) {
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
        tracing::error!("the result of {command_id} cannot be kept, it is reported all the same: {error}");
    }
    Some(entry)
}

fn report_of(entry: &Entry, outcome: &Outcome) -> ReportCommand {
    let status = if outcome.problem.is_none() { "completed" } else { "failed" };
    let started_at = match &entry.state {
        State::Started { at } => Some(*at),
        _ => None,
    };
    match &outcome.problem {
        None => tracing::info!("{} is done", entry.command.command_id),
        Some(problem) => tracing::warn!("{} failed: {problem}", entry.command.command_id),
    }
    ReportCommand {
        command_id: entry.command.command_id.clone(),
        deployment_hash: entry.command.deployment_hash.clone(),
        status: status.to_owned(),
        command_status: None,
        completed_at: ambient::now(),
        started_at,
        result: outcome.result.clone(),
        error: outcome.problem.as_ref().map(|problem| Value::String(problem.message.clone())),
        errors: outcome.errors(),
    }
}

fn cancel_other(agent: &Agent, command: &Delivered) -> Outcome {
    let Some(id) = command.parameters.get("command_id").and_then(Value::as_str) else {
        return Outcome::failed(Problem::new("invalid-parameters", "cancel.command_id is required"));
    };
    let token = agent.at_work().cancel.get(id).cloned();
    let found = token.is_some();
    if let Some(token) = token {
        token.cancel();
    }
    Outcome::done(json!({"command_id": id, "cancelled": found}))
}
