//! Deployments: stacks on hosts. This file reads them; each kind of change has a file of its own.
//!
//! A use case that changes a deployment first locks its row, so that two of them take turns. Reports of agents arrive through
//! [`outcome`] and [`host_state`], inside the transaction that ends a command or stores a state.

mod capabilities;
mod control;
mod deploy;
mod discard;
mod drift;
mod enqueue;
mod error;
mod follow;
pub mod host_state;
mod images;
mod install;
mod locks;
pub mod outcome;
mod plan;
mod remove;
mod revisions;
mod stack;
mod status;
mod status_token;
mod validate;
mod values;

use std::sync::Arc;

use domain::{
    access::{Action, Caller, Resource, may},
    api::{DeploymentDetail, DeploymentEvent, DeploymentSummary, MAX_INSTALL_LINES},
};

pub use crate::db::deployments::DeploymentFilter;
pub use control::ServiceControl;
pub use error::DeploymentError;
pub use follow::EventStream;
pub use install::{InstallQueue, Message as ProgressMessage, ProgressRefusal};
pub use status_token::{ProgressStream, STATUS_TOKEN_LIFETIME};
pub use validate::ValidationError;
pub(super) use values::put_into as put_values_into;

use crate::{
    db::{
        agents::hosts,
        deployments::{
            self, Shown, deployment_commands, deployment_events, deployment_revisions, deployment_services,
        },
    },
    services::{
        commands::Commands,
        core::Core,
        open_streams::OpenStreams,
        page::{Listed, Page},
        projects::Projects,
    },
};

/// The most events of one read. If there are more, the next read returns them at once.
pub const MAX_EVENTS: i64 = 500;
/// The most revisions shown with a deployment, newest first; older ones are read by number.
const REVISIONS_IN_DETAIL: i64 = 100;

#[derive(Clone, Debug)]
pub struct Deployments {
    core: Arc<Core>,
    /// Provides the texts that plans and deployments are made from.
    projects: Projects,
    /// Queues commands for single services.
    commands: Commands,
    /// How many event streams each account has open on this server.
    streams: OpenStreams,
}

impl Deployments {
    pub(super) fn new(core: Arc<Core>, projects: Projects, commands: Commands) -> Self {
        Self { core, projects, commands, streams: OpenStreams::default() }
    }

    /// Whether this server can deploy to clouds: it has a message broker.
    pub fn reaches_clouds(&self) -> bool {
        self.core.install.broker().is_some()
    }

    /// Deployments of the caller's projects, newest first: `after` is the smallest id of the previous page.
    pub async fn list(
        &self,
        caller: &Caller,
        page: Page,
        filter: DeploymentFilter,
    ) -> Result<Listed<DeploymentSummary>, DeploymentError> {
        allow(caller, Action::Read)?;
        let items =
            deployments::list(&self.core.pool, &caller.user_id, page.after, filter, page.rows()).await?;
        Ok(Listed::of(page, items, |deployment| deployment.id))
    }

    /// Everything that a page shows. Changes during the read arrive as events after `last_event_id`.
    pub async fn get(&self, caller: &Caller, hash: &str) -> Result<DeploymentDetail, DeploymentError> {
        allow(caller, Action::Read)?;
        // Read first, so that no event is missed.
        let last_event_id = deployment_events::last_id(&self.core.pool, hash).await?;
        let Shown { id, owner, summary, drift } = deployments::find(&self.core.pool, hash, &caller.user_id)
            .await?
            .ok_or(DeploymentError::NotFound("deployment"))?;
        let agent = match &summary.host {
            Some(host) => hosts::find(&self.core.pool, host.id, &owner).await?,
            None => hosts::agent_of_others(&self.core.pool, hash).await?,
        };
        let install_lines = if summary.install.is_some() {
            deployment_events::install_lines(&self.core.pool, hash, MAX_INSTALL_LINES as i64).await?
        } else {
            Vec::new()
        };
        Ok(DeploymentDetail {
            install_lines,
            agent,
            services: deployment_services::list(&self.core.pool, id).await?,
            drift,
            revisions: deployment_revisions::list(&self.core.pool, id, None, REVISIONS_IN_DETAIL).await?,
            running_command: deployment_commands::at_work(&self.core.pool, hash).await?,
            last_event_id,
            summary,
        })
    }

    /// Events after this number, in order, at most [`MAX_EVENTS`].
    pub async fn events(
        &self,
        caller: &Caller,
        hash: &str,
        after: i64,
    ) -> Result<Vec<DeploymentEvent>, DeploymentError> {
        allow(caller, Action::Read)?;
        if deployments::id_of(&self.core.pool, hash, &caller.user_id).await?.is_none() {
            return Err(DeploymentError::NotFound("deployment"));
        }
        Ok(deployment_events::after(&self.core.pool, hash, &caller.user_id, after, MAX_EVENTS).await?.1)
    }
}

fn allow(caller: &Caller, action: Action) -> Result<(), DeploymentError> {
    if may(caller, Resource::Deployment, action) { Ok(()) } else { Err(DeploymentError::Forbidden) }
}
