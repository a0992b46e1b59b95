//! Random edits in two tabs, merged.

use std::collections::BTreeSet;

use domain::{
    compose::yaml::Node,
    stack::{
        Stack,
        merge::{Side, merge, merge_preferring},
    },
};
use proptest::{prelude::*, sample::select};

use crate::{edits::edit, files::files};

fn edited(base: &Stack, edits: &[domain::stack::Edit]) -> Stack {
    edits.iter().fold(base.clone(), |stack, edit| stack.apply(edit).unwrap_or(stack))
}

/// The names and values of the entries of a section.
fn values(stack: &Stack, section: &str, name: &str) -> Option<serde_json::Value> {
    stack.model().root.at(&[section, name]).map(Node::to_json)
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim_end().to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn a_merge_has_the_changes_of_both_sides_or_is_a_conflict(
        file in select(files()),
        mine in prop::collection::vec(edit(), 0..4),
        theirs in prop::collection::vec(edit(), 0..4),
    ) {
        let base = Stack::read(&file);
        let (mine, theirs) = (edited(&base, &mine), edited(&base, &theirs));
        let story = || format!("{}\n--- mine\n{}\n--- theirs\n{}", base.text(), mine.text(), theirs.text());
        for side in [&mine, &theirs] {
            for one_sided in [merge(&base, &base, side), merge(&base, side, &base), merge(&base, side, side)] {
                let one_sided = one_sided.unwrap();
                prop_assert_eq!(one_sided.text(), side.text());
                prop_assert_eq!(one_sided.canvas(), side.canvas());
            }
        }
        let decided = merge_preferring(Side::Mine, &base, &mine, &theirs);
        prop_assert!(decided.is_readable() || !mine.is_readable() || !theirs.is_readable(), "{}", story());
        let both = match merge(&base, &mine, &theirs) {
            Ok(both) => both,
            Err(conflicts) => {
                prop_assert!(!conflicts.is_empty());
                for conflict in conflicts {
                    for (place, text) in [(conflict.mine, mine.text()), (conflict.theirs, theirs.text())] {
                        prop_assert!(place.is_none_or(|place| text.get(place.start..place.end).is_some()));
                    }
                }
                return Ok(());
            }
        };
        prop_assert_eq!(decided.text(), both.text());
        for section in ["services", "networks", "volumes"] {
            let names = [&base, &mine, &theirs].map(|stack| stack.model().root.get(section).map(Node::entries));
            for name in names.into_iter().flatten().flatten().map(|entry| entry.key.as_str()) {
                let [base, mine, theirs] = [&base, &mine, &theirs].map(|stack| values(stack, section, name));
                let result = values(&both, section, name);
                if mine == base {
                    prop_assert_eq!(&result, &theirs, "{} {}\n{}", section, name, story());
                } else if theirs == base || mine == theirs {
                    prop_assert_eq!(&result, &mine, "{} {}\n{}", section, name, story());
                }
            }
        }
        let comments = |stack: &Stack| stack.text().split("#~").skip(1).map(first_line).collect::<BTreeSet<_>>();
        let lost: Vec<_> = comments(&mine).intersection(&comments(&theirs)).cloned().collect();
        let lost: Vec<_> = lost.into_iter().filter(|comment| !comments(&both).contains(comment)).collect();
        prop_assert!(lost.is_empty(), "{lost:?}\n{}\n--- merged\n{}", story(), both.text());
    }

    #[test]
    fn no_text_makes_a_merge_panic(
        file in select(files()),
        mine in (0usize..400, "[ -~\n\t]{0,12}"),
        theirs in (0usize..400, "[ -~\n\t]{0,12}"),
        anything in any::<String>(),
    ) {
        let base = Stack::read(&file);
        let typed = |(at, piece): &(usize, String)| {
            let mut text = file.clone();
            text.insert_str(text.floor_char_boundary(*at), piece);
            Stack::read(&text)
        };
        let (mine, theirs, anything) = (typed(&mine), typed(&theirs), Stack::read(&anything));
        for (base, mine, theirs) in [(&base, &mine, &theirs), (&base, &mine, &anything), (&anything, &mine, &theirs)] {
            if let Ok(both) = merge(base, mine, theirs) {
                prop_assert!(both.is_readable() || !mine.is_readable() || !theirs.is_readable());
            }
            let _ = merge_preferring(Side::Theirs, base, mine, theirs);
        }
    }
}
