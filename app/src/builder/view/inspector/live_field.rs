//! A field of the inspector. It shows the value of the stack until the user types, then the typed text and its error.

use leptos::{ev::KeyboardEvent, prelude::*};

use crate::{
    builder::state::session::use_session,
    components::{Field, LineArea},
};

pub type Verdict = Result<(), String>;

/// When a valid value becomes an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Commit {
    /// After every keystroke.
    Typing,
    /// When the field is left, or on Enter.
    Leaving,
}

/// The state of a field; used by fields with a label and by cells of a table.
#[derive(Clone, Copy)]
pub struct Typing {
    value: Signal<String>,
    commit: Callback<String, Verdict>,
    /// Validates the text before the edit is made.
    check: Option<Callback<String, Verdict>>,
    when: Commit,
    draft: RwSignal<Option<String>>,
    pub error: RwSignal<Option<String>>,
    /// The value after this field's own last edit. A change to any other value discards the draft.
    own: StoredValue<Option<String>>,
}

impl Typing {
    /// Shows `value`; after every keystroke, `commit` makes an edit of the typed text.
    pub fn new(
        value: impl Into<Signal<String>>,
        commit: impl Fn(String) -> Verdict + Send + Sync + 'static,
    ) -> Self {
        let typing = Self {
            value: value.into(),
            commit: Callback::new(commit),
            check: None,
            when: Commit::Typing,
            draft: RwSignal::new(None),
            error: RwSignal::new(None),
            own: StoredValue::new(None),
        };
        Effect::new(move |before: Option<String>| {
            let now = typing.value.get();
            let changed = before.is_some_and(|before| before != now);
            if changed && typing.own.get_value().as_ref() != Some(&now) {
                typing.reset();
            }
            now
        });
        typing
    }

    /// Commits when the field is left, or on Enter. Used for values of which half a word would mean something else.
    pub fn on_leaving(self) -> Self {
        Self { when: Commit::Leaving, ..self }
    }

    pub fn checked_by(self, check: impl Fn(String) -> Verdict + Send + Sync + 'static) -> Self {
        Self { check: Some(Callback::new(check)), ..self }
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
        let verdict = self.check.map_or(Ok(()), |check| check.run(text.clone()));
        let verdict = match (verdict, self.when) {
            (Ok(()), Commit::Typing) => self.written(text),
            (verdict, _) => verdict,
        };
        self.error.set(verdict.err());
    }

    /// Called when the field is left: a valid value is applied, an invalid one stays with its error.
    pub fn left(&self) {
        // `try_` from here on: a field that is removed from the page also loses the focus, after its state has been disposed.
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
        // The effect runs later and compares with `own` to detect whether this field made the change.
        let verdict = self.commit.run(text);
        // `None` if the edit has replaced the panel that contains this field, as renaming the service does.
        if let Some(now) = self.value.try_get_untracked() {
            self.own.try_set_value(Some(now));
        }
        verdict
    }

    pub fn on_key(self) -> impl Fn(KeyboardEvent) + Copy + 'static {
        move |event| match event.key().as_str() {
            "Enter" => self.left(),
            "Escape" => self.reset(),
            _ => {}
        }
    }
}

/// `id` is also the test id of the field.
#[component]
pub fn LiveField(
    id: &'static str,
    label: &'static str,
    typing: Typing,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional)] placeholder: &'static str,
    #[prop(optional)] mono: bool,
) -> impl IntoView {
    let session = use_session();
    let described = format!("{id}-help {id}-error");
    let error = Signal::derive(move || typing.error.get());
    let leave = move || {
        typing.left();
        session.document.settle();
    };
    // The field grows with its text, so that long images, commands and notes are readable in full.
    let input = view! {
        <LineArea
            id
            testid=id
            label
            described_by=described
            placeholder
            mono
            bind=Signal::derive(move || typing.shown())
            on_input=move |text| typing.typed(text)
            on_key=move |event| typing.on_key()(event)
            on_leave=move |()| leave()
            invalid=Signal::derive(move || error.get().is_some())
        />
    };
    match help {
        Some(help) => view! { <Field id label help error>{input}</Field> }.into_any(),
        None => view! { <Field id label error>{input}</Field> }.into_any(),
    }
}
