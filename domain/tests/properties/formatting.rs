//! Formats files after random edits, and compares files in meaning.

use std::collections::BTreeMap;

use domain::{
    difference::differences,
    format::{FormatError, format},
    stack::Stack,
};
use proptest::{
    prelude::*,
    sample::select,
    strategy::ValueTree,
    test_runner::{RngSeed, TestRunner},
};

use crate::{SEED, edits::edit, files::files, read::root, text::others_agree};

fn comments(text: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for comment in
        text.lines().filter_map(|line| line.split_once("#~")).map(|(_, comment)| comment.trim_end())
    {
        *counts.entry(comment.to_owned()).or_default() += 1;
    }
    counts
}

fn edited(file: &str, edits: &[domain::stack::Edit]) -> Stack {
    edits.iter().fold(Stack::read(file), |stack, edit| stack.apply(edit).unwrap_or(stack))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, rng_seed: RngSeed::Fixed(SEED), ..ProptestConfig::default() })]

    #[test]
    fn a_formatted_file_means_the_same_and_is_not_formatted_again(
        file in select(files()),
        edits in prop::collection::vec(edit(), 0..6),
    ) {
        let before = edited(&file, &edits);
        let Ok(formatted) = format(before.text()) else { return Ok(()) };
        let after = Stack::read(&formatted);
        let story = || format!("--- before\n{}\n--- after\n{formatted}", before.text());
        prop_assert_eq!(root(&after), root(&before), "{}", story());
        prop_assert_eq!(comments(&formatted), comments(before.text()), "{}", story());
        prop_assert!(others_agree(&after) || !others_agree(&before), "others read something else: {}", story());
        let again = format(&formatted);
        prop_assert_eq!(again.as_ref(), Ok(&formatted), "{}", story());
        let difference = differences(&before, &after);
        prop_assert!(difference.is_empty(), "{:?}\n{}", difference, story());
    }

    #[test]
    fn files_that_mean_something_else_differ(
        file in select(files()),
        edits in prop::collection::vec(edit(), 1..4),
    ) {
        let (before, after) = (Stack::read(&file), edited(&file, &edits));
        prop_assert!(differences(&before, &before).is_empty());
        let difference = differences(&before, &after);
        if root(&before) == root(&after) {
            prop_assert!(difference.is_empty(), "{:?}", difference);
        }
        let _ = difference.lines();
        let back = serde_json::from_value(serde_json::to_value(&difference).unwrap());
        prop_assert_eq!(back.ok(), Some(difference));
    }

    #[test]
    fn no_text_makes_formatting_panic(
        file in select(files()),
        from in 0usize..400,
        piece in "[ -~\n\t\r]{0,8}",
        anything in any::<String>(),
    ) {
        let mut text = file;
        text.insert_str(text.floor_char_boundary(from), &piece);
        for text in [text, anything] {
            match format(&text) {
                Ok(formatted) => prop_assert_eq!(root(&Stack::read(&formatted)), root(&Stack::read(&text))),
                Err(FormatError::Unreadable(_) | FormatError::Unsafe(_)) => {}
            }
            let _ = differences(&Stack::read(&text), &Stack::default());
        }
    }
}

/// A file is refused only if it is written in a very unusual way.
#[test]
fn nearly_every_readable_file_can_be_formatted() {
    let mut runner = TestRunner::deterministic();
    let tries = (select(files()), prop::collection::vec(edit(), 0..4));
    let (mut done, mut unsafe_ones) = (0, BTreeMap::<String, usize>::new());
    for _ in 0..2_000 {
        let (file, edits) = tries.new_tree(&mut runner).unwrap().current();
        let stack = edited(&file, &edits);
        match format(stack.text()) {
            Ok(_) => done += 1,
            Err(FormatError::Unreadable(_)) => {}
            Err(error) => {
                let count = unsafe_ones.entry(error.to_string()).or_default();
                *count += 1;
                if *count < 4 {
                    println!("{error}\n{}\n---", stack.text());
                }
            }
        }
    }
    println!("{done} formatted, refused: {unsafe_ones:#?}");
    assert!(unsafe_ones.values().sum::<usize>() * 100 < done, "{unsafe_ones:#?}");
}
