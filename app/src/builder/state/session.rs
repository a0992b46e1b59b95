//! The state of an open builder: one history, and what is looked at. Everything shown is computed from it.

use domain::{
    access::ProjectRole,
    api::ProjectDraft,
    check::{self, Finding},
    compose::{Place, Service},
    stack::{Edit, Refusal, Stack},
};
use leptos::{html, prelude::*};

use super::operation::Operation;
use crate::builder::model::{
    geometry::{Vec2, View},
    history::{Broken, History, Moment},
    picture::Picture,
    selection::Selection,
    sentence::sentence,
    typed::typed,
};

/// Where a person did something: refusals are shown there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    Catalogue,
    Canvas,
    Inspector,
    Text,
    Problems,
    Import,
    CustomImage,
}

/// How far the server has what is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Saving {
    /// Nothing to do, or waiting for the person to pause.
    #[default]
    Idle,
    Running,
    Failed(String),
    /// Somebody else saved in the meantime; nothing is sent until the person has chosen.
    Conflict(Box<ProjectDraft>),
}

/// Canvas or list. `AsFits` leaves it to the width of the window, without asking a script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    #[default]
    AsFits,
    Canvas,
    List,
}

/// A place to bring into view in the compose text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reveal {
    pub place: Place,
    /// Also put the cursor there.
    pub take_focus: bool,
}

/// An app on its way from the catalogue to the canvas.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    pub code: &'static str,
    /// On the window.
    pub at: Vec2,
    /// Whether it would be added if it were let go now.
    pub over_canvas: bool,
}

#[derive(Clone, Copy)]
pub struct Session {
    pub project: i32,
    /// What the person is in the project.
    pub role: ProjectRole,
    pub name: RwSignal<String>,
    pub history: RwSignal<History>,
    /// What is to be said about what the text editor shows.
    pub findings: Memo<Vec<Finding>>,
    pub picture: Memo<Picture>,
    chosen: RwSignal<Selection>,
    /// What is selected and still there.
    pub selection: Memo<Selection>,
    pub refusal: RwSignal<Option<(Spot, Refusal)>>,
    pub saving: RwSignal<Saving>,
    pub shown: RwSignal<Shown>,
    pub view: RwSignal<View>,
    /// The canvas on the page: for sizes and places of pointers.
    pub surface: NodeRef<html::Div>,
    /// The app that is being dragged out of the catalogue.
    pub carried: RwSignal<Option<Carried>>,
    pub reveal: RwSignal<Option<Reveal>>,
    /// The tab of the inspector, kept while services are changed.
    pub tab: RwSignal<&'static str>,
    /// The tab of the drawer.
    pub drawer_tab: RwSignal<&'static str>,
    /// Text that was kept on this device and is not on the server.
    pub kept: RwSignal<Option<String>>,
    /// Whether the import dialog is open, and what it starts with.
    pub importing: RwSignal<bool>,
    pub import_text: RwSignal<String>,
    /// Deploying it, and what runs of it.
    pub operation: Operation,
}

impl Session {
    pub fn open(draft: ProjectDraft) -> Self {
        let stack = Stack::read(&draft.compose).with_canvas(draft.canvas);
        let history = RwSignal::new(History::new(stack, draft.version));
        let findings = Memo::new(move |_| history.with(|history| findings_of(history.now())));
        let picture = Memo::new(move |_| {
            history.with(|history| findings.with(|findings| Picture::of(&history.now().stack, findings)))
        });
        let chosen = RwSignal::new(Selection::Nothing);
        let selection =
            Memo::new(move |_| picture.with(|picture| chosen.with(|chosen| chosen.within(picture))));
        Self {
            project: draft.id,
            role: draft.role,
            name: RwSignal::new(draft.name),
            history,
            findings,
            picture,
            chosen,
            selection,
            refusal: RwSignal::new(None),
            saving: RwSignal::new(Saving::Idle),
            shown: RwSignal::new(Shown::AsFits),
            view: RwSignal::new(View::default()),
            surface: NodeRef::new(),
            carried: RwSignal::new(None),
            reveal: RwSignal::new(None),
            tab: RwSignal::new("general"),
            drawer_tab: RwSignal::new("compose"),
            kept: RwSignal::new(None),
            importing: RwSignal::new(false),
            import_text: RwSignal::new(String::new()),
            operation: Operation::new(),
        }
    }

    /// The last good stack, without listening to changes: for event handlers.
    pub fn stack(&self) -> Stack {
        self.history.with_untracked(|history| history.now().stack.clone())
    }

