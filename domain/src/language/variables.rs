//! `${VARIABLE}` at an offset, and while it is typed.

use std::collections::BTreeSet;

use super::lines;
use crate::{
    compose::{
        Place,
        variables::{Piece, VariableUse, pieces},
    },
    stack::Stack,
};

/// The name that is being typed after `${`. `None` where no variable is typed.
pub fn typed(text: &str, offset: usize) -> Option<Place> {
    let start = lines::line_start(text, offset);
    let before = &text[start..offset];
    let open = before.rfind("${")?;
    // `$$` is a dollar sign.
    let dollars = before[..open].len() - before[..open].trim_end_matches('$').len();
    let name = &before[open + 2..];
    if dollars % 2 == 1 || !name.chars().all(is_name) {
        return None;
    }
    let rest = lines::line_text(text, offset);
    let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
    Some(Place::new(start + open + 2, offset + end))
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Defaults are not nested more deeply.
const MOST_NESTED: usize = 8;

/// The variable that covers an offset, with its place.
pub fn at(text: &str, offset: usize) -> Option<VariableUse> {
    at_depth(text, offset, MOST_NESTED)
}

fn at_depth(text: &str, offset: usize, depth: usize) -> Option<VariableUse> {
    let start = lines::line_start(text, offset);
    let line = lines::line_text(text, start);
    let mut from = 0;
    while let Some(found) = line[from..].find('$') {
        let at = from + found;
        let length = length(&line[at..]);
        let place = Place::new(start + at, start + at + length);
        if place.start <= offset && offset < place.end {
            let written = place.slice(text);
            // A variable may stand in the default of another one.
            let inner = if depth > 0 { at_inside(text, place, offset, depth - 1) } else { None };
            return inner.or_else(|| match pieces(written).into_iter().next() {
                Some(Piece::Variable { name, fallback }) => {
                    Some(VariableUse { name: name.to_owned(), fallback, place })
                }
                _ => None,
            });
        }
        from = at + length.max(1);
    }
    None
}

fn at_inside(text: &str, outer: Place, offset: usize, depth: usize) -> Option<VariableUse> {
    let inside = Place::new(outer.start + 2, outer.end.saturating_sub(1));
    let first = inside.slice(text).find('$')?;
    let part = Place::new(inside.start + first, inside.end);
    if offset < part.start || offset >= part.end {
        return None;
    }
    let found = at_depth(part.slice(text), offset - part.start, depth)?;
    let place = Place::new(found.place.start + part.start, found.place.end + part.start);
    Some(VariableUse { place, ..found })
}

/// The length of what a dollar sign begins.
fn length(text: &str) -> usize {
    if text.starts_with("$$") {
        return 2;
    }
    let Some(inside) = text.strip_prefix("${") else {
        return 1 + text[1..].find(|c| !is_name(c)).unwrap_or(text.len() - 1);
    };
    let mut depth = 1;
    for (at, c) in inside.char_indices() {
        depth = match c {
            '{' => depth + 1,
            '}' => depth - 1,
            _ => depth,
        };
        if depth == 0 {
            return 2 + at + 1;
        }
    }
    text.len()
}

/// The variables that the file names or that have a value here.
pub fn names(stack: &Stack) -> BTreeSet<String> {
    let mut names = stack.model().variable_names();
    names.extend(stack.values().names().map(str::to_owned));
    if !stack.is_readable() {
        let parts = stack.text().split("${").skip(1);
        let typed = parts.map(|part| &part[..part.find(|c| !is_name(c)).unwrap_or(part.len())]);
        names.extend(typed.filter(|name| !name.is_empty()).map(str::to_owned));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_at(text: &str, offset: usize) -> Option<String> {
        at(text, offset).map(|found| found.name)
    }

    #[test]
    fn the_variable_at_an_offset_is_found() {
        let text = "a: x${B:-${C:-d}}$E $$F";
        assert_eq!(name_at(text, text.find('x').unwrap()), None);
        assert_eq!(name_at(text, text.find('B').unwrap()).as_deref(), Some("B"));
        assert_eq!(name_at(text, text.find('C').unwrap()).as_deref(), Some("C"));
        assert_eq!(name_at(text, text.find('E').unwrap()).as_deref(), Some("E"));
        assert_eq!(name_at(text, text.find('F').unwrap()), None);
    }

    #[test]
    fn a_variable_that_is_being_typed_is_recognised() {
        assert_eq!(typed("a: ${B", 6), Some(Place::new(5, 6)));
        assert_eq!(typed("a: ${BCD}", 6), Some(Place::new(5, 8)));
        assert_eq!(typed("a: $${B", 7), None);
        assert_eq!(typed("a: ${B:-", 8), None);
    }

    #[test]
    fn deep_nesting_is_no_trouble() {
        let text = "${".repeat(100_000);
        assert_eq!(name_at(&text, 150_000), None);
    }
}
