//! The choice of the theme: system, light or dark.

use leptos::prelude::*;

use super::{Icon, MENU_ITEM, Sign};
use crate::{
    cookie,
    theme::{self, Theme},
};

/// Three menu items. The style sheet marks the chosen one by `<html data-theme>`, which the server writes.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let chosen = RwSignal::new(None::<Theme>);
    // On the server only the document around the app knows the choice, so this component reads it after hydration.
    Effect::new(move || chosen.set(Some(Theme::of_cookies(&cookie::all()))));
    let items = Theme::ALL
        .into_iter()
        .map(|theme| {
            let pressed = move || chosen.get().map(|chosen| if chosen == theme { "true" } else { "false" });
            let choose = move |_| {
                choose(theme);
                chosen.set(Some(theme));
            };
            view! {
                <button type="button" class=MENU_ITEM aria-pressed=pressed on:click=choose>
                    <span class="theme-mark text-accent" data-for=theme.as_str()>
                        <Icon sign=Sign::Check />
                    </span>
                    {theme.label()}
                </button>
            }
        })
        .collect_view();
    view! {
        <div role="group" aria-label="Theme" class="theme-switch">
            <p class="px-2 pt-1 text-caption text-muted" aria-hidden="true">
                "Theme"
            </p>
            {items}
        </div>
    }
}

fn choose(theme: Theme) {
    if let Some(root) = document().document_element() {
        // Setting an attribute fails only for an invalid name.
        drop(root.set_attribute("data-theme", theme.as_str()));
    }
    cookie::remember(theme::COOKIE, theme.as_str());
}
