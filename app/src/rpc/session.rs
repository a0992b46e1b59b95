//! Who is signed in.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::RpcError;

/// What the page header shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    pub name: String,
    pub email: Option<String>,
}

#[server(endpoint = "session/viewer", prefix = "/rpc")]
pub async fn get_viewer() -> Result<Viewer, RpcError> {
    let caller = super::caller()?;
    Ok(Viewer { name: caller.name, email: caller.email })
}
