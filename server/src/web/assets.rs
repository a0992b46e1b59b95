//! Static files: those of the build (under `/pkg`, hashed, compressed in advance, cached by browsers forever) and those in
//! `public/` (revalidated, 304 while unchanged).

use std::{fs, path::Path};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse as _, Redirect, Response},
    routing::{any_service, get},
};
use leptos::config::LeptosOptions;
use leptos_axum::{site_pkg_dir_service, site_pkg_dir_service_route_path};

use crate::{http::ApiError, state::AppState};

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("public, no-cache");

pub fn router(options: &LeptosOptions) -> Router<AppState> {
    let kept = if options.hash_files { FOR_EVER } else { ASK_AGAIN };
    let files = site_pkg_dir_service(options);
    let built = Router::new()
        .route(&site_pkg_dir_service_route_path(options), any_service(files.clone()))
        .layer(from_fn_with_state(kept, conditional));

    let root = Path::new(&*options.site_root);
    let mut paths = Vec::new();
    list(root, "", &mut paths);
    let built_folder = format!("/{}/", options.site_pkg_dir);
    let public = paths
        .iter()
        .filter(|path| !path.starts_with(&built_folder))
        .fold(Router::new(), |router, path| router.route(path, any_service(files.clone())));
    let public = if paths.iter().any(|path| path == "/favicon.ico") {
        public
    } else {
        // For clients that do not read the page's own link to the icon.
        public.route("/favicon.ico", get(|| async { Redirect::permanent("/favicon.svg") }))
    };
    built.merge(public.layer(from_fn_with_state(ASK_AGAIN, conditional)))
}

/// URL paths of the files in a folder and below it. The service itself finds the compressed copies.
fn list(folder: &Path, prefix: &str, paths: &mut Vec<String>) {
    // A missing folder has no files; the pages then show that the build is missing.
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = format!("{prefix}/{name}");
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
        if entry.path().is_dir() {
            list(&entry.path(), &path, paths);
        } else if plain && !name.ends_with(".br") && !name.ends_with(".gz") {
            paths.push(path);
        }
    }
}

/// Adds `ETag` and `Cache-Control` to files, returns 304 when the client has the file, and the envelope when there is none.
async fn conditional(State(kept): State<HeaderValue>, mut request: Request, next: Next) -> Response {
    let held = request.headers_mut().remove(header::IF_NONE_MATCH);
    if held.is_some() {
        // The date counts only if there is no tag (RFC 9110, 13.1.3).
        request.headers_mut().remove(header::IF_MODIFIED_SINCE);
    }
    let mut response = next.run(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        return ApiError::not_found().into_response();
    }
    if !response.status().is_success() && response.status() != StatusCode::NOT_MODIFIED {
        return response;
    }
    response.headers_mut().insert(header::CACHE_CONTROL, kept);
    let Some(tag) = tag(response.headers()) else { return response };
    if response.status() == StatusCode::OK && held.is_some_and(|held| names(&held, &tag)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = axum::body::Body::empty();
        for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::CONTENT_ENCODING] {
            response.headers_mut().remove(name);
        }
    }
    response.headers_mut().insert(header::ETAG, tag);
    response
}

/// The tag is made of time, size and encoding. It is weak, because the time is in whole seconds.
fn tag(headers: &HeaderMap) -> Option<HeaderValue> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let changed = text(header::LAST_MODIFIED)?.replace([' ', ',', ':'], "");
    let size = text(header::CONTENT_LENGTH)?;
    let encoding = text(header::CONTENT_ENCODING).unwrap_or("plain");
    HeaderValue::from_str(&format!("W/\"{changed}-{size}-{encoding}\"")).ok()
}

fn names(held: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(held), Ok(tag)) = (held.to_str(), tag.to_str()) else { return false };
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    held.trim() == "*" || held.split(',').any(|candidate| opaque(candidate) == opaque(tag))
}
