//! Cells of the tables in the inspector: environment, ports, volumes.

use leptos::{
    ev::{ClipboardEvent, FocusEvent},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use super::live_field::{Commit, Typing, Verdict, anything};
use crate::{
    builder::state::session::use_session,
    components::{CONTROL, Icon, Sign},
};

/// A field without a visible label; the column says what it is. Its error is shown by the row.
#[component]
pub fn Cell(
    #[prop(into)] testid: String,
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] commit: Callback<String, Verdict>,
    #[prop(optional, into)] check: Option<Callback<String, Verdict>>,
    #[prop(optional)] when: Commit,
    #[prop(optional, into)] placeholder: String,
    /// Where the row shows what is wrong.
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    let session = use_session();
    let typing = Typing::new(value, commit, check.unwrap_or_else(anything), when);
    Effect::new(move |_| error.set(typing.error.get()));
    view! {
        <input
            type="text"
            class=format!("{CONTROL} font-mono text-body")
            data-testid=testid
            aria-label=label
            autocomplete="off"
            spellcheck="false"
            placeholder=placeholder
            aria-invalid=move || typing.error.get().map(|_| "true")
            value=value.get_untracked()
            prop:value=move || typing.shown()
            on:input=typing.on_input()
            on:keydown=typing.on_key()
            on:blur=move |_| {
                typing.left();
                session.settle();
            }
        />
    }
}

/// A field of the empty last row: plain text, until the row is left.
#[component]
pub fn NewCell(
    #[prop(into)] testid: String,
    #[prop(into)] label: String,
    text: RwSignal<String>,
    #[prop(optional, into)] placeholder: String,
) -> impl IntoView {
    view! {
        <input
            type="text"
            class=format!("{CONTROL} font-mono text-body")
            data-testid=testid
            aria-label=label
            autocomplete="off"
            spellcheck="false"
            placeholder=placeholder
            prop:value=move || text.get()
            on:input=move |event| text.set(event_target_value(&event))
        />
    }
}

/// What is wrong with a row, under it.
#[component]
pub fn RowError(#[prop(into)] error: Signal<Option<String>>) -> impl IntoView {
    view! {
        <p class="row-error" aria-live="polite">
            {move || error.get()}
        </p>
    }
}

#[component]
pub fn RemoveRow(
    #[prop(into)] testid: String,
    #[prop(into)] label: String,
    #[prop(into)] on_remove: Callback<()>,
) -> impl IntoView {
    view! {
        <button type="button" class="row-remove" data-testid=testid aria-label=label on:click=move |_| on_remove.run(())>
            <Icon sign=Sign::Close size=14 />
        </button>
    }
}

/// Whether the focus goes out of the row this event came from.
pub fn leaves_row(event: &FocusEvent) -> bool {
    let row = event.current_target().and_then(|row| row.dyn_into::<Element>().ok());
    let next = event.related_target().and_then(|next| next.dyn_into::<Node>().ok());
    row.is_none_or(|row| !row.contains(next.as_ref()))
}

/// Several lines that are pasted into one field; the paste itself is then ours.
pub fn pasted_lines(event: &ClipboardEvent) -> Option<String> {
    let text = event.clipboard_data()?.get_data("text/plain").ok()?;
    text.trim().contains('\n').then_some(text)
}
