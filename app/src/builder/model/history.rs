//! The undo history. Each step is a whole stack, so there are no inverse operations to get wrong.
//!
//! The session of an open builder holds one history.

use std::{collections::VecDeque, sync::Arc};

use domain::{check::Finding, stack::Stack};

use super::typed::typed;

/// The number of steps that can be undone.
pub const LIMIT: usize = 200;

/// Text that is not valid YAML. Until it is fixed, the picture shows the last readable text.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    pub text: Arc<str>,
    pub findings: Arc<[Finding]>,
}

#[derive(Clone, Debug)]
pub struct Moment {
    /// The last readable stack.
    pub stack: Stack,
    pub broken: Option<Broken>,
}

impl Moment {
    pub fn good(stack: Stack) -> Self {
        Self { stack, broken: None }
    }

    /// The text in the editor.
    pub fn text(&self) -> &str {
        self.broken.as_ref().map_or_else(|| self.stack.text(), |broken| &broken.text)
    }

    /// This moment after the user has changed the value of a text area to `value`. All other bytes stay the same.
    pub fn after_typing(&self, value: &str) -> Self {
        self.with_text(&typed(self.text(), value))
    }

    /// This moment with another text, readable or not. Nodes stay where they are.
    pub fn with_text(&self, text: &str) -> Self {
        let stack = self.stack.with_text(text);
        if stack.is_readable() {
            return Self::good(stack);
        }
        let broken = Broken { text: text.into(), findings: stack.findings().into() };
        Self { stack: self.stack.clone(), broken: Some(broken) }
    }

    fn same_as(&self, other: &Self) -> bool {
        self.text() == other.text()
            && self.broken.is_some() == other.broken.is_some()
            && self.stack.canvas() == other.stack.canvas()
            && self.stack.values() == other.stack.values()
    }
}

/// A moment that is compared by its text, the names of its values and the settings of the checks, not by the positions of its
/// nodes. Check rules read nothing else, so their findings are computed only once for each text.
#[derive(Clone, Debug)]
pub struct Written(Moment);

impl Written {
    pub fn of(moment: &Moment) -> Self {
        Self(moment.clone())
    }

    pub fn text(&self) -> &str {
        self.0.text()
    }

    pub fn moment(&self) -> &Moment {
        &self.0
    }
}

impl PartialEq for Written {
    fn eq(&self, other: &Self) -> bool {
        let names = |written: &Self| written.0.stack.values().names().map(str::to_owned).collect::<Vec<_>>();
        let checks = |written: &Self| written.0.stack.canvas().checks.clone();
        self.text() == other.text() && names(self) == names(other) && checks(self) == checks(other)
    }
}

#[derive(Clone, Debug)]
pub struct History {
    past: VecDeque<Moment>,
    now: Moment,
    /// The next one to redo is last.
    future: Vec<Moment>,
    /// The field in which the user is typing: more keystrokes there change the same step.
    typing: Option<String>,
}

impl History {
    pub fn new(stack: Stack) -> Self {
        Self { past: VecDeque::new(), now: Moment::good(stack), future: Vec::new(), typing: None }
    }

    pub fn now(&self) -> &Moment {
        &self.now
    }

    /// Adds one finished step.
    pub fn push(&mut self, moment: Moment) {
        self.settle();
        self.record(moment);
    }

    /// Adds a step of typing: consecutive keystrokes in the same field are undone together.
    pub fn push_typing(&mut self, field: &str, moment: Moment) {
        if self.typing.as_deref() == Some(field) {
            self.now = moment;
            self.future.clear();
            return;
        }
        self.record(moment);
        self.typing = Some(field.to_owned());
    }

    /// Ends the merging of keystrokes: the field has lost the focus, or the user has paused.
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

    /// Replaces the current version with one that includes changes from elsewhere. This adds no step, so undo reverts only the
    /// changes of this tab. `carried` returns an earlier or later step with those changes. From the first step that cannot
    /// include them, the steps stay as they were.
    pub fn carry(&mut self, now: Stack, mut carried: impl FnMut(&Stack) -> Option<Stack>) {
        self.settle();
        self.now = Moment::good(now);
        let mut carry = |step: &mut Moment| {
            let stack = step.broken.is_none().then(|| carried(&step.stack)).flatten();
            stack.map(|stack| *step = Moment::good(stack))
        };
        // The steps next to this moment are last in both lists.
        for steps in [self.past.make_contiguous(), self.future.as_mut_slice()] {
            // Stops at the first step that stays.
            let _carried = steps.iter_mut().rev().try_for_each(&mut carry);
        }
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
}

#[cfg(test)]
mod tests {
    use domain::stack::{Edit, HeldValue, Point, Values};

    use super::*;

    fn moment(text: &str) -> Moment {
        Moment::good(Stack::read(text))
    }

    fn history() -> History {
        History::new(Stack::read("a: 0\n"))
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
    fn changes_of_others_are_carried_into_the_steps() {
        let mut history = history();
        for n in 1..=4 {
            history.push(moment(&format!("a: {n}\n")));
        }
        history.undo();
        let others = |stack: &Stack| Stack::read(&format!("{}b: 1\n", stack.text()));
        history.carry(others(&Stack::read("a: 3\n")), |step| (step.text() != "a: 0\n").then(|| others(step)));
        assert_eq!(history.now().text(), "a: 3\nb: 1\n");
        history.undo();
        assert_eq!(history.now().text(), "a: 2\nb: 1\n");
        history.undo();
        history.undo();
        assert_eq!(history.now().text(), "a: 0\n", "it could not have them");
        while history.redo() {}
        assert_eq!(history.now().text(), "a: 4\nb: 1\n");
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
    fn undo_brings_a_removed_value_back() {
        let stack = Stack::read("services:\n  web: {image: 'nginx:${TAG}'}\n");
        let mut history = History::new(stack.with_values(Values::stored([("TAG".to_owned(), 7)])));
        let before = history.now().clone();
        let removed = before.stack.apply(&Edit::RemoveValue { name: "TAG".to_owned() }).unwrap();
        history.push(Moment::good(removed));
        assert!(history.now().stack.values().is_empty());
        assert!(Written::of(history.now()) != Written::of(&before));
        assert!(history.undo());
        assert_eq!(history.now().stack.values().get("TAG"), Some(&HeldValue::Stored(7)));
    }

    #[test]
    fn moving_a_node_leaves_the_text_equal() {
        let before = moment("services:\n  web: {image: nginx}\n");
        let to = Point { x: 40, y: 60 };
        let moved = before.stack.apply(&Edit::MoveNode { service: "web".to_owned(), to }).unwrap();
        assert!(Written::of(&before) == Written::of(&Moment::good(moved)));
        assert!(Written::of(&before) != Written::of(&before.with_text("services: {}\n")));
    }
}
