//! The containers that a command applies to: `app_code` is the name of a service, and the deployment leads to the stack.

use super::parameters;
use crate::agent::{
    engine::{Engine, containers::Container},
    failure::Failure,
    stacks::{
        folder::{self, StackFolder},
        record::Record,
    },
    work::Work,
};

pub struct Target {
    pub engine: Engine,
    pub record: Record,
    pub folder: StackFolder,
    pub app_code: String,
    /// The containers of the service, or the one that the command names. Never empty.
    pub containers: Vec<Container>,
}

pub fn record(work: &Work) -> Result<Record, Failure> {
    folder::of_deployment(&work.agent.folder, &work.command.deployment_hash)
        .ok_or_else(|| Failure::new("not-deployed", "this deployment is not on this host"))
}

impl Target {
    pub async fn find(work: &Work) -> Result<Self, Failure> {
        let app_code = parameters::text(work, "app_code").ok_or_else(|| {
            Failure::new("invalid-parameters", format!("{}.app_code is required", work.command.r#type))
        })?;
        let app_code = app_code.to_owned();
        let record = record(work)?;
        let folder = StackFolder::new(&work.agent.folder, &record.stack);
        let engine = work.agent.engine.get().await?;
        let mut containers = engine.containers(record.stack.as_str()).await?;
        containers.retain(|container| container.service == app_code);
        if let Some(named) = parameters::text(work, "container") {
            containers.retain(|container| container.name == named || container.id.starts_with(named));
        }
        if containers.is_empty() {
            return Err(Failure::new("not-found", format!("`{app_code}` has no container on this host")));
        }
        Ok(Self { engine, record, folder, app_code, containers })
    }
}
