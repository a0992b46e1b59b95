//! Images, while a person edits: what registries say about them, and which tags there are.

use domain::api::{ImageAnswer, ImageTags};
use leptos::{prelude::*, server_fn::codec::Json};

use super::RpcError;

/// What their registries say about these images, in the same order; `None` if registries are switched off on this server.
#[server(endpoint = "images/look-up", prefix = "/rpc", input = Json)]
pub async fn look_up_images(images: Vec<String>) -> Result<Option<Vec<ImageAnswer>>, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.images().look_up(&caller, &images).await?)
}

/// The tags of an image's repository that contain `search`, the newest versions first.
#[server(endpoint = "images/tags", prefix = "/rpc")]
pub async fn search_image_tags(image: String, search: String) -> Result<ImageTags, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.images().list_tags(&caller, &image, &search).await?)
}
