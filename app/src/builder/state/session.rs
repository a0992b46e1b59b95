//! The state of an open builder, in named parts, and the edits that go through it.

use domain::{
    access::ProjectRole,
    api::ProjectDraft,
    compose::Place,
    stack::{Edit, Refusal, Stack},
};
use leptos::prelude::*;

use super::{
    document::Document,
    notices::{Notices, Spot},
    operation::Operation,
    panels::{Panels, Reveal},
    selected::Selected,
    server_copy::ServerCopy,
    view_port::ViewPort,
};
use crate::builder::model::{
    attempt::{Attempt, Outcome},
    history::Moment,
    removed,
    saved::Saved,
    selection::Selection,
    sentence::sentence,
};

#[derive(Clone, Copy)]
pub struct Session {
    pub project: i32,
    /// The user's role in the project.
    pub role: ProjectRole,
    pub name: StoredValue<String>,
    pub document: Document,
    pub selection: Selected,
    pub view_port: ViewPort,
    pub server: ServerCopy,
    pub notices: Notices,
    pub panels: Panels,
    pub operation: Operation,
    /// Whether the browser's code is running; false in what the server renders. Until then, fields take no input.
    pub ready: RwSignal<bool>,
}

impl Session {
    pub fn open(draft: ProjectDraft) -> Self {
        let stack = Stack::read(&draft.compose).with_canvas(draft.canvas).with_values(draft.values);
        let server = ServerCopy::new(Saved::of(&stack, draft.version));
        let document = Document::open(stack);
        Self {
            project: draft.id,
            role: draft.role,
            name: StoredValue::new(draft.name),
            document,
            selection: Selected::within(document.picture),
            view_port: ViewPort::new(),
            server,
            notices: Notices::new(),
            panels: Panels::new(),
            operation: Operation::new(),
            ready: RwSignal::new(false),
        }
    }

    pub fn can_edit(&self) -> bool {
        self.role >= ProjectRole::Editor
    }

    /// Whether the server has the last readable stack. Invalid text typed after it may exist in this browser only.
    /// Subscribes to the stack and to what the server has.
    pub fn is_on_server(&self) -> bool {
        self.document.read(|stack| self.server.saved.with(|saved| saved.holds(stack)))
    }

    /// Like [`Self::is_on_server`] for handlers: does not subscribe, and is true once the page has been disposed.
    pub fn server_has_all_untracked(&self) -> bool {
        let Some(stack) = self.document.try_stack() else { return true };
        self.server.saved.try_with_untracked(|saved| saved.holds(&stack)).unwrap_or(true)
    }

    /// Applies the edits as one step. If they are refused, nothing changes and the refusal is shown at `spot`. If the
    /// user has to decide something first, a dialog asks, and the answer applies them.
    pub fn edit(&self, spot: Spot, edits: &[Edit]) -> bool {
        self.attempt(spot, &Attempt::of(edits))
    }

    /// Makes the edits that answer a question.
    pub fn answer(&self, spot: Spot, attempt: &Attempt) {
        self.notices.asked.set(None);
        let selected = self.selection.now.get_untracked();
        if !self.attempt(spot, attempt) {
            return;
        }
        for edit in &attempt.edits {
            match edit {
                Edit::RenameService { service, to, .. } if selected == Selection::service(service) => {
                    self.select(Selection::service(to));
                }
                _ => {}
            }
        }
    }

    fn attempt(&self, spot: Spot, attempt: &Attempt) -> bool {
        let before = self.document.stack();
        match self.tried(attempt) {
            Outcome::Done(stack) => {
                self.notices.clear();
                let removes = |edit: &Edit| matches!(edit, Edit::RemoveService { .. });
                if attempt.edits.iter().any(removes) {
                    self.notices.report.set(removed::report(&before, &stack).map(|report| (spot, report)));
                }
                self.document.push(Moment::good(stack));
                true
            }
            Outcome::Asks(asked) => {
                self.notices.clear();
                self.notices.asked.set(Some((spot, asked)));
                false
            }
            Outcome::Refused(refusal) => {
                self.refuse(spot, refusal);
                false
            }
        }
    }

    /// Applies edits made by typing in a field: more keystrokes there belong to the same step. The error is a sentence to be
    /// shown under the field.
    pub fn type_in(&self, field: &str, edits: &[Edit]) -> Result<(), String> {
        match self.tried(&Attempt::of(edits)) {
            Outcome::Done(stack) => {
                self.document.push_typing(field, Moment::good(stack));
                Ok(())
            }
            Outcome::Refused(refusal) => Err(sentence(&refusal.message)),
            Outcome::Asks(asked) => {
                self.notices.asked.set(Some((Spot::Inspector, asked)));
                Err("Not changed yet: answer the question first.".to_owned())
            }
        }
    }

    fn tried(&self, attempt: &Attempt) -> Outcome {
        if !self.can_edit() {
            let message = format!(
                "You are {} of this project, so you cannot change it. Duplicate it to make changes of your own.",
                self.role
            );
            return Outcome::Refused(Refusal::new("read-only", message));
        }
        let (broken, stack) = self.document.now_untracked(|now| (now.broken.is_some(), now.stack.clone()));
        if broken {
            let message = "The compose file is not valid YAML at the moment. Correct the text first, or undo what you typed.";
            return Outcome::Refused(Refusal::new("text-broken", message));
        }
        attempt.on(&stack)
    }

    pub fn refuse(&self, spot: Spot, refusal: Refusal) {
        self.notices.report.set(None);
        self.notices.refusal.set(Some((spot, refusal)));
    }

    /// The user has changed the value of the text editor's text area.
    pub fn type_text(&self, value: &str) {
        if !self.can_edit() {
            return;
        }
        let moment = self.document.now_untracked(|now| now.after_typing(value));
        self.notices.clear();
        self.document.push_typing("compose-text", moment);
    }

    /// Replaces the whole text as one step, whether it is readable or not.
    pub fn replace_text(&self, text: &str) {
        if !self.can_edit() {
            return;
        }
        self.document.push(self.document.now_untracked(|now| now.with_text(text)));
    }

    pub fn undo(&self) {
        if self.document.undo() {
            self.notices.clear();
        }
    }

    pub fn redo(&self) {
        if self.document.redo() {
            self.notices.clear();
        }
    }

    pub fn select(&self, selection: Selection) {
        self.selection.choose(selection);
    }

    /// Selects the service and scrolls the compose text to it.
    pub fn select_service(&self, name: &str) {
        self.select(Selection::service(name));
        let place = self.document.now_untracked(|now| {
            let service = now.stack.model().service(name).filter(|_| now.broken.is_none())?;
            Some(Place::new(service.key.start, service.place.end))
        });
        if let Some(place) = place {
            self.panels.reveal.set(Some(Reveal { place, take_focus: false }));
        }
    }
}

pub fn use_session() -> Session {
    expect_context()
}
