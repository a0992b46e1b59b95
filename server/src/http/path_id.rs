//! The `{id}` in a path. An id that is not a number gets 404, because nothing exists under it; existing clients expect that.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};

use super::ApiError;

#[derive(Clone, Copy, Debug)]
pub struct PathId(pub i32);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(id) =
            Path::<i32>::from_request_parts(parts, state).await.map_err(|_| ApiError::not_found())?;
        Ok(Self(id))
    }
}
