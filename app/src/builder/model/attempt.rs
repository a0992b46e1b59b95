//! Tries edits, and finds out what the user must decide before they are made.

use domain::{
    compose::Place,
    stack::{Edit, Question, Refusal, Stack, WrittenOut, written_out},
};

/// Edits, and what the user has agreed to.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    pub edits: Vec<Edit>,
    /// Whether values that are shared through an anchor may be written out.
    pub may_write_out: bool,
}

/// A question with its answers, each of which is another attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub text: String,
    /// The lines that the question is about, with their numbers.
    pub lines: Vec<(usize, String)>,
    pub answers: Vec<(String, Attempt)>,
}

#[derive(Debug)]
pub enum Outcome {
    Done(Stack),
    Refused(Refusal),
    Asks(Asked),
}

impl Attempt {
    pub fn of(edits: &[Edit]) -> Self {
        Self { edits: edits.to_vec(), may_write_out: false }
    }

    /// Applies all edits or none.
    pub fn on(&self, stack: &Stack) -> Outcome {
        let mut next = stack.clone();
        for (index, edit) in self.edits.iter().enumerate() {
            match next.apply(edit) {
                Ok(after) => next = after,
                Err(refusal) => {
                    return match &refusal.question {
                        Some(question) => Outcome::Asks(self.asked(&next, index, &refusal, question)),
                        None => Outcome::Refused(refusal),
                    };
                }
            }
        }
        let copies = if self.may_write_out { Vec::new() } else { written_out(stack, &next) };
        if copies.is_empty() {
            Outcome::Done(next)
        } else {
            Outcome::Asks(self.asked_to_write_out(stack, &copies))
        }
    }

    /// `stack` is the one that the refused edit met.
    fn asked(&self, stack: &Stack, index: usize, refusal: &Refusal, question: &Question) -> Asked {
        let places = question.places.iter().map(|asked| asked.place);
        let answers = question.choices.iter().map(|choice| {
            let mut edits = self.edits.clone();
            drop(edits.splice(index..=index, choice.edits.iter().cloned()));
            (choice.label.clone(), Self { edits, may_write_out: self.may_write_out })
        });
        Asked {
            text: refusal.message.clone(),
            lines: lines(stack, places.chain(refusal.place)),
            answers: answers.collect(),
        }
    }

    fn asked_to_write_out(&self, stack: &Stack, copies: &[WrittenOut]) -> Asked {
        let names: Vec<String> =
            copies.iter().map(|copy| format!("`{}` of `{}`", copy.key, copy.service)).collect();
        let (is, gets) =
            if copies.len() == 1 { ("is", "a copy of its own") } else { ("are", "copies of their own") };
        let text = format!(
            "{} {is} shared through an anchor. With this change it gets {gets}: later changes of the shared lines no \
             longer reach it.",
            names.join(" and ")
        );
        let answer = Self { may_write_out: true, ..self.clone() };
        Asked {
            text,
            lines: lines(stack, copies.iter().map(|copy| copy.place)),
            answers: vec![("Write it out".to_owned(), answer)],
        }
    }
}

/// The lines of the places, each once, in the order of the text.
fn lines(stack: &Stack, places: impl Iterator<Item = Place>) -> Vec<(usize, String)> {
    let text = stack.text();
    let mut numbers: Vec<usize> =
        places.map(|place| text[..place.start.min(text.len())].matches('\n').count()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let all: Vec<&str> = text.lines().collect();
    numbers
        .into_iter()
        .map(|number| (number + 1, all.get(number).copied().unwrap_or_default().trim().to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(stack: &Stack, edits: &[Edit]) -> Asked {
        match Attempt::of(edits).on(stack) {
            Outcome::Asks(asked) => asked,
            other => panic!("{other:?}"),
        }
    }

    fn done(attempt: &Attempt, stack: &Stack) -> String {
        match attempt.on(stack) {
            Outcome::Done(stack) => stack.text().to_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_uncertain_rename_shows_its_lines_and_each_answer_makes_all_edits() {
        let text = "services:\n  web:\n    image: a:1\n    environment:\n      CACHE: api # which?\n  api:\n    image: b:1\n";
        let stack = Stack::read(text);
        let image = Edit::SetImage { service: "web".into(), image: "a:2".into() };
        let rename = Edit::RenameService { service: "api".into(), to: "db".into(), uncertain: None };
        let asked = asked(&stack, &[image, rename]);
        assert_eq!(asked.lines, [(5, "CACHE: api # which?".to_owned())]);
        let both: Vec<String> = asked.answers.iter().map(|(_, attempt)| done(attempt, &stack)).collect();
        let left = text.replace("a:1", "a:2").replace("  api:", "  db:");
        assert_eq!(both, [left.replace("CACHE: api", "CACHE: db"), left]);
    }

    #[test]
    fn a_shared_value_is_announced_before_it_is_written_out() {
        let text = "services:\n  a:\n    image: x\n    networks: &nets [front]\n  b:\n    image: y\n    networks: *nets\nnetworks:\n  front:\n  back:\n";
        let stack = Stack::read(text);
        let join = Edit::JoinNetwork { service: "b".into(), network: "back".into(), keep_default: None };
        let asked = asked(&stack, &[join]);
        assert_eq!(asked.lines, [(7, "networks: *nets".to_owned())]);
        assert!(asked.text.starts_with("`networks` of `b` is shared"), "{}", asked.text);
        assert!(done(&asked.answers[0].1, &stack).contains("      - back\n"));
    }

    #[test]
    fn edits_that_ask_nothing_are_done_or_refused() {
        let stack = Stack::read("services:\n  a:\n    image: x:1\n");
        let image = |service: &str| Edit::SetImage { service: service.into(), image: "x:2".into() };
        assert!(done(&Attempt::of(&[image("a")]), &stack).contains("x:2"));
        assert!(matches!(Attempt::of(&[image("a"), image("b")]).on(&stack), Outcome::Refused(_)));
    }
}
