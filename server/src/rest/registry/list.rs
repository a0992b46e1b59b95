use axum::extract::State;
use domain::api::{Envelope, RegistryItem};

use crate::{
    auth::Authenticated,
    http::{Answer, ApiError, Failures, ListMeta, PageQuery},
    state::AppState,
};

/// Your credentials for registries, in the order in which they were added. Passwords are masked.
#[utoipa::path(get, path = "/registry", tag = "images", params(PageQuery),
    responses((status = 200, description = "`list`", body = Envelope<RegistryItem, ListMeta>), Failures))]
pub async fn list_registries(
    State(state): State<AppState>,
    Authenticated(caller): Authenticated,
    page: PageQuery,
) -> Result<Answer<RegistryItem, ListMeta>, ApiError> {
    let found = state.services.images().list_credentials(&caller, page.into()).await?;
    Ok(Answer::list("OK", found.items).meta(ListMeta::of(found.next)))
}
