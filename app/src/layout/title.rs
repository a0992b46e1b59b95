//! The title in the browser's tab.
//!
//! Titles contain users' text, for example project names. On the server Leptos 0.8 writes the title into the page without
//! escaping it; in the browser it sets a property, which needs no escaping. So the title is escaped here, on the server only.

pub(crate) fn page_title(page: String) -> String {
    let title = if page.is_empty() { "Stacker".to_owned() } else { format!("{page} · Stacker") };
    if cfg!(feature = "ssr") { escaped(&title) } else { title }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn a_title_cannot_close_its_own_tag_and_entities_stay_text() {
        assert_eq!(escaped("</title><script>"), "&lt;/title>&lt;script>");
        assert_eq!(escaped("a &lt; b"), "a &amp;lt; b");
    }
}
