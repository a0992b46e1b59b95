//! The list of keyboard shortcuts (`?`).

use leptos::prelude::*;

use crate::{
    builder::state::{
        session::use_session,
        shortcuts::{SHORTCUTS, let_single_keys_work, single_keys_work},
    },
    components::Dialog,
};

#[component]
pub fn ShortcutHelp() -> impl IntoView {
    let open = use_session().panels.helping;
    view! {
        <Dialog id="shortcuts" title="Keyboard shortcuts" open>
            {move || open.get().then(|| view! { <Shortcuts /> })}
        </Dialog>
    }
}

#[component]
fn Shortcuts() -> impl IntoView {
    view! {
        <dl class="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-2" data-testid="shortcut-list">
            {SHORTCUTS
                .into_iter()
                .map(|(keys, what)| {
                    view! {
                        <dt>
                            <kbd class="keys">{keys}</kbd>
                        </dt>
                        <dd>{what}</dd>
                    }
                })
                .collect_view()}
        </dl>
        <label class="mt-4 flex items-center gap-2 border-t border-line pt-3">
            <input
                type="checkbox"
                class="size-4 accent-accent"
                prop:checked=single_keys_work()
                on:change=move |event| let_single_keys_work(event_target_checked(&event))
            />
            "Single keys work too (/ and ?)"
        </label>
    }
}
