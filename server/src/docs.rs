//! `/openapi.json`, `/docs` and `/docs/rules`: the documentation, open to everybody, without a script.

use std::{future::ready, sync::Arc};

use app::{
    docs::{api, rules},
    theme::Theme,
};
use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse as _, Redirect, Response},
    routing::get,
};
use leptos::prelude::LeptosOptions;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::{http::ApiError, middleware::csp, state::AppState};

const DOCUMENT: &str = "/openapi.json";

/// The document and its page are written once, not per request.
pub fn router(
    document: &utoipa::openapi::OpenApi,
    options: &LeptosOptions,
) -> Result<Router<AppState>, serde_json::Error> {
    let text: Arc<serde_json::value::RawValue> = serde_json::value::to_raw_value(document)?.into();
    let value = serde_json::to_value(document)?;
    let pages: [(Theme, Arc<str>); 3] =
        Theme::ALL.map(|theme| (theme, api::page(&value, DOCUMENT, options, theme).into()));
    let docs = Router::new()
        .route("/docs", get(move |headers: HeaderMap| ready(of_theme(&pages, theme_of(&headers)))))
        .route("/docs/", get(|| async { Redirect::permanent("/docs") }))
        .route("/docs/rules", get(all_rules))
        .route("/docs/rules/{code}", get(one_rule))
        .layer(SetResponseHeaderLayer::if_not_present(header::CONTENT_SECURITY_POLICY, csp::DOCS));
    let json = Router::new().route(DOCUMENT, get(move || async move { Json(text) }));
    Ok(docs.merge(json).layer(SetResponseHeaderLayer::if_not_present(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache"),
    )))
}

async fn all_rules(State(options): State<LeptosOptions>, headers: HeaderMap) -> Html<String> {
    Html(rules::list(&options, theme_of(&headers)))
}

async fn one_rule(
    State(options): State<LeptosOptions>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Html<String>, ApiError> {
    rules::of_code(&code, &options, theme_of(&headers)).map(Html).ok_or_else(ApiError::not_found)
}

fn of_theme(pages: &[(Theme, Arc<str>); 3], theme: Theme) -> Response {
    let page = pages.iter().find(|(of, _)| *of == theme).map(|(_, page)| page.to_string());
    Html(page.unwrap_or_default()).into_response()
}

/// The theme that the reader chose.
fn theme_of(headers: &HeaderMap) -> Theme {
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Theme::of_cookies(cookies)
}
