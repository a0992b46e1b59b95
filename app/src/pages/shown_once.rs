//! In a dialog: secrets that nobody can show again, each to be copied.

use leptos::prelude::*;

use crate::components::{Button, Callout, CopyLine, Look, Tone};

#[component]
pub(super) fn ShownOnce(
    #[prop(into)] title: String,
    /// What else is to be known of them.
    text: &'static str,
    /// For screen readers, as a heading, and the secret.
    lines: Vec<(&'static str, String, String)>,
    /// Of the dialog.
    open: RwSignal<bool>,
) -> impl IntoView {
    let lines = lines
        .into_iter()
        .map(|(label, heading, secret)| {
            view! {
                <div class="flex flex-col gap-1">
                    <p class="font-medium">{heading}</p>
                    <CopyLine label text=secret />
                </div>
            }
        })
        .collect_view();
    view! {
        <div class="flex flex-col gap-4">
            <Callout tone=Tone::Ok title>
                "Copy it now: it is shown this once. "
                {text}
            </Callout>
            {lines}
            <div class="flex justify-end">
                <Button look=Look::Primary on:click=move |_| open.set(false)>
                    "Done"
                </Button>
            </div>
        </div>
    }
    .into_any()
}
