//! What the caller keeps of what an account may.

use domain::api::AccountUsage;
use leptos::prelude::*;

use super::RpcError;

#[server(endpoint = "account/usage", prefix = "/rpc")]
pub async fn load_usage() -> Result<AccountUsage, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.account().usage(&caller).await?)
}
