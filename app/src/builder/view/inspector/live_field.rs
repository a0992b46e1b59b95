//! A field of the inspector: what the stack says, until somebody types; then what was typed, with what is wrong about it.

use leptos::{
    ev::{Event, KeyboardEvent},
    prelude::*,
};

use crate::{
    builder::state::session::use_session,
    components::{CONTROL, Field},
};

pub type Verdict = Result<(), String>;

/// When a valid value becomes an edit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Commit {
    /// With every key.
    #[default]
    Typing,
    /// When the field is left, or with Enter.
    Leaving,
}

/// The state behind a field, for fields with a label and for cells of a table.
#[derive(Clone, Copy)]
pub struct Typing {
    value: Signal<String>,
    commit: Callback<String, Verdict>,
    check: Callback<String, Verdict>,
    when: Commit,
    draft: RwSignal<Option<String>>,
    pub error: RwSignal<Option<String>>,
    /// What the stack said after our own last edit: only other changes take the draft away.
    own: StoredValue<Option<String>>,
}

impl Typing {
    pub fn new(
        value: Signal<String>,
        commit: Callback<String, Verdict>,
        check: Callback<String, Verdict>,
        when: Commit,
    ) -> Self {
        let typing = Self {
            value,
            commit,
            check,
            when,
            draft: RwSignal::new(None),
            error: RwSignal::new(None),
            own: StoredValue::new(None),
        };
        Effect::new(move |before: Option<String>| {
            let now = value.get();
            let changed = before.is_some_and(|before| before != now);
            if changed && typing.own.get_value().as_ref() != Some(&now) {
                typing.reset();
            }
            now
        });
        typing
    }

    pub fn shown(&self) -> String {
        self.draft.get().unwrap_or_else(|| self.value.get())
    }

    pub fn reset(&self) {
        self.draft.set(None);
        self.error.set(None);
    }

    pub fn typed(&self, text: String) {
        self.draft.set(Some(text.clone()));
        let verdict = self.check.run(text.clone());
        let verdict = match (verdict, self.when) {
            (Ok(()), Commit::Typing) => self.written(text),
            (verdict, _) => verdict,
        };
        self.error.set(verdict.err());
    }

    /// The field is left: what is valid is written, what is not stays with its error.
    pub fn left(&self) {
        // A field that is taken off the page is left too, and its state is gone by then: `try_` from here on.
        let Some(Some(text)) = self.draft.try_get_untracked() else { return };
        if self.error.try_get_untracked().flatten().is_some() {
            return;
        }
        if self.when == Commit::Leaving && self.value.try_get_untracked().is_some_and(|value| value != text) {
            let verdict = self.written(text);
            self.error.try_set(verdict.clone().err());
            if verdict.is_err() {
                return;
            }
        }
        self.draft.try_set(None);
    }

    fn written(&self, text: String) -> Verdict {
        // The value changes during the edit: set before, so that the effect knows whose change it is.
        let verdict = self.commit.run(text);
        // Gone when the edit replaced the panel this field is in, as a new name of the service does.
        if let Some(now) = self.value.try_get_untracked() {
            self.own.try_set_value(Some(now));
        }
        verdict
    }

    pub fn on_input(self) -> impl Fn(Event) + Copy + 'static {
        move |event| self.typed(event_target_value(&event))
    }

    pub fn on_key(self) -> impl Fn(KeyboardEvent) + Copy + 'static {
        move |event| match event.key().as_str() {
            "Enter" => self.left(),
            "Escape" => self.reset(),
            _ => {}
        }
    }
}

/// Checks nothing before the edit itself.
pub fn anything() -> Callback<String, Verdict> {
    Callback::new(|_| Ok(()))
}

/// `id` is also the test id.
#[component]
pub fn LiveField(
    id: &'static str,
    label: &'static str,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] commit: Callback<String, Verdict>,
    #[prop(optional, into)] check: Option<Callback<String, Verdict>>,
    #[prop(optional)] when: Commit,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional)] placeholder: &'static str,
    #[prop(optional)] mono: bool,
) -> impl IntoView {
    let session = use_session();
    let typing = Typing::new(value, commit, check.unwrap_or_else(anything), when);
    let class = if mono { format!("{CONTROL} font-mono text-body") } else { CONTROL.to_owned() };
    let described = format!("{id}-help {id}-error");
    let error = Signal::derive(move || typing.error.get());
    let input = view! {
        <input
            id=id
            data-testid=id
            type="text"
            autocomplete="off"
            spellcheck="false"
            placeholder=placeholder
            class=class
            aria-describedby=described
            aria-invalid=move || typing.error.get().map(|_| "true")
            value=value.get_untracked()
            prop:value=move || typing.shown()
            on:input=typing.on_input()
            on:keydown=typing.on_key()
            on:blur=move |_| {
                typing.left();
                session.settle();
            }
        />
    };
    match help {
        Some(help) => view! { <Field id label help error>{input}</Field> }.into_any(),
        None => view! { <Field id label error>{input}</Field> }.into_any(),
    }
}
