//! Images, while a person edits: what a registry says about one, and which tags there are.

use domain::api::{ImageDetails, ImageTags};
use leptos::prelude::*;

use super::RpcError;

/// What its registry says about an image.
#[server(endpoint = "images/look-up", prefix = "/rpc")]
pub async fn look_up_image(image: String) -> Result<ImageDetails, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.images().look_up(&caller, &image).await?)
}

/// The tags of an image's repository that contain `search`, the newest versions first.
#[server(endpoint = "images/tags", prefix = "/rpc")]
pub async fn search_image_tags(image: String, search: String) -> Result<ImageTags, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.images().list_tags(&caller, &image, &search).await?)
}
