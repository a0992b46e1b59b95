//! Shown in place of an empty list: one sentence, one action, one example.

use leptos::prelude::*;

use super::{Icon, Sign};

#[component]
pub fn EmptyState(
    #[prop(default = Sign::Stack)] sign: Sign,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    /// The next step.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="flex flex-col items-center gap-1 px-4 py-10 text-center">
            <span class="mb-2 text-muted">
                <Icon sign size=32 />
            </span>
            <h2 class="text-lead font-semibold">{title}</h2>
            <p class="max-w-prose text-pretty text-muted">{text}</p>
            {children.map(|children| view! { <div class="mt-4 flex flex-wrap justify-center gap-2">{children()}</div> })}
        </div>
    }
}
