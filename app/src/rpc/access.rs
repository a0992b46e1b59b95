//! What programs are let in with: tokens and API clients of one's own.

use domain::{
    access::Scope,
    api::{AccessToken, ApiClient},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::RpcError;

/// Without any secret.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Credentials {
    pub tokens: Vec<AccessToken>,
    pub clients: Vec<ApiClient>,
}

/// What can be done to a client that is there. Both of the first give it a new secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientChange {
    Rotate,
    Enable,
    Disable,
}

#[server(endpoint = "access/list", prefix = "/rpc")]
pub async fn list_credentials() -> Result<Credentials, RpcError> {
    let caller = super::caller()?;
    let services = super::services()?;
    let tokens = services.tokens().list(&caller).await?;
    Ok(Credentials { tokens, clients: services.clients().list(&caller).await? })
}

/// With its bearer, which is shown this once. `days`: how long it lasts; 0: no end.
#[server(endpoint = "access/create-token", prefix = "/rpc")]
pub async fn create_token(name: String, scope: Scope, days: u16) -> Result<AccessToken, RpcError> {
    let caller = super::caller()?;
    let services = super::services()?;
    let new = domain::api::CreateAccessToken { name, scope, expires_at: end(&services, days) };
    Ok(services.tokens().create(&caller, new).await?)
}

#[server(endpoint = "access/revoke-token", prefix = "/rpc")]
pub async fn revoke_token(id: Uuid) -> Result<(), RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.tokens().revoke(&caller, id).await?)
}

/// With its secret, which is shown this once. `days`: how long it lasts; 0: no end.
#[server(endpoint = "access/create-client", prefix = "/rpc")]
pub async fn create_client(name: String, scope: Scope, days: u16) -> Result<ApiClient, RpcError> {
    let caller = super::caller()?;
    let services = super::services()?;
    let new = domain::api::CreateApiClient {
        name: Some(name),
        scope: Some(scope),
        expires_at: end(&services, days),
        ..domain::api::CreateApiClient::default()
    };
    Ok(services.clients().create(&caller, new).await?)
}

#[server(endpoint = "access/change-client", prefix = "/rpc")]
pub async fn change_client(id: i32, change: ClientChange) -> Result<ApiClient, RpcError> {
    use stacker::services::Whose::Own;
    let caller = super::caller()?;
    let clients = super::services()?.clients();
    Ok(match change {
        ClientChange::Rotate => clients.rotate(&caller, Own, id).await?,
        ClientChange::Enable => clients.enable(&caller, Own, id).await?,
        ClientChange::Disable => clients.disable(&caller, Own, id).await?,
    })
}

#[cfg(feature = "ssr")]
fn end(services: &stacker::services::Services, days: u16) -> Option<chrono::DateTime<chrono::Utc>> {
    (days > 0).then(|| services.context().clock.now() + chrono::TimeDelta::days(days.into()))
}
