//! The caller's hosts: list, add, issue enrolment codes, rotate tokens. Renaming and revoking are plain forms.

use domain::api::{Enrolment, Host, HostLists};
use leptos::prelude::*;
use uuid::Uuid;

use super::RpcError;

/// The caller's hosts, this machine first, and their machines in clouds.
#[server(endpoint = "hosts/list", prefix = "/rpc")]
pub async fn list_hosts() -> Result<HostLists, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.hosts().lists(&caller).await?)
}

/// The hosts that a project can be deployed to; this machine first.
#[server(endpoint = "hosts/of-project", prefix = "/rpc")]
pub async fn hosts_of_project(project: i32) -> Result<Vec<Host>, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.hosts().of_project(&caller, project).await?)
}

/// Adds a host that is provisional until its agent has joined. The result contains its enrolment code, which is never shown
/// again. `reached_at` is the address that the browser uses.
#[server(endpoint = "hosts/add", prefix = "/rpc")]
pub async fn add_host(name: String, reached_at: String) -> Result<Enrolment, RpcError> {
    let caller = super::caller()?;
    let host = domain::api::AddHost { name };
    Ok(super::services()?.hosts().invite(&caller, host, Some(&reached_at)).await?)
}

/// Deletes a host that no agent has joined from: its code no longer works.
#[server(endpoint = "hosts/discard", prefix = "/rpc")]
pub async fn discard_host(id: Uuid) -> Result<(), RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.hosts().discard(&caller, id).await?)
}

/// Issues another enrolment code for a host that did not join in time, or that has lost its credentials. Using the code invalidates the old credentials.
#[server(endpoint = "hosts/new-code", prefix = "/rpc")]
pub async fn new_host_code(id: Uuid, reached_at: String) -> Result<Enrolment, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.hosts().enrol_at(&caller, id, Some(&reached_at)).await?)
}

/// Rotates the agent's token: the agent receives a new one with its next poll.
#[server(endpoint = "hosts/rotate-token", prefix = "/rpc")]
pub async fn rotate_host_token(id: Uuid) -> Result<(), RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.hosts().rotate_token(&caller, id).await?)
}
