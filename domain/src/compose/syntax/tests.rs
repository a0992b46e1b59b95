//! Tests of places in texts that are written in unusual ways.

use super::{Tree, parse};

/// The tree of a text that is valid YAML.
fn tree(text: &str) -> Tree {
    let parsed = parse(text);
    assert_eq!(parsed.error, None, "{text:?}");
    parsed.tree
}

/// What is written at each dash of the list below `a`.
fn at_dashes(text: &str) -> Vec<String> {
    let tree = tree(text);
    let items = tree.pair("a").unwrap().value.items();
    items.iter().map(|item| text[item.dash..].chars().take(3).collect()).collect()
}

#[test]
fn a_return_without_line_feed_ends_a_comment() {
    assert_eq!(at_dashes("a: # one\r- b\r# two\r- c\r"), ["- b", "- c"]);
    assert_eq!(at_dashes("a: # one\r\n- b\r\n# two\r\n- c\r\n"), ["- b", "- c"]);
    let text = "? a # one\r: b";
    assert_eq!(tree(text).pairs()[0].colon, Some(text.len() - 2));
}

#[test]
fn an_empty_item_at_the_end_ends_with_the_text() {
    for text in ["a: # one\r- - -", "a: # one\n- - -", "a:\n- &é"] {
        let tree = tree(text);
        assert_eq!(tree.end(), text.len(), "{text:?}");
    }
}

#[test]
fn a_key_without_colon_does_not_take_the_colon_of_the_next_one() {
    for text in ["{a, : b}", "{? a, : b}", "? a\n?\n: b"] {
        let tree = tree(text);
        let colons: Vec<Option<usize>> = tree.pairs().iter().map(|pair| pair.colon).collect();
        assert_eq!(colons, [None, text.find(':').map(|at| at + 1)], "{text:?}");
        assert_eq!(tree.pairs()[0].end(), text.find('a').unwrap() + 1, "{text:?}");
    }
}

#[test]
fn an_empty_key_does_not_take_the_colon_that_begins_the_next_key() {
    let tree = tree("a: 1\n?\n:: 2\n");
    let colons: Vec<Option<usize>> = tree.pairs().iter().map(|pair| pair.colon).collect();
    assert_eq!(colons, [Some(2), None, Some(9)]);
}

#[test]
fn an_entry_does_not_take_the_colon_of_an_entry_further_out() {
    for text in ["? b:\n   ? c\n: d\n", "? b:\r   ?\r: d\r", "\u{feff}? b:\n   ? c # e\n\n: d\n"] {
        let tree = tree(text);
        let outer = &tree.pairs()[0];
        assert_eq!(outer.colon, text.rfind(':').map(|at| at + 1), "{text:?}");
        assert_eq!(outer.key.pairs()[0].value.pairs()[0].colon, None, "{text:?}");
    }
}

#[test]
fn an_empty_key_does_not_take_the_colon_of_an_entry_further_out() {
    for text in ["a:\n  ?\n: b\n", "a:\n  ? # c\n: b\n", "a:\n  ? &c\n: b\n", "a:\n  ? !!str\n: b\n"] {
        let tree = tree(text);
        assert_eq!(tree.pair("a").unwrap().value.pairs()[0].colon, None, "{text:?}");
        assert_eq!(tree.pairs()[1].colon, text.rfind(':').map(|at| at + 1), "{text:?}");
    }
}

#[test]
fn a_colon_below_its_question_mark_is_found() {
    for text in [
        "a:\n  - ? b # c\n    : d\n",
        "a:\n  - ? - b\n      - c\n    : d\n",
        "a:\n  - ? |\n      b\n    : d\n",
    ] {
        let tree = tree(text);
        let pair = &tree.pair("a").unwrap().value.items()[0].node.pairs()[0];
        assert_eq!(pair.colon, text.rfind(':').map(|at| at + 1), "{text:?}");
    }
}
