//! A choice of one of several options.

use leptos::prelude::*;

use super::{
    CONTROL,
    field::{Field, described_by},
};

/// `options` are pairs of value and text.
#[component]
pub fn Select(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] name: Option<String>,
    options: Vec<(String, String)>,
    #[prop(into)] value: Signal<String>,
    #[prop(optional, into)] on_change: Option<Callback<String>>,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let described = described_by(&id, help.is_some());
    let options = options
        .into_iter()
        .map(|(option, text)| {
            let chosen = {
                let option = option.clone();
                move || value.get() == option
            };
            view! {
                <option value=option selected=chosen>
                    {text}
                </option>
            }
        })
        .collect_view();
    let changed = move |event| {
        if let Some(on_change) = on_change {
            on_change.run(event_target_value(&event));
        }
    };
    let select = view! {
        <select
            id=id.clone()
            name=name
            class=CONTROL
            aria-describedby=described
            aria-invalid=move || error.get().map(|_| "true")
            on:change=changed
        >
            {options}
        </select>
    }
    .into_any();
    let children: Children = Box::new(move || select);
    match help {
        Some(help) => view! { <Field id label help error children /> }.into_any(),
        None => view! { <Field id label error children /> }.into_any(),
    }
}
