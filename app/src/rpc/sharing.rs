//! Members of a project and invitations to it.

use domain::{
    access::ProjectRole,
    api::{Invitation, Sharing},
};
use leptos::prelude::*;
use uuid::Uuid;

use super::RpcError;

#[server(endpoint = "sharing/load", prefix = "/rpc")]
pub async fn load_sharing(id: i32) -> Result<Sharing, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.projects().sharing(&caller, id).await?)
}

/// Creates an invitation. The result contains its code, which is never shown again.
#[server(endpoint = "sharing/invite", prefix = "/rpc")]
pub async fn invite(id: i32, role: ProjectRole) -> Result<Invitation, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.projects().invite(&caller, id, role).await?)
}

#[server(endpoint = "sharing/withdraw", prefix = "/rpc")]
pub async fn withdraw_invitation(id: i32, invitation: Uuid) -> Result<(), RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.projects().withdraw_invitation(&caller, id, invitation).await?)
}

#[server(endpoint = "sharing/set-role", prefix = "/rpc")]
pub async fn set_member_role(id: i32, user_id: String, role: ProjectRole) -> Result<(), RpcError> {
    let caller = super::caller()?;
    super::services()?.projects().set_role(&caller, id, &user_id, role).await?;
    Ok(())
}

#[server(endpoint = "sharing/remove", prefix = "/rpc")]
pub async fn remove_member(id: i32, user_id: String) -> Result<(), RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.projects().remove_member(&caller, id, &user_id).await?)
}

/// Ends the caller's own membership.
#[server(endpoint = "sharing/leave", prefix = "/rpc")]
pub async fn leave_project(id: i32) -> Result<(), RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.projects().remove_member(&caller, id, &caller.user_id).await?)
}
