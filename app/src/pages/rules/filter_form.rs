//! The search field above the tables of the rules page.

use leptos::prelude::*;
use leptos_router::components::Form;

use super::address::PAGE;
use crate::components::{CONTROL, Icon, Look, Sign};

/// Filters by a text and leaves the rest of the question unchanged: `kept` are the parameters that stay in the URL.
#[component]
pub(super) fn FilterForm(
    name: &'static str,
    label: &'static str,
    value: String,
    kept: Vec<(&'static str, String)>,
) -> impl IntoView {
    let kept = kept
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    let id = format!("filter-{name}");
    view! {
        <Form method="get" action=PAGE attr:role="search" attr:class="flex min-w-40 gap-2 max-sm:w-full sm:w-72">
            {kept}
            <label for=id.clone() class="sr-only">
                {label}
            </label>
            <input id=id type="search" name=name value=value placeholder=label maxlength="128" autocomplete="off" class=CONTROL />
            <button type="submit" class=Look::Icon.class() aria-label=label>
                <Icon sign=Sign::Search />
            </button>
        </Form>
    }
}
