//! The state of a deployment on a page: what was loaded, updated by the events since. Pure.

use chrono::{DateTime, Utc};
use domain::{
    access::ProjectRole,
    api::{
        DeploymentDetail, DeploymentEvent, Happened, InstallLine, MAX_INSTALL_LINES, ProgressLine,
        RevisionOutcome, RunningCommand,
    },
    command::{CommandType, State},
    deploy::DeploymentStatus,
};

/// How many progress lines of a command the page holds; an agent may send more.
const MOST_LINES: usize = 1000;

#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    pub detail: DeploymentDetail,
    /// The last command that ended while this page was open.
    pub ended: Option<EndedCommand>,
    /// Set when the plan that was being applied no longer matches the host: the revision's number and the reason.
    pub stale: Option<(i32, String)>,
    /// Set when an event mentions something that this page has not loaded: the whole deployment must be loaded again.
    pub must_reload: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct EndedCommand {
    pub command: RunningCommand,
    pub status: State,
    pub message: Option<String>,
    pub at: DateTime<Utc>,
}

impl Live {
    pub fn new(detail: DeploymentDetail) -> Self {
        Self { detail, ended: None, stale: None, must_reload: false }
    }

    /// Whether the user has at least this role in the project.
    pub fn is_for(&self, least: ProjectRole) -> bool {
        self.detail.summary.role >= least
    }

    /// Replaces what was loaded, unless it is older than the events so far. The last ended command stays.
    pub fn reloaded(&mut self, detail: DeploymentDetail) {
        if detail.last_event_id >= self.detail.last_event_id {
            self.detail = detail;
            self.must_reload = false;
        }
    }

    /// Applies an event. Events arrive in order; after a reconnection some arrive twice and are ignored.
    pub fn take(&mut self, event: DeploymentEvent, now: DateTime<Utc>) {
        if event.id <= self.detail.last_event_id {
            return;
        }
        self.detail.last_event_id = event.id;
        match event.what {
            Happened::Command { command_id, command_type, status, message, .. } => {
                self.command(command_id, command_type, status, message, now);
            }
            Happened::Progress { command_id, line } => self.progress(&command_id, line),
            Happened::Deployment { status, running_revision } => {
                let summary = &mut self.detail.summary;
                summary.status = status;
                summary.running_revision = running_revision;
                summary.updated_at = now;
            }
            Happened::Revision { number, outcome, message } => {
                match self.detail.revisions.iter_mut().find(|revision| revision.number == number) {
                    Some(revision) => {
                        let was = std::mem::replace(&mut revision.outcome, outcome);
                        if (was, outcome) == (RevisionOutcome::InProgress, RevisionOutcome::Planned) {
                            self.stale = Some((number, message.clone().unwrap_or_default()));
                        }
                        if outcome != RevisionOutcome::InProgress {
                            revision.ended_at = Some(now);
                        }
                        revision.message = message;
                    }
                    None => self.must_reload = true,
                }
            }
            Happened::Install { state } => {
                let line =
                    state.message.clone().map(|message| InstallLine { progress: state.progress, message });
                let lines = &mut self.detail.install_lines;
                lines.extend(line.filter(|line| lines.last() != Some(line)));
                let surplus = lines.len().saturating_sub(MAX_INSTALL_LINES);
                lines.drain(..surplus);
                self.detail.summary.install = Some(state);
                self.detail.summary.updated_at = now;
            }
            Happened::Services { services, drift } => {
                self.detail.services = services;
                self.detail.drift = drift;
                self.seen(now);
            }
            Happened::Agent { status, remark } => {
                self.detail.summary.agent_status = status;
                if let Some(host) = &mut self.detail.agent {
                    host.status = status;
                    host.remark = remark;
                }
                if status != domain::api::AgentStatus::Offline {
                    self.seen(now);
                }
            }
        }
    }

    fn command(
        &mut self,
        command_id: String,
        command_type: CommandType,
        status: State,
        message: Option<String>,
        now: DateTime<Utc>,
    ) {
        // Reading logs is not shown as work on the deployment.
        if !command_type.changes_something() {
            return;
        }
        let running = &mut self.detail.running_command;
        let is_known = running.as_ref().is_some_and(|running| running.command_id == command_id);
        if status.is_final() {
            let command = if is_known { running.take() } else { None };
            let command = command.unwrap_or_else(|| started(command_id, command_type, now));
            self.ended = Some(EndedCommand { command, status, message, at: now });
        } else if !is_known {
            *running = Some(started(command_id, command_type, now));
            self.ended = None;
        }
    }

    fn progress(&mut self, command_id: &str, line: ProgressLine) {
        let Some(running) = &mut self.detail.running_command else { return };
        let known = running.progress.iter().any(|known| known.seq == line.seq);
        if running.command_id == command_id && !known && running.progress.len() < MOST_LINES {
            running.progress.push(line);
        }
    }

