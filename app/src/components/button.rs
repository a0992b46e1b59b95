//! Buttons. One primary button per view; labels are verbs; destructive buttons stay plain until the confirmation.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// The next action; one per view.
    Primary,
    #[default]
    Plain,
    /// A button without a border, for toolbars and rows.
    Quiet,
    /// A square with one icon; it needs an `aria-label`.
    Icon,
    /// Only for the button that confirms a destructive action.
    Danger,
}

impl Look {
    /// Also for links that look like buttons: `<a class=Look::Primary.class()>`.
    pub fn class(self) -> &'static str {
        match self {
            Self::Primary => {
                "inline-flex h-control shrink-0 items-center justify-center gap-2 rounded-control bg-accent px-3 text-control font-medium whitespace-nowrap text-on-accent transition hover:brightness-110 disabled:opacity-50 aria-disabled:opacity-50"
            }
            Self::Plain => {
                "inline-flex h-control shrink-0 items-center justify-center gap-2 rounded-control bg-panel px-3 text-control font-medium whitespace-nowrap text-ink ring-1 ring-edge transition ring-inset hover:bg-sunken disabled:opacity-50 aria-disabled:opacity-50"
            }
            Self::Quiet => {
                "inline-flex h-control shrink-0 items-center justify-center gap-2 rounded-control px-2.5 text-control font-medium whitespace-nowrap text-ink transition hover:bg-hover disabled:opacity-50 aria-disabled:opacity-50"
            }
            Self::Icon => {
                "inline-flex size-control shrink-0 items-center justify-center rounded-control text-muted transition hover:bg-hover hover:text-ink disabled:opacity-50 aria-disabled:opacity-50 aria-pressed:bg-hover aria-pressed:text-ink"
            }
            Self::Danger => {
                "inline-flex h-control shrink-0 items-center justify-center gap-2 rounded-control bg-error px-3 text-control font-medium whitespace-nowrap text-on-error transition hover:brightness-110 disabled:opacity-50 aria-disabled:opacity-50"
            }
        }
    }
}

/// `on:click` and further attributes (`attr:aria-label`) go to the `<button>`.
#[component]
pub fn Button(
    #[prop(optional)] look: Look,
    /// `button` or `submit`.
    #[prop(default = "button")]
    kind: &'static str,
    #[prop(optional, into)] disabled: Signal<bool>,
    children: Children,
) -> impl IntoView {
    view! {
        <button type=kind class=look.class() disabled=disabled>
            {children()}
        </button>
    }
}
