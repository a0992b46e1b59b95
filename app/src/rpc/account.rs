//! How much of the account's limits the caller uses.

use domain::api::AccountUsage;
use leptos::prelude::*;

use super::RpcError;

#[server(endpoint = "account/usage", prefix = "/rpc")]
pub async fn load_usage() -> Result<AccountUsage, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.account().usage(&caller).await?)
}
