//! Parts of a path that are not numbers. A name that cannot be read gets 404, because nothing exists under it. So does one with a
//! NUL character, which PostgreSQL cannot store; it is rejected here, before a use case sees it.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use super::ApiError;

/// A text, an id, or several of them as a tuple.
#[derive(Clone, Debug)]
pub struct PathPart<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for PathPart<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        // The only spelling of NUL in a path; an escaped percent sign, `%2500`, does not contain it.
        if parts.uri.path().contains("%00") {
            return Err(ApiError::not_found());
        }
        let Path(part) =
            Path::<T>::from_request_parts(parts, state).await.map_err(|_| ApiError::not_found())?;
        Ok(Self(part))
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, body::Body, http::Request, routing::get};
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test]
    async fn a_nul_names_nothing_and_an_escaped_percent_sign_is_text() {
        let app = Router::new().route("/{name}", get(|PathPart(name): PathPart<String>| async { name }));
        for (path, status) in [("/a%00b", 404), ("/%00", 404), ("/a%2500b", 200)] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            assert_eq!(app.clone().oneshot(request).await.unwrap().status(), status, "{path}");
        }
    }
}
