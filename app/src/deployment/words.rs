//! The names and signs of states: deployments, hosts, services, revisions, plans. Pure.

use domain::{
    api::{AgentStatus, CloudMachine, DeploymentSummary, Host, HostStage, RevisionOutcome},
    cloud::{is_own, provider_name},
    deploy::{
        ContainerState, DeploymentStatus, DriftKind, Health, ServiceAction, ServiceState, VolumeAction,
    },
};

use crate::components::{Sign, State};

pub type Shown = (State, &'static str);

pub fn of_deployment(status: DeploymentStatus) -> Shown {
    match status {
        DeploymentStatus::Pending => (State::Off, "not deployed yet"),
        DeploymentStatus::InProgress => (State::Busy, "deploying"),
        DeploymentStatus::Completed => (State::Ok, "deployed"),
        DeploymentStatus::Failed => (State::Error, "last deploy failed"),
        DeploymentStatus::Error => (State::Error, "error"),
        DeploymentStatus::Paused => (State::Warn, "paused"),
        DeploymentStatus::WaitResume => (State::Busy, "waiting to resume"),
        DeploymentStatus::WaitStart => (State::Busy, "waiting to start"),
        DeploymentStatus::Confirmed => (State::Ok, "confirmed"),
        DeploymentStatus::Cancelled => (State::Off, "cancelled"),
        DeploymentStatus::Removed => (State::Off, "removed"),
    }
}

/// Where a deployment runs: on a host, at a cloud provider, or with an agent of somebody else.
pub fn place_of(deployment: &DeploymentSummary) -> String {
    match (&deployment.host, &deployment.install) {
        (Some(host), _) => host.name.clone(),
        (None, Some(_)) => provider_of(deployment),
        (None, None) => "third-party agent".to_owned(),
    }
}

/// The provider's name for people.
pub fn provider_of(deployment: &DeploymentSummary) -> String {
    provider_called(&deployment.provider)
}

/// The name for people of the provider that a deployment calls this.
pub fn provider_called(provider: &str) -> String {
    if is_own(provider) { "a server of your own".to_owned() } else { provider_name(provider).to_owned() }
}

/// What remains of a deployment that has ended: nobody touched its machine.
pub fn left_behind(deployment: &DeploymentSummary) -> Option<String> {
    let has_ended = matches!(deployment.status, DeploymentStatus::Removed | DeploymentStatus::Cancelled);
    (has_ended && deployment.install.is_some())
        .then(|| format!("a machine at {} keeps running and is billed", provider_of(deployment)))
}

pub fn of_agent(status: AgentStatus) -> Shown {
    match status {
        AgentStatus::Online => (State::Ok, "online"),
        AgentStatus::Degraded => (State::Warn, "degraded"),
        AgentStatus::Offline => (State::Off, "offline"),
    }
}

/// A host is offline only after it has run: before that it says how far it has come.
pub fn of_host(host: &Host) -> Shown {
    of_stage(host.stage, host.status)
}

pub fn of_machine(machine: &CloudMachine) -> Shown {
    of_stage(machine.stage, machine.status)
}

fn of_stage(stage: HostStage, status: AgentStatus) -> Shown {
    match stage {
        HostStage::Waiting => (State::Off, "has not joined yet"),
        HostStage::Joined => (State::Warn, "joined, not running yet"),
        HostStage::Running => of_agent(status),
    }
}

/// Exit codes 137 and 143 mean that SIGKILL or SIGTERM ended the process, as a normal stop does.
pub fn of_service(service: &ServiceState) -> (State, String) {
    let said = |state, word: &str| (state, word.to_owned());
    match (service.state, service.health) {
        (ContainerState::Running, Health::Healthy) => said(State::Ok, "healthy"),
        (ContainerState::Running, Health::None) => said(State::Ok, "running"),
        (ContainerState::Running, Health::Starting) => said(State::Busy, "starting"),
        (ContainerState::Running, Health::Unhealthy) => said(State::Error, "unhealthy"),
        (ContainerState::Created, _) => said(State::Busy, "created"),
        (ContainerState::Restarting, _) => said(State::Warn, "restarting"),
        (ContainerState::Paused, _) => said(State::Warn, "paused"),
        (ContainerState::Dead, _) => said(State::Error, "dead"),
        (ContainerState::Missing, _) => said(State::Error, "no container"),
        (ContainerState::Exited, _) => match service.exit_code {
            None | Some(0 | 137 | 143) => said(State::Off, "stopped"),
            Some(code) => (State::Error, format!("exited with {code}")),
        },
    }
}

pub fn is_stopped(service: &ServiceState) -> bool {
    matches!(
        service.state,
        ContainerState::Exited | ContainerState::Dead | ContainerState::Missing | ContainerState::Created
    )
}

pub fn of_revision(outcome: RevisionOutcome) -> Shown {
    match outcome {
        RevisionOutcome::Planned => (State::Off, "planned"),
        RevisionOutcome::InProgress => (State::Busy, "in progress"),
        RevisionOutcome::Deployed => (State::Ok, "deployed"),
        RevisionOutcome::Returned => (State::Warn, "rolled back"),
        RevisionOutcome::Failed => (State::Error, "failed"),
        RevisionOutcome::Refused => (State::Warn, "refused"),
        RevisionOutcome::Cancelled => (State::Off, "cancelled"),
    }
}

pub fn of_action(action: ServiceAction) -> (Sign, &'static str) {
    match action {
        ServiceAction::Create => (Sign::Plus, "create"),
        ServiceAction::Recreate => (Sign::Redo, "recreate"),
        ServiceAction::Unchanged => (Sign::Check, "unchanged"),
        ServiceAction::Remove => (Sign::Minus, "remove"),
    }
}

pub fn of_volume(action: VolumeAction) -> &'static str {
    match action {
        VolumeAction::Create => "will be created",
        VolumeAction::Keep => "kept, with its data",
        VolumeAction::Unused => "no longer used; stays on the host with its data",
    }
}

