//! The content of a dialog with secrets that cannot be shown again. Each has a button that copies it.

use leptos::prelude::*;

use super::{Button, Callout, CopyLine, Look, Tone};

#[component]
pub fn ShownOnce(
    #[prop(into)] title: String,
    /// What else the reader needs to know about the secrets.
    text: &'static str,
    /// Label for screen readers, heading and secret of each.
    lines: Vec<(&'static str, String, String)>,
    /// The dialog's own signal; "Done" closes it.
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
                "Copy it now: it is shown only once. "
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
