//! A table with a sticky header. If it is too wide, the table scrolls sideways, not the page.

use leptos::prelude::*;

const HEAD: &str = "sticky top-0 border-b border-line bg-panel px-4 py-2 font-medium text-muted";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Title(&'static str),
    /// Hidden on narrow screens, where the first column also shows its content. Its cells need `max-sm:hidden`.
    WideOnly(&'static str),
    Actions,
}

/// `children` are `<tr>`s.
#[component]
pub fn Table(
    /// The label of the table for screen readers.
    #[prop(into)]
    caption: String,
    columns: Vec<Column>,
    children: Children,
) -> impl IntoView {
    let columns = columns
        .into_iter()
        .map(|column| match column {
            Column::Title(title) => view! { <th scope="col" class=HEAD>{title}</th> }.into_any(),
            Column::WideOnly(title) => {
                view! { <th scope="col" class=format!("{HEAD} max-sm:hidden")>{title}</th> }.into_any()
            }
            Column::Actions => view! {
                <th scope="col" class=format!("{HEAD} max-sm:w-14")>
                    <span class="sr-only">"Actions"</span>
                </th>
            }
            .into_any(),
        })
        .collect_view();
    view! {
        <div class="overflow-x-auto rounded-panel bg-panel hairline">
            <table class="w-full border-collapse text-left text-body max-sm:table-fixed">
                <caption class="sr-only">{caption}</caption>
                <thead>
                    <tr>{columns}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}
