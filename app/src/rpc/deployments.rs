//! Deployments: what there is, plans, orders, logs.

use chrono::{DateTime, Utc};
use domain::api::{
    ApplyRequest, DeployMeta, DeploymentDetail, DeploymentSummary, PlanAnswer, Revision, StartedCommand,
};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::RpcError;

/// What can be done with one service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceAction {
    Start,
    Stop,
    Restart,
}

/// What a service wrote since the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPage {
    /// Where the next page goes on.
    pub cursor: Option<String>,
    /// Earlier lines were left out.
    pub truncated: bool,
    pub lines: Vec<LogLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// In the order they came to the page; given by the page.
    #[serde(skip)]
    pub number: u32,
    pub ts: DateTime<Utc>,
    /// `stdout` or `stderr`.
    pub stream: String,
    pub message: String,
}

/// The caller's deployments, newest first; of one project, when one is named.
#[server(endpoint = "deployments/list", prefix = "/rpc")]
pub async fn list_deployments(project: Option<i32>) -> Result<Vec<DeploymentSummary>, RpcError> {
    todo!()
}

#[server(endpoint = "deployments/load", prefix = "/rpc")]
pub async fn load_deployment(hash: String) -> Result<DeploymentDetail, RpcError> {
    todo!()
}

#[server(endpoint = "deployments/revision", prefix = "/rpc")]
pub async fn load_revision(hash: String, number: i32) -> Result<Revision, RpcError> {
    todo!()
}

/// A deployment of a project on a host. Nothing is done there yet: a plan comes first.
#[server(endpoint = "deployments/create", prefix = "/rpc")]
pub async fn create_deployment(project: i32, host: Uuid) -> Result<DeployMeta, RpcError> {
    todo!()
}

/// Asks the agent what would change. Without a revision: by the project as it is now.
#[server(endpoint = "deployments/plan", prefix = "/rpc")]
pub async fn plan_deployment(hash: String, revision: Option<i32>) -> Result<PlanAnswer, RpcError> {
    todo!()
}

/// The plan for a revision, once more waited for.
#[server(endpoint = "deployments/await-plan", prefix = "/rpc")]
pub async fn await_plan(hash: String, revision: i32) -> Result<PlanAnswer, RpcError> {
    todo!()
}

#[server(endpoint = "deployments/apply", prefix = "/rpc", input = Json)]
pub async fn apply_plan(hash: String, request: ApplyRequest) -> Result<StartedCommand, RpcError> {
    todo!()
}

/// Takes it down. Volumes stay, except those that are named.
#[server(endpoint = "deployments/remove", prefix = "/rpc", input = Json)]
pub async fn remove_deployment(hash: String, volumes: Vec<String>) -> Result<StartedCommand, RpcError> {
    todo!()
}

/// Writes what runs on the host into the project.
#[server(endpoint = "deployments/adopt", prefix = "/rpc")]
pub async fn adopt_drift(hash: String) -> Result<(), RpcError> {
    todo!()
}

#[server(endpoint = "deployments/control", prefix = "/rpc")]
pub async fn control_service(hash: String, service: String, action: ServiceAction) -> Result<(), RpcError> {
    todo!()
}

#[server(endpoint = "deployments/cancel", prefix = "/rpc")]
pub async fn cancel_command(hash: String, command_id: String) -> Result<(), RpcError> {
    todo!()
}

/// Asks the agent, and waits for its answer a few seconds.
#[server(endpoint = "deployments/logs", prefix = "/rpc")]
pub async fn read_logs(hash: String, service: String, cursor: Option<String>) -> Result<LogPage, RpcError> {
    todo!()
}
