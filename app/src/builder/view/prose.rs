//! Shows the text of a check rule or a refusal on the page.

use leptos::prelude::*;

use crate::builder::model::sentence::{parts, sentence};

/// Shows the text as a sentence, with code in a monospaced font.
#[component]
pub fn Prose(#[prop(into)] text: String) -> impl IntoView {
    view! { <Phrase text=sentence(&text) /> }
}

/// Shows the text as it is, with code in a monospaced font.
#[component]
pub fn Phrase(#[prop(into)] text: String) -> impl IntoView {
    parts(&text)
        .into_iter()
        .map(|(is_code, part)| {
            if is_code {
                view! { <code class="prose-code">{part}</code> }.into_any()
            } else {
                view! { <span>{part}</span> }.into_any()
            }
        })
        .collect_view()
}
