//! Tabs and their panels. Arrow keys move between tabs; the Tab key moves into the panel.

use leptos::{ev::KeyboardEvent, prelude::*};

use crate::browser;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tab {
    /// Part of the element ids, so it must be unique on the page.
    pub id: &'static str,
    pub label: &'static str,
}

#[component]
pub fn Tabs(
    /// The label of the tab list for screen readers.
    #[prop(into)]
    label: String,
    tabs: &'static [Tab],
    selected: RwSignal<&'static str>,
) -> impl IntoView {
    let moved = move |event: KeyboardEvent| {
        let Some(at) = tabs.iter().position(|tab| tab.id == selected.get_untracked()) else { return };
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % tabs.len(),
            "ArrowLeft" => (at + tabs.len() - 1) % tabs.len(),
            "Home" => 0,
            "End" => tabs.len() - 1,
            _ => return,
        };
        event.prevent_default();
        if let Some(tab) = tabs.get(to) {
            selected.set(tab.id);
            browser::focus(&button_id(tab.id));
        }
    };
    let buttons = tabs
        .iter()
        .map(|tab| {
            let id = tab.id;
            let chosen = move || selected.get() == id;
            view! {
                <button
                    type="button"
                    role="tab"
                    id=button_id(id)
                    aria-controls=panel_id(id)
                    aria-selected=move || if chosen() { "true" } else { "false" }
                    tabindex=move || if chosen() { "0" } else { "-1" }
                    on:click=move |_| selected.set(id)
                    class="h-control shrink-0 border-b-2 border-transparent px-2 text-body font-medium text-muted transition hover:text-ink focus-visible:-outline-offset-2 aria-selected:border-accent aria-selected:text-ink"
                >
                    {tab.label}
                </button>
            }
        })
        .collect_view();
    view! {
        <div role="tablist" aria-label=label class="flex flex-wrap gap-x-1 border-b border-line" on:keydown=moved>
            {buttons}
        </div>
    }
}

/// The panel of one tab. Its content is rendered only while the tab is selected.
#[component]
pub fn TabPanel(id: &'static str, selected: RwSignal<&'static str>, children: ChildrenFn) -> impl IntoView {
    view! {
        <div
            role="tabpanel"
            id=panel_id(id)
            aria-labelledby=button_id(id)
            tabindex="0"
            hidden=move || selected.get() != id
        >
            {move || (selected.get() == id).then(|| children())}
        </div>
    }
}

fn button_id(tab: &str) -> String {
    format!("tab-{tab}")
}

fn panel_id(tab: &str) -> String {
    format!("panel-{tab}")
}
