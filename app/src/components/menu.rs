//! A few actions behind a button: a popover of the browser, so it opens, closes on Escape and on a click beside it, and
//! gives the focus back without a script.

use leptos::prelude::*;

use super::Look;

/// For links and buttons inside a menu.
pub const MENU_ITEM: &str = "flex h-control w-full items-center gap-2 rounded-control px-2 text-left text-control whitespace-nowrap text-ink transition hover:bg-hover";

#[component]
pub fn Menu(
    #[prop(into)] id: String,
    /// For screen readers; the button itself may be an icon.
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
