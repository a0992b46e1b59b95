//! Choices that this browser remembers and that the server needs for the first paint, such as the theme and the sizes of panels.
//!
//! They are no secrets: scripts read and write them on purpose.

/// The value of a cookie in a `Cookie` header or in `document.cookie`.
pub fn find<'c>(cookies: &'c str, name: &str) -> Option<&'c str> {
    cookies
        .split(';')
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// The cookies of the current request or, in the browser, of the document.
#[cfg(feature = "ssr")]
pub fn all() -> String {
    use axum::http::{header::COOKIE, request::Parts};

    leptos::prelude::use_context::<Parts>()
        .and_then(|parts| parts.headers.get(COOKIE)?.to_str().ok().map(str::to_owned))
        .unwrap_or_default()
}

#[cfg(not(feature = "ssr"))]
pub fn all() -> String {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;

        leptos::prelude::document()
            .dyn_into::<web_sys::HtmlDocument>()
            .ok()
            .and_then(|document| document.cookie().ok())
            .unwrap_or_default()
    }
    #[cfg(not(feature = "hydrate"))]
    String::new()
}

/// Remembers a value for a year. If the browser rejects cookies, the choice lasts until the page is left.
pub fn remember(name: &str, value: &str) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;

        const YEAR_S: u32 = 365 * 24 * 60 * 60;
        if let Ok(document) = leptos::prelude::document().dyn_into::<web_sys::HtmlDocument>() {
            drop(document.set_cookie(&format!("{name}={value}; Path=/; Max-Age={YEAR_S}; SameSite=Lax")));
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (name, value);
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn a_cookie_is_found_among_others() {
        assert_eq!(find("a=b; stacker-theme=dark; c=d", "stacker-theme"), Some("dark"));
        assert_eq!(find("xstacker-theme=dark", "stacker-theme"), None);
        assert_eq!(find("", "stacker-theme"), None);
    }
}
