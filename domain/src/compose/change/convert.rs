//! Turns a list of names into a mapping with an entry for each name. Every comment stays with its entry.

use serde_json::{Map, Value};

use super::{
    Splice,
    find::{Found, Step, find},
    habits::{Habits, column, line_end, line_start},
    write,
};
use crate::compose::{
    place::Place,
    scalar::{self, Around, Quote},
    syntax::{NodeKind, Tree},
};

/// Writes the list at this path as a mapping with these entries. Entries that the list does not have come last.
///
/// `None` if the list is not a block with one plain name per line: then nothing is there that could get lost beside it.
pub fn list_to_mapping(
    text: &str,
    tree: &Tree,
    path: &[String],
    entries: &Map<String, Value>,
) -> Option<Splice> {
    let Found::Value(chain) = find(tree, path) else { return None };
    let Some(Step::Pair { pair, .. }) = chain.last() else { return None };
    let NodeKind::Sequence { flow: false, items } = &pair.value.kind else { return None };
    let habits = Habits::of(text, tree);
    let (first, last) = (items.first()?, items.last()?);
    let key_column = column(text, pair.key.start);
    let dash_column = column(text, first.dash);
    let start = line_start(text, first.dash);
    let mut rest = entries.clone();
    let (mut out, mut at) = (String::new(), start);
    for item in items {
        let name = item.node.scalar()?;
        let value = rest.shift_remove(name)?;
        let own_line = text[line_start(text, item.dash)..item.dash].trim().is_empty();
        let in_one_line = !item.node.place.slice(text).contains('\n');
        if !own_line || !in_one_line || item.node.anchor.is_some() || item.node.tag.is_some() {
            return None;
        }
        let end = line_end(text, item.node.end());
        out.push_str(&text[at..item.dash]);
        out.push_str(&scalar::write(name, Quote::None, Around::Block));
        out.push(':');
        out.push_str(&text[item.node.end()..end]);
        out.push_str(&write::after_colon(name, &value, dash_column, &habits));
        at = end;
    }
    for (name, value) in &rest {
        out.push_str(habits.line_end);
        out.push_str(&write::indent(dash_column));
        out.push_str(&write::pair(name, value, dash_column, &habits));
    }
    // Dashes may stand below their key, other keys may not.
    if dash_column <= key_column {
        let indent = write::indent(habits.step);
        out = out.split_inclusive('\n').map(|line| format!("{indent}{line}")).collect();
    }
    Some(Splice { place: Place::new(start, line_end(text, last.node.end())), text: out })
}
