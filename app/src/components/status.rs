//! Shows a state by shape, word, colour and age. Nothing depends on colour alone.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    Ok,
    Busy,
    Warn,
    Error,
    #[default]
    Off,
}

impl State {
    fn ink(self) -> &'static str {
        match self {
            Self::Ok => "text-ok",
            Self::Busy => "text-busy",
            Self::Warn => "text-warn",
            Self::Error => "text-error",
            Self::Off => "text-off",
        }
    }
}

#[component]
pub fn Status(
    #[prop(into)] state: Signal<State>,
    /// "healthy", "saved".
    #[prop(into)]
    word: Signal<String>,
    /// "4 s ago".
    #[prop(optional, into)]
    age: Option<Signal<String>>,
) -> impl IntoView {
    view! {
        <span class="inline-flex items-center gap-1.5 text-body whitespace-nowrap">
            <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" class=move || state.get().ink()>
                {move || shape(state.get())}
            </svg>
            <span>{move || word.get()}</span>
            {age.map(|age| view! { <span class="tabular text-muted">{move || age.get()}</span> })}
        </span>
    }
}

fn shape(state: State) -> AnyView {
    match state {
        State::Ok => view! { <circle cx="6" cy="6" r="5" fill="currentColor" /> }.into_any(),
        State::Busy => {
            view! { <path d="M6 1.5a4.5 4.5 0 1 1-4.5 4.5" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" /> }
                .into_any()
        }
        State::Warn => view! { <path d="M6 .8 11.6 11H.4z" fill="currentColor" /> }.into_any(),
        State::Error => view! { <path d="M6 .4 11.6 6 6 11.6.4 6z" fill="currentColor" /> }.into_any(),
        State::Off => view! { <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" stroke-width="1.6" /> }.into_any(),
    }
}