    /// Something of the last good stack, listening to changes.
    pub fn read<T>(&self, of: impl FnOnce(&Stack) -> T) -> T {
        self.history.with(|history| of(&history.now().stack))
    }

    pub fn service(&self, name: &str) -> Memo<Option<Service>> {
        let (session, name) = (*self, name.to_owned());
        Memo::new(move |_| session.read(|stack| stack.model().service(&name).cloned()))
    }

    pub fn is_broken(&self) -> bool {
        self.history.with(|history| history.now().broken.is_some())
    }

    /// Edits as one step. A refusal is shown at the spot, and everything stays as it was.
    pub fn edit(&self, spot: Spot, edits: &[Edit]) -> bool {
        match self.applied(edits) {
            Ok(stack) => {
                self.refusal.set(None);
                self.history.update(|history| history.push(Moment::good(stack)));
                true
            }
            Err(refusal) => {
                self.refuse(spot, refusal);
                false
            }
        }
    }

    /// Edits made by typing in a field: further typing there belongs to the same step. The refusal's words are for the
    /// place under the field.
    pub fn type_in(&self, field: &str, edits: &[Edit]) -> Result<(), String> {
        let stack = self.applied(edits).map_err(|refusal| sentence(&refusal.message))?;
        self.history.update(|history| history.push_typing(field, Moment::good(stack)));
        Ok(())
    }

    pub fn can_edit(&self) -> bool {
        self.role >= ProjectRole::Editor
    }

    fn applied(&self, edits: &[Edit]) -> Result<Stack, Refusal> {
        if !self.can_edit() {
            let message = format!(
                "You are {} of this project and cannot change it. Duplicate it to go your own way.",
                self.role
            );
            return Err(Refusal::new("read-only", message));
        }
        let (broken, stack) = self
            .history
            .with_untracked(|history| (history.now().broken.is_some(), history.now().stack.clone()));
        if broken {
            let message =
                "The compose file cannot be read at the moment. Mend the text first, or undo what was typed.";
            return Err(Refusal::new("text-broken", message));
        }
        stack.apply_all(edits)
    }

    pub fn refuse(&self, spot: Spot, refusal: Refusal) {
        self.refusal.set(Some((spot, refusal)));
    }

    /// What the text editor's text area says now.
    pub fn type_text(&self, value: &str) {
        if !self.can_edit() {
            return;
        }
        let moment = self
            .history
            .with_untracked(|history| moment_of(history.now(), &typed(history.now().text(), value)));
        self.refusal.set(None);
        self.history.update(|history| history.push_typing("compose-text", moment));
    }

    /// A whole text as one step, readable or not.
    pub fn replace_text(&self, text: &str) {
        if !self.can_edit() {
            return;
        }
        let moment = self.history.with_untracked(|history| moment_of(history.now(), text));
        self.history.update(|history| history.push(moment));
    }

    pub fn settle(&self) {
        // Not a change of anything shown. The pause after typing may end when the page has gone.
        self.history.try_update_untracked(History::settle);
    }

    pub fn undo(&self) {
        if self.history.with_untracked(History::can_undo) {
            self.refusal.set(None);
            self.history.update(|history| {
                history.undo();
            });
        }
    }

    pub fn redo(&self) {
        if self.history.with_untracked(History::can_redo) {
            self.refusal.set(None);
            self.history.update(|history| {
                history.redo();
            });
        }
    }

    pub fn select(&self, selection: Selection) {
        self.chosen.set(selection);
    }

    /// Selects and shows the service in the text.
    pub fn select_service(&self, name: &str) {
        self.select(Selection::service(name));
        self.show_in_text(name);
    }

    pub fn show_in_text(&self, name: &str) {
        let broken = self.history.with_untracked(|history| history.now().broken.is_some());
        let place = self
            .stack()
            .model()
            .service(name)
            .map(|service| Place::new(service.key.start, service.place.end));
        if let (Some(place), false) = (place, broken) {
            self.reveal.set(Some(Reveal { place, take_focus: false }));
        }
    }
}

fn findings_of(moment: &Moment) -> Vec<Finding> {
    match &moment.broken {
        Some(broken) => broken.findings.to_vec(),
        None => check::check(&moment.stack),
    }
}

/// The moment after the text became this one.
fn moment_of(before: &Moment, text: &str) -> Moment {
    let stack = Stack::read(text).with_canvas(before.stack.canvas().clone());
    if stack.is_readable() {
        return Moment::good(stack);
    }
    let broken = Broken { text: text.into(), findings: stack.findings().into() };
    Moment { stack: before.stack.clone(), broken: Some(broken) }
}

pub fn use_session() -> Session {
    expect_context()
}
