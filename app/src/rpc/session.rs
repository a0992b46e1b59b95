//! Who is signed in.

use domain::api::BrowserSession;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use uuid::Uuid;

use super::RpcError;

/// What the page header shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    pub name: String,
    pub email: Option<String>,
    /// May look at the rules of who may do what.
    pub sees_rules: bool,
}

#[server(endpoint = "session/viewer", prefix = "/rpc")]
pub async fn get_viewer() -> Result<Viewer, RpcError> {
    use domain::access::{Action, Resource, may};
    let caller = super::caller()?;
    let sees_rules = may(&caller, Resource::Rules, Action::Read);
    Ok(Viewer { name: caller.name, email: caller.email, sees_rules })
}

/// How people sign in on this server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WayIn {
    /// The one-time link of the local operator.
    Link,
    /// At a provider of this name. `is_known`: a browser can be sent there although it does not answer us.
    Provider { name: String, is_known: bool },
    /// Not with a browser: a provider only says whose bearers are.
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

/// All browsers that are signed in as who asks.
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
