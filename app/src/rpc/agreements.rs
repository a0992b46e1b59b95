//! Agreements: texts that people accept, some of them before they deploy.

use domain::agreement::Agreement;
use leptos::prelude::*;

use super::RpcError;

#[server(endpoint = "agreements/list", prefix = "/rpc")]
pub async fn list_agreements() -> Result<Vec<Agreement>, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.agreements().list(&caller, stacker::services::Page::default()).await?.items)
}

/// What has to be accepted before the next deployment.
#[server(endpoint = "agreements/next", prefix = "/rpc")]
pub async fn next_agreement() -> Result<Option<Agreement>, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.agreements().next_to_accept(&caller).await?)
}

/// Accepts a text, if it is still the newest one.
#[server(endpoint = "agreements/accept", prefix = "/rpc")]
pub async fn accept_agreement(id: i32, version: i32) -> Result<(), RpcError> {
    let caller = super::caller()?;
    let body = domain::agreement::AcceptAgreement { agrt_id: id, version: Some(version) };
    super::services()?.agreements().accept(&caller, body).await?;
    Ok(())
}
