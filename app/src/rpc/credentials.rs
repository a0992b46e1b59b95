//! Credentials for programs: the caller's access tokens and API clients.

use domain::{
    access::Scope,
    api::{AccessToken, ApiClient},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::RpcError;

/// The caller's tokens and clients. The lists contain no secrets.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Credentials {
    pub tokens: Vec<AccessToken>,
    pub clients: Vec<ApiClient>,
}

/// A change of an existing client. `Rotate` and `Enable` issue a new secret.
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

/// Creates a token. The result contains the token itself, which is never shown again. It expires after `days`; 0 means never.
#[server(endpoint = "access/create-token", prefix = "/rpc")]
pub async fn create_token(name: String, scope: Scope, days: u16) -> Result<AccessToken, RpcError> {
    let caller = super::caller()?;
    let services = super::services()?;
    let new = domain::api::CreateAccessToken { name, scope, expires_at: expiry(&services, days) };
    Ok(services.tokens().create(&caller, new).await?)
}

#[server(endpoint = "access/revoke-token", prefix = "/rpc")]
pub async fn revoke_token(id: Uuid) -> Result<(), RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.tokens().revoke(&caller, id).await?)
}

/// Creates an API client. The result contains its secret, which is never shown again. It expires after `days`; 0 means never.
#[server(endpoint = "access/create-client", prefix = "/rpc")]
pub async fn create_client(name: String, scope: Scope, days: u16) -> Result<ApiClient, RpcError> {
    let caller = super::caller()?;
    let services = super::services()?;
    let new = domain::api::CreateApiClient {
        name: Some(name),
        scope: Some(scope),
        expires_at: expiry(&services, days),
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
fn expiry(services: &stacker::services::Services, days: u16) -> Option<chrono::DateTime<chrono::Utc>> {
    (days > 0).then(|| services.context().clock.now() + chrono::TimeDelta::days(days.into()))
}
