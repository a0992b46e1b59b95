//! What undo and redo walk through: whole stacks, so there are no inverse operations to get wrong.
//!
//! The session of the open builder holds one.

use std::{collections::VecDeque, sync::Arc};

use domain::{
    check::Finding,
    stack::{Canvas, Stack},
};

/// So many steps can be undone.
pub const LIMIT: usize = 200;

/// Text that is no YAML. The picture stays the last good one until it is mended.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    pub text: Arc<str>,
    pub findings: Arc<[Finding]>,
}

#[derive(Clone, Debug)]
pub struct Moment {
    /// The last good stack.
    pub stack: Stack,
    pub broken: Option<Broken>,
}

impl Moment {
    pub fn good(stack: Stack) -> Self {
        Self { stack, broken: None }
    }

    /// What the text editor shows.
    pub fn text(&self) -> &str {
        self.broken.as_ref().map_or_else(|| self.stack.text(), |broken| &broken.text)
    }

    fn same_as(&self, other: &Self) -> bool {
        self.text() == other.text()
            && self.broken.is_some() == other.broken.is_some()
            && self.stack.canvas() == other.stack.canvas()
    }
}

/// What the server has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    pub version: i32,
    pub text: String,
    pub canvas: Canvas,
}

#[derive(Clone, Debug)]
pub struct History {
    past: VecDeque<Moment>,
    now: Moment,
    /// The next one to redo is last.
    future: Vec<Moment>,
    /// The field that is being typed in: further typing there changes the same step.
    typing: Option<String>,
    saved: Saved,
}

impl History {
    /// Starts from what the server has.
    pub fn new(stack: Stack, version: i32) -> Self {
        let saved = Saved { version, text: stack.text().to_owned(), canvas: stack.canvas().clone() };
        Self { past: VecDeque::new(), now: Moment::good(stack), future: Vec::new(), typing: None, saved }
    }

    pub fn now(&self) -> &Moment {
        &self.now
    }

    pub fn saved(&self) -> &Saved {
        &self.saved
    }

    /// One finished step.
    pub fn push(&mut self, moment: Moment) {
        self.settle();
        self.record(moment);
    }

    /// A step of typing: keystrokes in the same field, one after the other, are undone together.
    pub fn push_typing(&mut self, field: &str, moment: Moment) {
        if self.typing.as_deref() == Some(field) {
            self.now = moment;
            self.future.clear();
            return;
        }
        self.record(moment);
        self.typing = Some(field.to_owned());
    }

    /// Ends the merging of keystrokes: the field was left, or the person paused.
    pub fn settle(&mut self) {
        self.typing = None;
    }

    fn record(&mut self, moment: Moment) {
        if moment.same_as(&self.now) {
            return;
        }
        self.past.push_back(std::mem::replace(&mut self.now, moment));
        if self.past.len() > LIMIT {
            self.past.pop_front();
        }
        self.future.clear();
    }

    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    pub fn undo(&mut self) -> bool {
        self.settle();
        let Some(before) = self.past.pop_back() else { return false };
        self.future.push(std::mem::replace(&mut self.now, before));
        true
    }

    pub fn redo(&mut self) -> bool {
        self.settle();
        let Some(after) = self.future.pop() else { return false };
        self.past.push_back(std::mem::replace(&mut self.now, after));
        true
    }

    /// Whether the server has what is shown.
    pub fn is_saved(&self) -> bool {
        self.now.broken.is_none() && self.nothing_to_send()
    }

    /// Whether the last good stack is on the server; what is typed on top of it may still be broken.
    pub fn nothing_to_send(&self) -> bool {
        self.now.stack.text() == self.saved.text && *self.now.stack.canvas() == self.saved.canvas
    }

    pub fn mark_saved(&mut self, saved: Saved) {
        self.saved = saved;
    }

    /// Two tabs changed the stack, and the other one's is taken: one step that can be undone.
    pub fn take_theirs(&mut self, stack: Stack, version: i32) {
        self.saved = Saved { version, text: stack.text().to_owned(), canvas: stack.canvas().clone() };
        self.push(Moment::good(stack));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        Moment::good(Stack::read(text))
    }

    fn history() -> History {
        History::new(Stack::read("a: 0\n"), 3)
    }

    #[test]
    fn undoing_everything_gives_the_first_text() {
        let mut history = history();
        for n in 1..=5 {
            history.push(moment(&format!("a: {n}\n")));
        }
        while history.undo() {}
        assert_eq!(history.now().text(), "a: 0\n");
        while history.redo() {}
        assert_eq!(history.now().text(), "a: 5\n");
    }

    #[test]
    fn typing_in_one_field_is_one_step() {
        let mut history = history();
        history.push_typing("image", moment("a: 1\n"));
        history.push_typing("image", moment("a: 12\n"));
        history.push_typing("image", moment("a: 123\n"));
        assert!(history.undo());
        assert_eq!(history.now().text(), "a: 0\n");
        assert!(!history.can_undo());
    }

    #[test]
    fn another_field_or_a_pause_begins_another_step() {
        let mut history = history();
        history.push_typing("image", moment("a: 1\n"));
        history.push_typing("tag", moment("a: 2\n"));
        history.settle();
        history.push_typing("tag", moment("a: 3\n"));
        assert!(history.undo());
        assert_eq!(history.now().text(), "a: 2\n");
        assert!(history.undo());
        assert_eq!(history.now().text(), "a: 1\n");
    }

    #[test]
    fn a_new_step_forgets_what_was_undone() {
        let mut history = history();
        history.push(moment("a: 1\n"));
        history.undo();
        history.push(moment("a: 2\n"));
        assert!(!history.can_redo());
    }

    #[test]
    fn a_step_that_changes_nothing_is_none() {
        let mut history = history();
        history.push(moment("a: 0\n"));
        assert!(!history.can_undo());
    }

    #[test]
    fn two_hundred_steps_are_kept() {
        let mut history = history();
        for n in 1..=300 {
            history.push(moment(&format!("a: {n}\n")));
        }
        let mut steps = 0;
        while history.undo() {
            steps += 1;
        }
        assert_eq!(steps, LIMIT);
        assert_eq!(history.now().text(), "a: 100\n");
    }

    #[test]
    fn broken_text_is_shown_and_can_be_undone_but_is_never_sent() {
        let mut history = history();
        let stack = history.now().stack.clone();
        let broken = Broken { text: "a: [\n".into(), findings: Arc::from([]) };
        history.push_typing("text", Moment { stack, broken: Some(broken) });
        assert_eq!(history.now().text(), "a: [\n");
        assert_eq!(history.now().stack.text(), "a: 0\n");
        assert!(!history.is_saved());
        assert!(history.nothing_to_send());
        history.undo();
        assert!(history.is_saved());
    }

    #[test]
    fn undo_after_a_save_is_something_to_save_again() {
        let mut history = history();
        history.push(moment("a: 1\n"));
        history.mark_saved(Saved { version: 4, text: "a: 1\n".into(), canvas: Canvas::default() });
        assert!(history.is_saved());
        history.undo();
        assert!(!history.is_saved());
        assert_eq!(history.saved().version, 4);
    }

    #[test]
    fn taking_the_other_version_can_be_undone() {
        let mut history = history();
        history.push(moment("a: mine\n"));
        history.take_theirs(Stack::read("a: theirs\n"), 7);
        assert!(history.is_saved());
        history.undo();
        assert_eq!(history.now().text(), "a: mine\n");
        assert_eq!(history.saved().version, 7);
    }
}