    fn seen(&mut self, now: DateTime<Utc>) {
        self.detail.summary.last_seen_at = Some(now);
        if let Some(host) = &mut self.detail.agent {
            host.last_seen_at = Some(now);
        }
    }

    /// Whether the deployment was removed or its host was revoked, so that only its history is left.
    pub fn has_ended(&self) -> bool {
        matches!(self.detail.summary.status, DeploymentStatus::Removed | DeploymentStatus::Cancelled)
    }
}

fn started(command_id: String, command_type: CommandType, now: DateTime<Utc>) -> RunningCommand {
    RunningCommand { command_id, r#type: command_type, started_at: now, progress: Vec::new() }
}

#[cfg(test)]
mod tests {
    use domain::api::{AgentStatus, DeploymentSummary, RevisionSummary};

    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    fn live() -> Live {
        Live::new(DeploymentDetail {
            summary: DeploymentSummary {
                id: 1,
                deployment_hash: "h".to_owned(),
                project_id: 1,
                project_name: "Shop".to_owned(),
                provider: "own".to_owned(),
                stack: "shop-1".to_owned(),
                host: None,
                status: DeploymentStatus::Pending,
                agent_status: AgentStatus::Offline,
                last_seen_at: None,
                running_revision: None,
                created_at: at(0),
                updated_at: at(0),
                role: ProjectRole::Owner,
                install: None,
            },
            agent: None,
            services: Vec::new(),
            drift: Vec::new(),
            revisions: Vec::new(),
            running_command: None,
            install_lines: Vec::new(),
            last_event_id: 10,
        })
    }

    fn line(seq: i32, step: &str, second: i64) -> ProgressLine {
        ProgressLine { seq, step: step.to_owned(), message: format!("{step} {seq}"), at: at(second) }
    }

    fn command(id: i64, kind: &str, status: State) -> DeploymentEvent {
        let what = Happened::Command {
            command_id: "cmd_1".to_owned(),
            command_type: kind.to_owned().into(),
            status,
            revision: None,
            message: None,
        };
        DeploymentEvent { id, what }
    }

    fn progress(id: i64, line: ProgressLine) -> DeploymentEvent {
        DeploymentEvent { id, what: Happened::Progress { command_id: "cmd_1".to_owned(), line } }
    }

    #[test]
    fn a_command_is_followed_from_its_begin_to_its_end() {
        let mut live = live();
        live.take(command(11, "deploy_stack", State::Queued), at(1));
        live.take(progress(12, line(1, "pull", 2)), at(2));
        // After a reconnection the same event arrives again.
        live.take(progress(12, line(1, "pull", 2)), at(2));
        live.take(progress(13, line(2, "start", 4)), at(4));
        let running = live.detail.running_command.as_ref().unwrap();
        assert_eq!((running.started_at, running.progress.len()), (at(1), 2));
        live.take(command(14, "deploy_stack", State::Completed), at(9));
        assert_eq!(live.detail.running_command, None);
        let ended = live.ended.unwrap();
        assert_eq!((ended.at, ended.status, ended.command.progress.len()), (at(9), State::Completed, 2));
    }

    #[test]
    fn reading_logs_is_not_shown_as_work() {
        let mut live = live();
        live.take(command(11, "logs", State::Sent), at(1));
        assert_eq!(live.detail.running_command, None);
    }

    #[test]
    fn an_unknown_revision_makes_the_page_reload() {
        let mut live = live();
        let what = Happened::Revision { number: 3, outcome: RevisionOutcome::InProgress, message: None };
        live.take(DeploymentEvent { id: 11, what }, at(1));
        assert!(live.must_reload);
        // Data loaded before the event is outdated.
        let old = live.detail.clone();
        live.reloaded(DeploymentDetail { last_event_id: 10, ..old.clone() });
        assert!(live.must_reload);
        live.reloaded(DeploymentDetail { last_event_id: 11, ..old });
        assert!(!live.must_reload);
    }

    #[test]
    fn a_plan_that_no_longer_matches_the_host_is_noticed() {
        let mut live = live();
        live.detail.revisions.push(RevisionSummary {
            number: 2,
            outcome: RevisionOutcome::InProgress,
            message: None,
            created_by: "me".to_owned(),
            created_at: at(0),
            ended_at: None,
            returns_to: None,
        });
        let what = Happened::Revision {
            number: 2,
            outcome: RevisionOutcome::Planned,
            message: Some("port 80 is taken".to_owned()),
        };
        live.take(DeploymentEvent { id: 11, what }, at(1));
        assert_eq!(live.stale, Some((2, "port 80 is taken".to_owned())));
    }
}
