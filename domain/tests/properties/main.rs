//! Checks that after any edit a stack stays readable, has the intended meaning, and is otherwise unchanged.
//!
//! Undo goes back through whole stacks and is tested in `app/src/builder/model/history.rs`. It relies on what is
//! tested here: an edit returns a new stack and leaves the original unchanged.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod edits;
mod files;
mod formatting;
mod found;
mod meaning;
mod mentions;
mod merging;
mod read;
mod rest;
mod text;

use std::collections::BTreeMap;

use domain::stack::{Edit, Stack, Values};
use proptest::{
    prelude::*,
    sample::select,
    strategy::ValueTree,
    test_runner::{RngSeed, TestRunner},
};

use crate::{
    edits::edit,
    files::files,
    meaning::meant,
    rest::rest_stays,
    text::{breaks_stay, comments_stay, others_agree},
};

const SEED: u64 = 20_261_130;

proptest! {
    // The same cases in every run: what is new is found by scripts/fuzz.sh, not by somebody else's change.
    #![proptest_config(ProptestConfig { cases: 1024, rng_seed: RngSeed::Fixed(SEED), ..ProptestConfig::default() })]

    #[test]
    fn random_edits_leave_a_readable_stack_that_means_what_was_meant(
        file in select(files()),
        edits in prop::collection::vec(edit(), 1..12),
    ) {
        let mut stack = Stack::read(&file);
        for edit in &edits {
            let Ok(next) = stack.apply(edit) else { continue };
            as_it_should_be(&stack, &next, edit)?;
            prop_assert!(comments_stay(&stack, &next, edit), "{edit:?}\n{}\n---\n{}", stack.text(), next.text());
            stack = next;
        }
    }

    #[test]
    fn an_edit_leaves_the_stack_it_began_with_as_it_was(
        file in select(files()),
        edits in prop::collection::vec(edit(), 1..12),
    ) {
        let (mut past, mut done) = (Vec::new(), Vec::new());
        let mut stack = Stack::read(&file);
        for edit in edits {
            past.push((stack.clone(), stack.text().to_owned(), stack.canvas().clone(), stack.model().clone()));
            let Ok(next) = stack.apply(&edit) else { continue };
            stack = next;
            done.push(edit);
        }
        for (stack, text, canvas, model) in &past {
            prop_assert_eq!(stack.text(), text);
            prop_assert_eq!(stack.canvas(), canvas);
            prop_assert_eq!(stack.model(), model);
        }
        let again = Stack::read(&file).apply_all(&done).unwrap();
        prop_assert_eq!(again.text(), stack.text());
        prop_assert_eq!(again.canvas(), stack.canvas());
    }

    #[test]
    fn no_text_makes_reading_or_editing_panic(text in any::<String>(), edit in edit()) {
        let stack = Stack::read(&text);
        prop_assert_eq!(stack.text(), text.as_str());
        let _ = domain::check::check(&stack);
        let _ = stack.apply(&edit);
    }

    #[test]
    fn no_broken_piece_of_a_file_makes_anything_panic(
        file in select(files()),
        from in 0usize..400,
        piece in "[ -~\n\t]{0,6}",
        edit in edit(),
    ) {
        let mut text = file;
        text.insert_str(text.floor_char_boundary(from), &piece);
        let stack = Stack::read(&text);
        let _ = domain::check::check(&stack);
        if let Ok(next) = stack.apply(&edit) {
            as_it_should_be(&stack, &next, &edit)?;
        }
    }
}

fn as_it_should_be(before: &Stack, after: &Stack, edit: &Edit) -> Result<(), TestCaseError> {
    let story = || format!("{edit:?}\n--- before\n{}\n--- after\n{}\n---", before.text(), after.text());
    prop_assert!(meant(before, after, edit), "not what was meant: {}", story());
    prop_assert!(rest_stays(before, after, edit), "something else is different: {}", story());
    if !matches!(edit, Edit::ReplaceText { .. }) {
        prop_assert!(after.is_readable() || !before.is_readable(), "no longer readable: {}", story());
        prop_assert!(others_agree(after) || !others_agree(before), "others read something else: {}", story());
        prop_assert!(breaks_stay(before, after), "mixed line breaks: {}", story());
    }
    Ok(())
}

/// Every kind of edit must be tried and succeed, because otherwise the other tests would prove nothing about it.
#[test]
fn every_edit_is_tried_and_done() {
    let mut done: BTreeMap<String, usize> = every_op().into_iter().map(|op| (op, 0)).collect();
    assert!(done.contains_key("add_service") && done.contains_key("set_note"), "{done:?}");
    let mut runner = TestRunner::deterministic();
    let tries = (select(files()), edit());
    for _ in 0..20_000 {
        let (file, edit) = tries.new_tree(&mut runner).unwrap().current();
        let values = Values::stored([("A".to_owned(), 1)]);
        if Stack::read(&file).with_values(values).apply(&edit).is_ok() {
            *done.get_mut(&op(&edit)).unwrap() += 1;
        }
    }
    let rare: Vec<_> = done.iter().filter(|(_, times)| **times < 10).collect();
    assert!(rare.is_empty(), "{rare:?}");
}

fn op(edit: &Edit) -> String {
    serde_json::to_value(edit).unwrap()["op"].as_str().unwrap().to_owned()
}

/// The names of all edits, taken from Serde's message about an unknown one, so that a new edit is included
/// automatically.
fn every_op() -> Vec<String> {
    let message = serde_json::from_str::<Edit>(r#"{"op": ""}"#).unwrap_err().to_string();
    let (_, expected) = message.split_once("expected one of").unwrap();
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
