//! A badge: a short fact beside a name, for example a count, a port or a tag.

use leptos::prelude::*;

use super::Tone;

#[component]
pub fn Badge(
    #[prop(optional)] tone: Tone,
    #[prop(optional)] mono: bool,
    children: Children,
) -> impl IntoView {
    let font = if mono { "font-mono" } else { "" };
    view! {
        <span class=format!(
            "inline-flex max-w-full items-center rounded-control bg-sunken px-1.5 text-caption ring-1 ring-line ring-inset {font} {}",
            tone.ink(),
        )>
            <span class="truncate">{children()}</span>
        </span>
    }
}
