//! The signed-in user: their header, the limits of their account, their browser sessions, and how to sign in.

use domain::api::{AccountUsage, BrowserSession};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::RpcError;

/// What the page header shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    pub name: String,
    pub email: Option<String>,
    /// Whether the link to the rules page is shown.
    pub sees_rules: bool,
}

#[server(endpoint = "session/viewer", prefix = "/rpc")]
pub async fn get_viewer() -> Result<Viewer, RpcError> {
    use domain::access::{Action, Resource, may};
    let caller = super::caller()?;
    let sees_rules = may(&caller, Resource::Rules, Action::Read);
    Ok(Viewer { name: caller.name, email: caller.email, sees_rules })
}

/// How much of the account's limits the caller uses.
#[server(endpoint = "account/usage", prefix = "/rpc")]
pub async fn load_usage() -> Result<AccountUsage, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.account().usage(&caller).await?)
}

/// How users sign in on this server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WayIn {
    /// The one-time link of the local operator.
    Link,
    /// Sign-in at a provider of this name. `is_known`: its sign-in URL is known, so a browser can be sent there even while
    /// the provider does not answer this server.
    Provider { name: String, is_known: bool },
    /// No sign-in with a browser: the provider only tells which user a bearer token belongs to.
    Bearer,
}

#[server(endpoint = "session/way-in", prefix = "/rpc")]
pub async fn get_way_in() -> Result<WayIn, RpcError> {
    let services = super::services()?;
    Ok(match services.provider_sign_in() {
        Some(provider) => {
            WayIn::Provider { name: provider.provider_name().to_owned(), is_known: provider.is_known() }
        }
        None if services.signs_in_by_link() => WayIn::Link,
        None => WayIn::Bearer,
    })
}

/// All browser sessions of the caller.
#[server(endpoint = "session/list", prefix = "/rpc")]
pub async fn list_sessions() -> Result<Vec<BrowserSession>, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.sessions().list(&caller, &super::current_session()).await?)
}

#[server(endpoint = "session/end", prefix = "/rpc")]
pub async fn end_session(id: Uuid) -> Result<(), RpcError> {
    let caller = super::caller()?;
    super::services()?.sessions().end_one(&caller, id).await?;
    Ok(())
}
