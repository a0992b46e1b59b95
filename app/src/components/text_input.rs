//! A text field of one line.

use leptos::prelude::*;

use super::field::{Field, described_by};

/// The classes of every text control.
pub const CONTROL: &str = "h-control w-full min-w-0 rounded-control bg-panel px-2 text-control text-ink ring-1 ring-edge ring-inset placeholder:text-muted aria-invalid:ring-error";

/// In a plain form, pass `name` and `value`; to use the value in code, pass `bind` and `on_input`. Without `bind`, the field
/// is not changed after the first render, so text typed before hydration stays.
#[component]
pub fn TextInput(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] name: Option<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional, into)] value: Option<String>,
    #[prop(optional, into)] bind: Option<Signal<String>>,
    #[prop(optional, into)] on_input: Option<Callback<String>>,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] placeholder: Option<String>,
    /// A pattern that the browser checks before it sends the form.
    #[prop(optional, into)]
    pattern: Option<String>,
    #[prop(optional)] max_length: Option<u16>,
    #[prop(optional)] required: bool,
    /// For images, ports and other code.
    #[prop(optional)]
    mono: bool,
) -> impl IntoView {
    let described = described_by(&id, help.is_some());
    let first = value.or_else(|| bind.map(|bind| bind.get_untracked()));
    let class = if mono { format!("{CONTROL} font-mono") } else { CONTROL.to_owned() };
    let typed = move |event| {
        if let Some(on_input) = on_input {
            on_input.run(event_target_value(&event));
        }
    };
    let input = view! {
        <input
            id=id.clone()
            name=name
            type=kind
            value=first
            placeholder=placeholder
            pattern=pattern
            maxlength=max_length
            required=required
            autocomplete="off"
            spellcheck="false"
            class=class
            aria-describedby=described
            aria-invalid=move || error.get().map(|_| "true")
            on:input=typed
        />
    };
    let input = match bind {
        Some(bind) => {
            input.add_any_attr(leptos::tachys::html::property::prop("value", move || bind.get())).into_any()
        }
        None => input.into_any(),
    };
    let children: Children = Box::new(move || input);
    match help {
        Some(help) => view! { <Field id label help error children /> }.into_any(),
        None => view! { <Field id label error children /> }.into_any(),
    }
}
