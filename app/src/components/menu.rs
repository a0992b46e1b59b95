//! A menu of actions behind a button. It uses the browser's popover, which opens, closes on Escape or an outside click, and
//! restores the focus without scripts.

use leptos::{ev::MouseEvent, html::Div, prelude::*, wasm_bindgen::JsCast as _};

use super::Look;

/// The classes of links and buttons inside a menu.
pub const MENU_ITEM: &str = "menu-item flex h-control w-full items-center gap-2 rounded-control px-2 text-left text-control whitespace-nowrap text-ink transition hover:bg-hover";

#[component]
pub fn Menu(
    #[prop(into)] id: String,
    /// The label for screen readers, because the button may show only an icon.
    #[prop(into)]
    label: String,
    #[prop(default = Look::Icon)] look: Look,
    /// What the button shows.
    button: ViewFn,
    children: Children,
) -> impl IntoView {
    let panel = NodeRef::<Div>::new();
    // An action closes the menu, also one that stays on the page.
    let close = move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let is_action =
            target.is_some_and(|target| target.closest(".menu-item").is_ok_and(|item| item.is_some()));
        if is_action && let Some(panel) = panel.get_untracked() {
            // Fails only if it is closed already.
            let _ = panel.hide_popover();
        }
    };
    view! {
        <button type="button" class=look.class() aria-label=label popovertarget=id.clone()>
            {button.run()}
        </button>
        <div id=id node_ref=panel popover="auto" on:click=close class="menu-popover min-w-44 rounded-panel bg-panel p-1 text-ink floating">
            {children()}
        </div>
    }
}
