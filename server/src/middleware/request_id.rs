//! The id of every request: the `X-Request-Id` that a proxy in front has set, otherwise a new one.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};

use crate::state::AppState;

const HEADER: HeaderName = HeaderName::from_static(domain::api::REQUEST_ID_HEADER);

#[derive(Clone, Debug)]
pub struct RequestId(pub Arc<str>);

pub async fn request_id(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let id: Arc<str> = given(request.headers()).unwrap_or_else(|| new_id(&state)).into();
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

fn new_id(state: &AppState) -> String {
    let context = state.services.context();
    context.random.uuid_v7(context.clock.now()).to_string()
}

/// The proxy's id, if it is safe to write into a log line and a header.
fn given(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(HEADER)?.to_str().ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    ((1..=64).contains(&id.len()) && id.chars().all(plain)).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_could_forge_a_log_line_is_not_taken_over() {
        for (id, taken) in
            [("abc-123", true), ("a b", false), ("", false), (&"x".repeat(65), false), ("id\"}", false)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(HEADER, HeaderValue::from_str(id).unwrap());
            assert_eq!(given(&headers).is_some(), taken, "{id}");
        }
    }
}
