//! Reports of an agent about its host and the apps on it, apart from the results of commands.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    api::{AppStatus, Happened},
    deploy::{ContainerState, Health, HostState, ServiceState},
    problem::{Problem, ProblemKind, UseCaseError},
};

use super::{
    Agents, KnownAgent,
    register::{MAX_CAPABILITIES, MAX_CAPABILITY, MAX_VERSION},
};
use crate::{
    db::{
        agents::{
            self,
            hosts::{self, Machine},
        },
        deployments as table,
        deployments::{deployment_events, deployment_services},
    },
    services::{
        deployments::{self, host_state::MAX_SERVICES},
        reported_text,
    },
};

const MAX_ENGINE: usize = 100;
const MAX_APP_CODE: usize = 255;

#[derive(Debug, thiserror::Error)]
pub enum ObservedError {
    #[error("Not authorized for this deployment")]
    OtherDeployment,
    #[error("only the agent of a host may report its state")]
    NotOfHost,
    #[error("status must be one of: running, stopped, error")]
    Status,
    #[error("app_code is required and can have up to {MAX_APP_CODE} characters")]
    AppCode,
    #[error("deployment not found")]
    NotFound,
    #[error("a deployment can have up to {MAX_SERVICES} services")]
    TooManyServices,
    #[error("the agent's report could not be stored")]
    Internal(#[from] anyhow::Error),
}

impl UseCaseError for ObservedError {
    fn problem(&self) -> Problem {
        match self {
            Self::OtherDeployment | Self::NotOfHost => {
                Problem::new(ProblemKind::Forbidden, "other-deployment", self)
            }
            Self::Status => Problem::new(ProblemKind::Invalid, "invalid", self).about_field("status"),
            Self::AppCode => Problem::new(ProblemKind::Invalid, "invalid", self).about_field("app_code"),
            Self::NotFound => Problem::new(ProblemKind::NotFound, "not-found", self).missing("deployment"),
            Self::TooManyServices => Problem::conflict("too-many-services", self),
            Self::Internal(_) => Problem::internal(),
        }
    }
}

impl From<sqlx::Error> for ObservedError {
    fn from(error: sqlx::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl Agents {
    /// Stores the state that our agent reports. Each report is complete.
    pub async fn host_state(&self, agent: &KnownAgent, mut state: HostState) -> Result<(), ObservedError> {
        let host_id = agent.host_id.ok_or(ObservedError::NotOfHost)?;
        state.engine = state.engine.map(|engine| reported_text::line(&engine, MAX_ENGINE));
        let resources = state.resources.as_ref().map(serde_json::to_value).transpose();
        let resources = resources.map_err(anyhow::Error::from)?;
        let mut transaction = self.core.pool.begin().await?;
        let machine = Machine {
            engine: state.engine.as_deref(),
            engine_missing: state.engine_missing.filter(|_| state.engine.is_none()),
            compose_missing: state.compose_missing.filter(|_| state.engine.is_some()),
            resources: resources.as_ref(),
        };
        hosts::update_machine(&mut transaction, host_id, machine).await?;
        if let Some(version) = &state.agent_version {
            let words = state.capabilities.iter().take(MAX_CAPABILITIES);
            let capabilities: Vec<String> =
                words.map(|word| reported_text::line(word, MAX_CAPABILITY)).collect();
            let version = reported_text::line(version, MAX_VERSION);
            agents::update_version(&mut transaction, agent.id, &version, &capabilities).await?;
        }
        deployments::host_state::observed(&mut transaction, host_id, &state, &self.core.context).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Stores the app status that legacy agents report after a command.
    pub async fn app_status(&self, agent: &KnownAgent, status: &AppStatus) -> Result<(), ObservedError> {
        if status.deployment_hash != agent.channel {
            return Err(ObservedError::OtherDeployment);
        }
        let app_code = status.app_code.trim();
        if app_code.is_empty() || app_code.contains('\0') || app_code.chars().count() > MAX_APP_CODE {
            return Err(ObservedError::AppCode);
        }
        let (state, health) = match status.status.trim() {
            "running" => (ContainerState::Running, Health::None),
            "stopped" => (ContainerState::Exited, Health::None),
            "error" => (ContainerState::Dead, Health::Unhealthy),
            _ => return Err(ObservedError::Status),
        };
        let service = ServiceState {
            service: app_code.to_owned(),
            state,
            health,
            container: None,
            image: None,
            ports: Vec::new(),
            exit_code: None,
            since: None,
        };
        let state = serde_json::to_value(&service).map_err(anyhow::Error::from)?;
        let at = believable(status.timestamp, self.core.context.clock.now());
        let mut transaction = self.core.pool.begin().await?;
        let deployment = table::find_locked_by_hash(&mut transaction, &agent.channel)
            .await?
            .ok_or(ObservedError::NotFound)?;
        let before = deployment_services::list(&mut *transaction, deployment.id).await?;
        let known = before.iter().find(|known| known.state.service == app_code);
        if known.is_none() && before.len() >= MAX_SERVICES {
            return Err(ObservedError::TooManyServices);
        }
        let is_news = known.is_none_or(|known| known.state != service);
        agents::upsert_service(&mut transaction, deployment.id, app_code, &state, at).await?;
        if is_news {
            let services = deployment_services::list(&mut *transaction, deployment.id).await?;
            let event = Happened::Services { services, drift: deployment.drift };
            let now = self.core.context.clock.now();
            deployment_events::append(&mut transaction, &agent.channel, &event, now).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// The time of an observation. A time in the future, or more than a day ago, is replaced by `now`.
fn believable(at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> DateTime<Utc> {
    at.filter(|at| *at <= now && *at > now - TimeDelta::days(1)).unwrap_or(now)
}
