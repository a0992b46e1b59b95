//! Shows the text of a check rule or a refusal on the page.

use leptos::prelude::*;

use crate::{builder::model::sentence::sentence, components::MarkedText};

/// Shows the text as a sentence, with code in a monospaced font.
#[component]
pub fn Prose(#[prop(into)] text: String) -> impl IntoView {
    view! { <MarkedText text=sentence(&text) /> }
}
