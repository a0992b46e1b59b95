//! Cells of the tables in the inspector: environment, ports, volumes.

use leptos::{
    ev::{ClipboardEvent, FocusEvent},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use super::live_field::Typing;
use crate::{
    builder::state::session::use_session,
    components::{CONTROL, Icon, Sign},
};

/// A field without a visible label, in a column with a heading. The row shows the error of the field.
#[component]
pub fn Cell(
    #[prop(into)] testid: String,
    #[prop(into)] label: String,
    typing: Typing,
    #[prop(optional, into)] placeholder: String,
    /// Set by this field, shown by the row.
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    let session = use_session();
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
            value=typing.initial()
            prop:value=move || typing.shown()
            on:input=typing.on_input()
            on:keydown=typing.on_key()
            on:blur=move |_| {
                typing.left();
                session.document.settle();
            }
        />
    }
}

/// A field of the empty last row. Its value is applied when the row is left.
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

/// The error of a row, shown under the row.
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

/// Whether this event moves the focus out of its row.
pub fn leaves_row(event: &FocusEvent) -> bool {
    let row = event.current_target().and_then(|row| row.dyn_into::<Element>().ok());
    let next = event.related_target().and_then(|next| next.dyn_into::<Node>().ok());
    row.is_none_or(|row| !row.contains(next.as_ref()))
}

/// The pasted text if it has several lines. `None` for one line, which the browser inserts into the field.
pub fn pasted_lines(event: &ClipboardEvent) -> Option<String> {
    let text = event.clipboard_data()?.get_data("text/plain").ok()?;
    text.trim().contains('\n').then_some(text)
}
