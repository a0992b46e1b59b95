//! Rows under a header that stays. Scrolls sideways inside itself, never the page.

use leptos::prelude::*;

/// `children` are `<tr>`s.
#[component]
pub fn Table(
    /// What the table is, for screen readers.
    #[prop(into)]
    caption: String,
    /// Column titles; an empty one is for actions.
    columns: Vec<&'static str>,
    children: Children,
) -> impl IntoView {
    let columns = columns
        .into_iter()
        .map(|column| {
            view! {
                <th scope="col" class="sticky top-0 border-b border-line bg-panel px-4 py-2 font-medium text-muted">
                    {if column.is_empty() {
                        view! { <span class="sr-only">"Actions"</span> }.into_any()
                    } else {
                        column.into_any()
                    }}
                </th>
            }
        })
        .collect_view();
    view! {
        <div class="overflow-x-auto rounded-panel bg-panel hairline">
            <table class="w-full border-collapse text-left text-body">
                <caption class="sr-only">{caption}</caption>
                <thead>
                    <tr>{columns}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
