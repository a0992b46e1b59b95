//! A message at the place where something happened: what happened, what was preserved, what to do.

use leptos::prelude::*;

use super::{Icon, MarkedText, Sign};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Ok,
    Busy,
    Warn,
    Error,
}

impl Tone {
    pub fn ink(self) -> &'static str {
        match self {
            Self::Neutral => "text-muted",
            Self::Ok => "text-ok",
            Self::Busy => "text-busy",
            Self::Warn => "text-warn",
            Self::Error => "text-error",
        }
    }

    /// Every tone has its own shape, so that nothing depends on colour alone.
    pub fn sign(self) -> Sign {
        match self {
            Self::Neutral => Sign::Info,
            Self::Ok => Sign::Check,
            Self::Busy => Sign::Clock,
            Self::Warn => Sign::Warning,
            Self::Error => Sign::Error,
        }
    }
}

/// Screen readers announce errors immediately and other messages at the next pause.
#[component]
pub fn Callout(
    #[prop(optional)] tone: Tone,
    #[prop(into)] title: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let role = if tone == Tone::Error { "alert" } else { "status" };
    view! {
        <div role=role class="flex gap-2.5 rounded-panel bg-panel p-3 hairline">
            <span class=tone.ink()>
                <Icon sign=tone.sign() />
            </span>
            <div class="min-w-0 flex-1 wrap-anywhere">
                <p class="font-medium">
                    <MarkedText text=title />
                </p>
                {children.map(|children| view! { <div class="mt-0.5 text-muted">{children()}</div> })}
            </div>
        </div>
    }
}
