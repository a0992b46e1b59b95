//! The stack that the user edits: its history, and what is computed from it.

use domain::{
    check::{self, Finding, Report},
    compose::Service,
    stack::{Stack, merge::Conflict},
};
use leptos::prelude::*;

use crate::builder::model::{
    catch_up::{self, TakenOver},
    history::{History, Moment, Written},
    images::Answers,
    picture::Picture,
};

#[derive(Clone, Copy)]
pub struct Document {
    history: RwSignal<History>,
    /// Changes only when the text changes, so moving a node does not update what depends on it.
    pub written: Memo<Written>,
    /// What registries have said about images; see [`super::image_checks`].
    pub images: RwSignal<Answers>,
    /// What the rules and the registries say about the text in the editor.
    pub report: Memo<Report>,
    /// The problems that are shown.
    pub findings: Memo<Vec<Finding>>,
    pub picture: Memo<Picture>,
}

impl Document {
    pub fn open(stack: Stack) -> Self {
        Self::checked_by(stack, report_of)
    }

    fn checked_by(
        stack: Stack,
        check: impl Fn(&Moment, Vec<Finding>) -> Report + Send + Sync + 'static,
    ) -> Self {
        let history = RwSignal::new(History::new(stack));
        let written = Memo::new(move |_| history.with(|history| Written::of(history.now())));
        let images = RwSignal::new(Answers::default());
        // Answers that lead to no finding run no checks.
        let late = Memo::new(move |_| {
            written.with(|written| images.with(|images| images.findings(&written.moment().stack)))
        });
        let report = Memo::new(move |_| written.with(|written| check(written.moment(), late.get())));
        let findings = Memo::new(move |_| report.with(|report| report.findings.clone()));
        let picture = Memo::new(move |_| {
            findings.with(|findings| history.with(|history| Picture::of(&history.now().stack, findings)))
        });
        Self { history, written, images, report, findings, picture }
    }

    /// Reads something from the current moment and subscribes to changes.
    pub fn now<T>(&self, of: impl FnOnce(&Moment) -> T) -> T {
        self.history.with(|history| of(history.now()))
    }

    /// Like [`Self::now`] without subscribing, for event handlers.
    pub fn now_untracked<T>(&self, of: impl FnOnce(&Moment) -> T) -> T {
        self.history.with_untracked(|history| of(history.now()))
    }

    /// The last readable stack; `None` if the page has been disposed. Does not subscribe.
    pub fn try_stack(&self) -> Option<Stack> {
        self.history.try_with_untracked(|history| history.now().stack.clone())
    }

    /// The last readable stack, for event handlers. Does not subscribe.
    pub fn stack(&self) -> Stack {
        self.now_untracked(|now| now.stack.clone())
    }

    /// Reads something from the last readable stack and subscribes to changes.
    pub fn read<T>(&self, of: impl FnOnce(&Stack) -> T) -> T {
        self.now(|now| of(&now.stack))
    }

    pub fn service(&self, name: &str) -> Memo<Option<Service>> {
        let (document, name) = (*self, name.to_owned());
        Memo::new(move |_| document.read(|stack| stack.model().service(&name).cloned()))
    }

    /// Whether the text in the editor is not valid YAML; subscribes to changes.
    pub fn is_broken(&self) -> bool {
        self.now(|now| now.broken.is_some())
    }

    /// Like [`Self::is_broken`] for handlers: does not subscribe, and is false once the page has been disposed.
    pub fn is_broken_untracked(&self) -> bool {
        self.history.try_with_untracked(|history| history.now().broken.is_some()).unwrap_or(false)
    }

    pub fn can_undo(&self) -> bool {
        self.history.with(History::can_undo)
    }

    pub fn can_redo(&self) -> bool {
        self.history.with(History::can_redo)
    }

    /// Adds one finished step to the history.
    pub(super) fn push(&self, moment: Moment) {
        self.history.update(|history| history.push(moment));
    }

    /// Adds a step of typing; see [`History::push_typing`].
    pub(super) fn push_typing(&self, field: &str, moment: Moment) {
        self.history.update(|history| history.push_typing(field, moment));
    }

    /// Ends the merging of keystrokes into one step.
    pub fn settle(&self) {
        // Untracked, because nothing shown changes. `try_`, because the pause after typing may end after the page was disposed.
        self.history.try_update_untracked(History::settle);
    }

    /// Takes over what was saved elsewhere since `base`, see [`catch_up::catch_up`]. `None` if the page has been disposed.
    pub(super) fn catch_up(&self, base: &Stack, theirs: &Stack) -> Option<Result<TakenOver, Vec<Conflict>>> {
        self.history.try_update(|history| catch_up::catch_up(history, base, theirs))
    }

    /// Returns false if there was nothing to undo.
    pub(super) fn undo(&self) -> bool {
        let can = self.history.with_untracked(History::can_undo);
        if can {
            self.history.update(|history| {
                history.undo();
            });
        }
        can
    }

    /// Returns false if there was nothing to redo.
    pub(super) fn redo(&self) -> bool {
        let can = self.history.with_untracked(History::can_redo);
        if can {
            self.history.update(|history| {
                history.redo();
            });
        }
        can
    }
}

fn report_of(moment: &Moment, late: Vec<Finding>) -> Report {
    match &moment.broken {
        Some(broken) => Report { findings: broken.findings.to_vec(), suppressed: Vec::new() },
        None => check::report_with(&moment.stack, &moment.stack.canvas().checks, late),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use domain::{
        api::{ImageAnswer, ImageState},
        stack::{Edit, Point},
    };

    use super::*;

    #[test]
    fn moving_a_node_runs_no_checks() {
        Owner::new().with(|| {
            let checks = Arc::new(AtomicUsize::new(0));
            let document = {
                let checks = checks.clone();
                Document::checked_by(
                    Stack::read("services:\n  web: {image: nginx}\n"),
                    move |moment, late| {
                        checks.fetch_add(1, Ordering::Relaxed);
                        report_of(moment, late)
                    },
                )
            };
            let seen = || {
                let findings = document.findings.get_untracked();
                let place = document.picture.with_untracked(|picture| picture.nodes[0].at());
                (findings.len(), place, checks.load(Ordering::Relaxed))
            };
            let edit = |edit: Edit| document.push(Moment::good(document.stack().apply(&edit).unwrap()));
            let (before, ..) = seen();
            assert!(before > 0, "an image without a tag is a finding");

            let to = Point { x: 400, y: 200 };
            edit(Edit::MoveNode { service: "web".to_owned(), to });
            assert_eq!(seen(), (before, to, 1));

            edit(Edit::SetImage { service: "web".to_owned(), image: "nginx:1.27".to_owned() });
            let (after, _, checks) = seen();
            assert!(after < before);
            assert_eq!(checks, 2);

            let missing = ImageAnswer { state: ImageState::Missing, facts: None, newer_tag: None };
            let answer = |image: &str| {
                document
                    .images
                    .update(|images| images.take(vec![image.to_owned()], Some(vec![missing.clone()])));
            };
            answer("redis:7");
            assert_eq!((seen().0, seen().2), (after, 2), "about another image");
            answer("nginx:1.27");
            assert_eq!((seen().0, seen().2), (after + 1, 3));
            assert_eq!(document.picture.with_untracked(|picture| picture.nodes[0].errors), 1);
            edit(Edit::MoveNode { service: "web".to_owned(), to: Point { x: 0, y: 0 } });
            assert_eq!(seen().2, 3);
        });
    }
}
