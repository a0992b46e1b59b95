//! What stands in the browser's tab.
//!
//! Leptos 0.8 writes the title into the page as it is; in a browser it sets a property. So the server escapes, and only
//! the server: names of projects are users' text.

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
    fn a_title_cannot_end_itself_and_entities_stay_letters() {
        assert_eq!(escaped("</title><script>"), "&lt;/title>&lt;script>");
        assert_eq!(escaped("a &lt; b"), "a &amp;lt; b");
    }
}
