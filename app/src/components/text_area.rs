//! A text field of several lines: the only file that contains a `<textarea>`.
//!
//! Leptos 0.8 does not escape the children of a `<textarea>` when it renders a page (leptos#4819); with users' text that would
//! be stored cross-site scripting. So a `<textarea>` has no children here: its value is a property that is set after
//! hydration. `scripts/check/forbidden-text.sh` rejects the tag anywhere else.

use leptos::prelude::*;

use super::field::{Field, described_by};

#[component]
pub fn TextArea(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] name: Option<String>,
    #[prop(optional, into)] bind: Option<Signal<String>>,
    #[prop(optional, into)] on_input: Option<Callback<String>>,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(default = 8)] rows: u16,
    #[prop(optional)] required: bool,
    /// Use it for compose files and commands.
    #[prop(optional)]
    mono: bool,
    #[prop(optional)] node_ref: NodeRef<leptos::html::Textarea>,
) -> impl IntoView {
    let described = described_by(&id, help.is_some());
    let font = if mono { "font-mono text-body" } else { "text-control" };
    let typed = move |event| {
        if let Some(on_input) = on_input {
            on_input.run(event_target_value(&event));
        }
    };
    let area = view! {
        <textarea
            id=id.clone()
            name=name
            rows=rows
            placeholder=placeholder
            required=required
            autocomplete="off"
            spellcheck="false"
            node_ref=node_ref
            class=format!(
                "w-full min-w-0 rounded-control bg-panel px-2 py-1.5 text-ink ring-1 ring-edge ring-inset placeholder:text-muted aria-invalid:ring-error {font}",
            )
            aria-describedby=described
            aria-invalid=move || error.get().map(|_| "true")
            on:input=typed
        />
    };
    let area = match bind {
        Some(bind) => {
            area.add_any_attr(leptos::tachys::html::property::prop("value", move || bind.get())).into_any()
        }
        None => area.into_any(),
    };
    let children: Children = Box::new(move || area);
    match help {
        Some(help) => view! { <Field id label help error children /> }.into_any(),
        None => view! { <Field id label error children /> }.into_any(),
    }
}

/// A bare, transparent text area for the compose editor, which places it over the highlighted lines with `class`.
#[component]
pub fn CodeArea(
    #[prop(into)] id: String,
    /// The label for screen readers.
    #[prop(into)]
    label: String,
    class: &'static str,
    #[prop(into)] bind: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    #[prop(optional, into)] read_only: Signal<bool>,
    node_ref: NodeRef<leptos::html::Textarea>,
) -> impl IntoView {
    view! {
        <textarea
            id=id
            class=class
            aria-label=label
            wrap="off"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            readonly=read_only
            node_ref=node_ref
            prop:value=move || bind.get()
            on:input=move |event| on_input.run(event_target_value(&event))
        />
    }
}

/// A field of a table that shows its whole value: it looks like a field of one line and grows with its text. Enter does not
/// insert a line; Shift+Enter does.
#[component]
pub fn LineArea(
    #[prop(into)] testid: String,
    /// The label for screen readers.
    #[prop(into)]
    label: String,
    #[prop(optional, into)] placeholder: String,
    #[prop(into)] bind: Signal<String>,
    #[prop(into)] on_input: Callback<String>,
    #[prop(into)] on_key: Callback<leptos::ev::KeyboardEvent>,
    #[prop(into)] on_leave: Callback<()>,
    #[prop(optional, into)] invalid: Signal<bool>,
    #[prop(optional)] read_only: bool,
    #[prop(optional)] node_ref: NodeRef<leptos::html::Textarea>,
    /// For a visible label and its texts.
    #[prop(optional, into)]
    id: Option<String>,
    #[prop(optional, into)] described_by: Option<String>,
    /// For images, ports and other code.
    #[prop(default = true)]
    mono: bool,
) -> impl IntoView {
    let font = if mono { "font-mono text-body" } else { "text-control" };
    let key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" && !event.shift_key() {
            event.prevent_default();
        }
        on_key.try_run(event);
    };
    view! {
        <textarea
            class=format!(
                "line-area min-h-control w-full min-w-0 rounded-control bg-panel px-2 text-ink ring-1 ring-edge ring-inset placeholder:text-muted aria-invalid:ring-error {font}",
            )
            id=id
            data-testid=testid
            aria-label=label
            aria-describedby=described_by
            placeholder=placeholder
            rows="1"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            readonly=read_only
            node_ref=node_ref
            aria-invalid=move || invalid.get().then_some("true")
            prop:value=move || bind.get()
            on:input=move |event| on_input.run(event_target_value(&event))
            on:keydown=key
            // `try_`: a field that is removed from the page also loses the focus, after its state has been disposed.
            on:blur=move |_| {
                on_leave.try_run(());
            }
        />
    }
}
