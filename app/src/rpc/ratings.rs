//! Ratings of products, as their page shows them. Rating and reporting are plain forms.

use domain::rating::{Category, ProductRatings};
use leptos::prelude::*;

use super::RpcError;

/// What people think of one side of a product, newest first. `after` is `next` of the previous page.
#[server(endpoint = "ratings/load", prefix = "/rpc")]
pub async fn load_ratings(
    category: Category,
    product: i32,
    after: Option<i32>,
) -> Result<ProductRatings, RpcError> {
    let caller = super::caller()?;
    let page = stacker::services::Page { limit: Some(50), after };
    Ok(super::services()?.ratings().of_product(&caller, product, category, page).await?)
}
