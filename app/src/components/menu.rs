//! A menu of actions behind a button. It uses the browser's popover, which opens, closes on Escape or an outside click, and
//! restores the focus without scripts.

use leptos::prelude::*;

use super::Look;

/// The classes of links and buttons inside a menu.
pub const MENU_ITEM: &str = "flex h-control w-full items-center gap-2 rounded-control px-2 text-left text-control whitespace-nowrap text-ink transition hover:bg-hover";

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
    view! {
        <button type="button" class=look.class() aria-label=label popovertarget=id.clone()>
            {button.run()}
        </button>
        <div id=id popover="auto" class="menu-popover min-w-44 rounded-panel bg-panel p-1 text-ink floating">
            {children()}
        </div>
    }
}
