//! The tables of the inspector: a head, rows of fields, and an always-present empty last row. Environment, labels, ports,
//! volumes and keys are such tables; each file says only what its rows mean.

use domain::stack::Edit;
use leptos::{
    ev::{ClipboardEvent, FocusEvent, KeyboardEvent},
    html,
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use super::live_field::{Typing, Verdict};
use crate::{
    browser,
    builder::state::{notices::Spot, session::use_session},
    components::{Icon, LineArea, MarkedText, Sign},
};

/// `class` names the columns in the style sheet. Several pasted lines become several rows: `pasted` turns them into edits.
#[component]
pub fn Rows(
    class: &'static str,
    head: &'static [&'static str],
    #[prop(optional, into)] pasted: Option<Callback<String, Vec<Edit>>>,
    children: Children,
) -> impl IntoView {
    let session = use_session();
    let paste = move |event: ClipboardEvent| {
        // The browser inserts a single line into the field.
        let lines = browser::pasted_text(&event).filter(|text| text.trim().contains('\n'));
        let edits = lines.zip(pasted).map(|(lines, pasted)| pasted.run(lines)).unwrap_or_default();
        if !edits.is_empty() {
            event.prevent_default();
            session.edit(Spot::Inspector, &edits);
        }
    };
    view! {
        <div class="rows" on:paste=paste>
            <div class=format!("rows-head {class}") aria-hidden="true">
                {head.iter().map(|title| view! { <span>{*title}</span> }).collect_view()}
            </div>
            {children()}
        </div>
    }
}

/// One row with its error below and a button that removes it.
#[component]
pub fn Row(
    class: &'static str,
    #[prop(into)] error: Signal<Option<String>>,
    /// The test id of the button, and its label.
    remove: (String, String),
    #[prop(into)] on_remove: Callback<()>,
    children: Children,
) -> impl IntoView {
    let (testid, label) = remove;
    view! {
        <div class="row">
            <div class=class>{children()} <RemoveRow testid label on_remove /></div>
            <RowError error />
        </div>
    }
}

/// A field of the empty last row.
#[derive(Clone, Copy, Debug)]
pub struct NewField {
    pub testid: &'static str,
    /// For screen readers.
    pub label: &'static str,
    pub placeholder: &'static str,
}

/// The empty last row. When it is left, or on Enter, `add` gets what was typed in both fields; a verdict without error clears
/// them. Nothing happens while both are empty.
#[component]
pub fn NewRow(
    class: &'static str,
    fields: [NewField; 2],
    /// Whether the first column of the table stays empty.
    #[prop(optional)]
    after_gap: bool,
    #[prop(into)] add: Callback<(String, String), Verdict>,
) -> impl IntoView {
    let session = use_session();
    let texts = [RwSignal::new(String::new()), RwSignal::new(String::new())];
    let error = RwSignal::new(None::<String>);
    let first = NodeRef::<html::Textarea>::new();
    // Returns whether a row was added.
    let finish = move || {
        // `try_`: the row may be removed from the page while it has the focus.
        let [a, b] = texts.map(|text| text.try_get_untracked().unwrap_or_default());
        if a.trim().is_empty() && b.trim().is_empty() {
            error.try_set(None);
            return false;
        }
        let done = add.run((a, b));
        session.document.settle();
        error.set(done.clone().err());
        if done.is_ok() {
            texts.iter().for_each(|text| text.set(String::new()));
        }
        done.is_ok()
    };
    let key = move |event: KeyboardEvent| {
        // Enter goes on with the next row.
        if event.key() == "Enter"
            && finish()
            && let Some(field) = first.get_untracked()
        {
            // Fails only for an element that is no longer in the document.
            drop(field.focus());
        }
    };
    let field = move |number: usize, node_ref| {
        let (NewField { testid, label, placeholder }, text) = (fields[number], texts[number]);
        view! {
            <LineArea
                testid
                label
                placeholder
                bind=text
                on_input=move |typed| text.set(typed)
                on_key=move |_| {}
                on_leave=move |()| {}
                read_only=!session.can_edit()
                node_ref
            />
        }
    };
    view! {
        <div
            class="row"
            on:focusout=move |event: FocusEvent| {
                if leaves_row(&event) {
                    finish();
                }
            }
            on:keydown=key
        >
            <div class=class>
                {after_gap.then(|| view! { <span></span> })} {field(0, first)} {field(1, NodeRef::new())} <span></span>
            </div>
            <RowError error />
        </div>
    }
}

/// A field without a visible label, in a column with a heading. It shows its whole value. The row shows the error.
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
        <LineArea
            testid
            label
            placeholder
            bind=Signal::derive(move || typing.shown())
            on_input=move |text| typing.typed(text)
            on_key=move |event| typing.on_key()(event)
            on_leave=move |()| {
                typing.left();
                session.document.settle();
            }
            invalid=Signal::derive(move || typing.error.get().is_some())
            read_only=!session.can_edit()
        />
    }
}

/// The first error of the fields of a row.
pub fn first_error<const N: usize>(errors: [RwSignal<Option<String>>; N]) -> Signal<Option<String>> {
    Signal::derive(move || errors.iter().find_map(|error| error.get()))
}

/// The error of a row, shown under the row.
#[component]
pub fn RowError(#[prop(into)] error: Signal<Option<String>>) -> impl IntoView {
    view! {
        <p class="row-error" aria-live="polite">
            {move || error.get().map(|text| view! { <MarkedText text /> })}
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
fn leaves_row(event: &FocusEvent) -> bool {
    let row = event.current_target().and_then(|row| row.dyn_into::<Element>().ok());
    let next = event.related_target().and_then(|next| next.dyn_into::<Node>().ok());
    row.is_none_or(|row| !row.contains(next.as_ref()))
}
