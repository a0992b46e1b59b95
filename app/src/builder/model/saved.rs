//! The stack as the server has stored it. It is separate from the history, because saving changes nothing that is drawn.

use domain::stack::Stack;

#[derive(Clone, Debug)]
pub struct Saved {
    pub version: i32,
    pub stack: Stack,
}

impl Saved {
    pub fn of(stack: &Stack, version: i32) -> Self {
        Self { version, stack: stack.clone() }
    }

    pub fn holds(&self, stack: &Stack) -> bool {
        stack.is_same(&self.stack)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{
        super::history::{Broken, History, Moment},
        *,
    };

    fn moment(text: &str) -> Moment {
        Moment::good(Stack::read(text))
    }

    fn opened() -> (History, Saved) {
        let stack = Stack::read("a: 0\n");
        let saved = Saved::of(&stack, 3);
        (History::new(stack), saved)
    }

    fn is_saved(history: &History, saved: &Saved) -> bool {
        history.now().broken.is_none() && saved.holds(&history.now().stack)
    }

    #[test]
    fn broken_text_is_shown_and_can_be_undone_but_is_never_sent() {
        let (mut history, saved) = opened();
        let stack = history.now().stack.clone();
        let broken = Broken { text: "a: [\n".into(), findings: Arc::from([]) };
        history.push_typing("text", Moment { stack, broken: Some(broken) });
        assert_eq!(history.now().text(), "a: [\n");
        assert_eq!(history.now().stack.text(), "a: 0\n");
        assert!(!is_saved(&history, &saved));
        assert!(saved.holds(&history.now().stack));
        history.undo();
        assert!(is_saved(&history, &saved));
    }

    #[test]
    fn undo_after_a_save_is_something_to_save_again() {
        let (mut history, _) = opened();
        history.push(moment("a: 1\n"));
        let saved = Saved::of(&Stack::read("a: 1\n"), 4);
        assert!(is_saved(&history, &saved));
        history.undo();
        assert!(!is_saved(&history, &saved));
        assert_eq!(saved.version, 4);
    }

    #[test]
    fn taking_the_other_version_can_be_undone() {
        let (mut history, _) = opened();
        history.push(moment("a: mine\n"));
        let theirs = Stack::read("a: theirs\n");
        let saved = Saved::of(&theirs, 7);
        history.push(Moment::good(theirs));
        assert!(is_saved(&history, &saved));
        history.undo();
        assert_eq!(history.now().text(), "a: mine\n");
        assert_eq!(saved.version, 7);
    }
}
