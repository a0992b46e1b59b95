//! Places in a text: what stands there is what the place is said to be of.

use domain::compose::{
    Place,
    syntax::{NodeKind, Style, Tree},
};

/// Panics if a place of the tree is wrong.
pub fn check(text: &str, tree: &Tree) {
    assert!(tree.start <= tree.place.start && tree.place.end <= tree.end(), "{tree:?}");
    let written = slice(text, tree.place);
    match &tree.kind {
        NodeKind::Missing => assert_eq!(written, ""),
        NodeKind::Alias(_) => assert!(written.starts_with('*'), "{written:?}"),
        NodeKind::Scalar { text, style } => match style {
            Style::Plain => {
                assert!(written == text || written.contains(['\r', '\n']), "{written:?} {text:?}")
            }
            Style::Single => {
                assert!(written.len() > 1 && written.starts_with('\'') && written.ends_with('\''))
            }
            Style::Double => assert!(written.len() > 1 && written.starts_with('"') && written.ends_with('"')),
            Style::Literal => assert!(written.starts_with('|'), "{written:?}"),
            Style::Folded => assert!(written.starts_with('>'), "{written:?}"),
        },
        NodeKind::Sequence { flow, items } => {
            assert!(!flow || written.starts_with('['), "{written:?}");
            assert!(items.is_sorted_by(|one, next| one.node.end() <= next.dash), "{items:?}");
            for item in items {
                let begin = &text[item.dash..item.node.start];
                assert!(*flow || begin.starts_with('-'), "{begin:?}");
                check(text, &item.node);
            }
        }
        NodeKind::Mapping { pairs, .. } => {
            assert!(pairs.is_sorted_by(|one, next| one.end() <= next.key.start), "{pairs:?}");
            for pair in pairs {
                check(text, &pair.key);
                if let Some(colon) = pair.colon {
                    assert!(pair.key.end() < colon && text[..colon].ends_with(':'), "{pair:?}");
                    assert!(colon <= pair.value.start, "{pair:?}");
                }
                check(text, &pair.value);
            }
        }
    }
    if let Some((_, place)) = tree.anchor {
        assert!(slice(text, place).starts_with('&'), "{place:?}");
    }
}

fn slice(text: &str, place: Place) -> &str {
    &text[place.start..place.end]
}