pub fn of_drift(kind: DriftKind) -> &'static str {
    match kind {
        DriftKind::Missing => "removed by hand",
        DriftKind::Stopped => "stopped by hand",
        DriftKind::Changed => "changed by hand",
        DriftKind::Extra => "not in the file",
    }
}

/// The heading for a running command.
pub fn of_command(command_type: &str) -> String {
    match command_type.trim_start_matches("stacker.") {
        "deploy_stack" => "Deploying".to_owned(),
        "plan_stack" => "Planning".to_owned(),
        "remove_stack" => "Removing".to_owned(),
        "restart" => "Restarting".to_owned(),
        "stop" => "Stopping".to_owned(),
        "start" => "Starting".to_owned(),
        other => format!("Running {other}"),
    }
}

/// The label of a command's step: `wait_for_health` becomes "Wait for health".
pub fn of_step(step: &str) -> String {
    let mut letters = step.chars().map(|letter| if matches!(letter, '_' | '-') { ' ' } else { letter });
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

pub fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service(state: ContainerState, exit_code: Option<i64>) -> ServiceState {
        ServiceState {
            service: "web".to_owned(),
            state,
            health: Health::None,
            container: None,
            image: None,
            ports: Vec::new(),
            exit_code,
            since: None,
        }
    }

    #[test]
    fn a_stopped_service_has_not_failed() {
        let word = |code| of_service(&service(ContainerState::Exited, code)).1;
        assert_eq!([word(Some(0)), word(Some(143)), word(None)], ["stopped"; 3]);
        assert_eq!(word(Some(1)), "exited with 1");
    }

    #[test]
    fn steps_are_read_as_words() {
        assert_eq!(of_step("wait_for_health"), "Wait for health");
        assert_eq!(of_step("pull"), "Pull");
    }
}
