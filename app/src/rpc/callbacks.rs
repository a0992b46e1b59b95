//! Callbacks: where the server reports what happens. Deleting one is a plain form.

#[cfg(feature = "ssr")]
use domain::callback::UpdateCallback;
use domain::callback::{CallbackDelivery, CallbackSubscription, CreateCallback};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::RpcError;

/// A page of the log of one callback.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryLog {
    /// Newest first.
    pub deliveries: Vec<CallbackDelivery>,
    /// Where the next page begins.
    pub next: Option<i64>,
}

#[server(endpoint = "callbacks/list", prefix = "/rpc")]
pub async fn list_callbacks() -> Result<Vec<CallbackSubscription>, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.callbacks().list(&caller).await?)
}

/// Adds a callback; the answer contains its secret.
#[server(endpoint = "callbacks/add", prefix = "/rpc", input = Json)]
pub async fn add_callback(callback: CreateCallback) -> Result<CallbackSubscription, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.callbacks().create(&caller, &callback).await?)
}

/// Changes where a callback leads and what it is about.
#[server(endpoint = "callbacks/change", prefix = "/rpc", input = Json)]
pub async fn change_callback(
    id: Uuid,
    url: String,
    events: Vec<String>,
) -> Result<CallbackSubscription, RpcError> {
    let change = UpdateCallback { url: Some(url), events: Some(events), enabled: None };
    update(id, change).await
}

/// The answer contains the secret if the callback is enabled for the first time.
#[server(endpoint = "callbacks/enable", prefix = "/rpc")]
pub async fn enable_callback(id: Uuid) -> Result<CallbackSubscription, RpcError> {
    update(id, UpdateCallback { enabled: Some(true), ..UpdateCallback::default() }).await
}

#[server(endpoint = "callbacks/disable", prefix = "/rpc")]
pub async fn disable_callback(id: Uuid) -> Result<CallbackSubscription, RpcError> {
    update(id, UpdateCallback { enabled: Some(false), ..UpdateCallback::default() }).await
}

/// The answer contains the new secret.
#[server(endpoint = "callbacks/rotate", prefix = "/rpc")]
pub async fn rotate_callback(id: Uuid) -> Result<CallbackSubscription, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.callbacks().rotate_secret(&caller, id).await?)
}

/// Sends a test event.
#[server(endpoint = "callbacks/test", prefix = "/rpc")]
pub async fn test_callback(id: Uuid) -> Result<Uuid, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.callbacks().test(&caller, id).await?)
}

/// What was sent to a callback. `after`: only deliveries older than this number.
#[server(endpoint = "callbacks/deliveries", prefix = "/rpc")]
pub async fn list_deliveries(id: Uuid, after: Option<i64>) -> Result<DeliveryLog, RpcError> {
    let caller = super::caller()?;
    let part = stacker::services::DeliveryPart { limit: None, after };
    let read = super::services()?.callbacks().deliveries(&caller, id, part).await?;
    Ok(DeliveryLog { deliveries: read.items, next: read.next })
}

#[server(endpoint = "callbacks/redeliver", prefix = "/rpc")]
pub async fn redeliver(id: Uuid, delivery: Uuid) -> Result<(), RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.callbacks().redeliver(&caller, id, delivery).await?)
}

#[cfg(feature = "ssr")]
async fn update(id: Uuid, change: UpdateCallback) -> Result<CallbackSubscription, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.callbacks().update(&caller, id, &change).await?)
}
