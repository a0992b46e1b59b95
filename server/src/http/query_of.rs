//! The query of a request. A query that cannot be read is a bad request with an envelope. So is one with a NUL character, which
//! PostgreSQL cannot store: it is rejected here, before a use case sees it.

use axum::{
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use super::ApiError;

#[derive(Clone, Copy, Debug)]
pub struct QueryOf<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for QueryOf<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(ApiError::bad_request("invalid-query", "the query must not hold the character NUL"));
        }
        let query = Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|Query(query)| Self(query))
            .map_err(|error| ApiError::bad_request("invalid-query", error.body_text()))
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::Request};

    use super::*;

    #[tokio::test]
    async fn a_nul_is_refused_and_an_escaped_percent_sign_is_text() {
        for (query, is_read) in [("a=%00", false), ("%00", false), ("a=%2500", true), ("", true)] {
            let request = Request::get(format!("/?{query}")).body(Body::empty()).unwrap();
            let (mut parts, _) = request.into_parts();
            let read = QueryOf::<Vec<(String, String)>>::from_request_parts(&mut parts, &()).await;
            assert_eq!(read.map_err(|error| error.code().to_owned()).is_ok(), is_read, "{query}");
        }
    }
}
