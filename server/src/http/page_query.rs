//! `?limit=&after=` of lists, and `meta.next` of their answers.

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use serde::{Deserialize, Serialize};
use stacker::services::Page;

use super::ApiError;

#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many, up to 1000, which is also the default.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
    /// `meta.next` of the previous page.
    after: Option<i32>,
}

impl<S: Send + Sync> FromRequestParts<S> for PageQuery {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let query = Query::<Self>::from_request_parts(parts, state).await;
        query
            .map(|Query(query)| query)
            .map_err(|error| ApiError::bad_request("invalid-query", error.body_text()))
    }
}

impl From<PageQuery> for Page {
    fn from(query: PageQuery) -> Self {
        Self { limit: query.limit, after: query.after }
    }
}

/// Present only if there is a next page.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ListMeta {
    /// Send it as `after`.
    pub next: i32,
}

impl ListMeta {
    pub fn of(next: Option<i32>) -> Option<Self> {
        next.map(|next| Self { next })
    }
}
