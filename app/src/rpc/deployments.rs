//! Deployments: lists, plans, commands and logs.

use domain::api::{
    ApplyRequest, DeployMeta, DeploymentDetail, DeploymentSummary, ImagesBeforeDeploying, LogPage,
    PlanAnswer, Revision, StartedCommand,
};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::RpcError;

/// An action on one service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceAction {
    Start,
    Stop,
    Restart,
}

/// The caller's deployments, newest first; with `project`, only those of that project.
#[server(endpoint = "deployments/list", prefix = "/rpc")]
pub async fn list_deployments(project: Option<i32>) -> Result<Vec<DeploymentSummary>, RpcError> {
    let caller = super::caller()?;
    let filter = stacker::services::DeploymentFilter { project_id: project, host_id: None };
    let page = stacker::services::Page::default();
    Ok(super::services()?.deployments().list(&caller, page, filter).await?.items)
}

#[server(endpoint = "deployments/load", prefix = "/rpc")]
pub async fn load_deployment(hash: String) -> Result<DeploymentDetail, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.deployments().get(&caller, &hash).await?)
}

#[server(endpoint = "deployments/revision", prefix = "/rpc")]
pub async fn load_revision(hash: String, number: i32) -> Result<Revision, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.deployments().revision(&caller, &hash, number).await?)
}

/// Prepares a deployment of a project on a host. It is in no list, and nothing happens on the host, until its plan is applied.
#[server(endpoint = "deployments/create", prefix = "/rpc")]
pub async fn prepare_deployment(project: i32, host: Uuid) -> Result<DeployMeta, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.deployments().prepare(&caller, project, host).await?)
}

/// What registries say about the images of a project, before it is deployed.
#[server(endpoint = "deployments/images", prefix = "/rpc")]
pub async fn look_at_images(project: i32) -> Result<ImagesBeforeDeploying, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.deployments().look_at_images(&caller, project).await?)
}

/// Asks the agent what would change. Without a revision it plans the project's current text. If the agent takes too long,
/// the answer contains no plan; calling again waits for the same plan.
#[server(endpoint = "deployments/plan", prefix = "/rpc")]
pub async fn plan_deployment(hash: String, revision: Option<i32>) -> Result<PlanAnswer, RpcError> {
    let caller = super::caller()?;
    let request = domain::api::PlanRequest { revision };
    Ok(super::services()?.deployments().plan(&caller, &hash, request).await?)
}

/// Deletes a plan that was looked at and not applied, so that no record of it stays. Without a revision: a deployment that was
/// only prepared.
#[server(endpoint = "deployments/discard-plan", prefix = "/rpc")]
pub async fn discard_plan(hash: String, revision: Option<i32>) -> Result<(), RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.deployments().discard_plan(&caller, &hash, revision).await?)
}

#[server(endpoint = "deployments/apply", prefix = "/rpc", input = Json)]
pub async fn apply_plan(hash: String, request: ApplyRequest) -> Result<StartedCommand, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.deployments().apply(&caller, &hash, request).await?)
}

/// Takes the deployment down. Volumes stay, except those in `volumes`. Returns `None` if nothing had been deployed.
#[server(endpoint = "deployments/remove", prefix = "/rpc", input = Json)]
pub async fn remove_deployment(
    hash: String,
    volumes: Vec<String>,
) -> Result<Option<StartedCommand>, RpcError> {
    let caller = super::caller()?;
    let request = domain::api::RemoveDeployment { volumes };
    Ok(super::services()?.deployments().remove(&caller, &hash, request).await?)
}

/// Writes the images that run on the host into the project.
#[server(endpoint = "deployments/adopt", prefix = "/rpc")]
pub async fn adopt_drift(hash: String) -> Result<StartedCommand, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.deployments().adopt_drift(&caller, &hash).await?)
}

#[server(endpoint = "deployments/control", prefix = "/rpc")]
pub async fn control_service(hash: String, service: String, action: ServiceAction) -> Result<(), RpcError> {
    use stacker::services::ServiceControl;

    let caller = super::caller()?;
    let control = match action {
        ServiceAction::Start => ServiceControl::Start,
        ServiceAction::Stop => ServiceControl::Stop,
        ServiceAction::Restart => ServiceControl::Restart,
    };
    super::services()?.deployments().control_service(&caller, hash, &service, control).await?;
    Ok(())
}

#[server(endpoint = "deployments/cancel", prefix = "/rpc")]
pub async fn cancel_command(hash: String, command_id: String) -> Result<(), RpcError> {
    let caller = super::caller()?;
    super::services()?.commands().cancel(&caller, &hash, &command_id).await?;
    Ok(())
}

/// Requests the logs from the agent and waits a few seconds for its answer.
#[server(endpoint = "deployments/logs", prefix = "/rpc")]
pub async fn read_logs(hash: String, service: String, cursor: Option<String>) -> Result<LogPage, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.commands().read_logs(&caller, &hash, &service, cursor).await?)
}
