//! The difference between two texts as edits that are as small as possible, so that the editor keeps cursors, folds and marks.

use domain::{compose::Place, language::positions::Lines};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use tower_lsp_server::ls_types::TextEdit;

use super::ranges;

/// In the order of the old text, without overlaps.
pub fn text_edits(old: &str, new: &str) -> Vec<TextEdit> {
    let (old_lines, new_lines) = (lines(old), lines(new));
    let (old_starts, new_starts) = (starts(&old_lines), starts(&new_lines));
    let positions = Lines::of(old);
    let at = |starts: &[usize], line: usize| starts.get(line).copied().unwrap_or_default();
    let changed = capture_diff_slices(Algorithm::Myers, &old_lines, &new_lines);
    changed
        .into_iter()
        .filter(|change| !matches!(change, DiffOp::Equal { .. }))
        .map(|change| {
            let (was, is) = (change.old_range(), change.new_range());
            let place = Place::new(at(&old_starts, was.start), at(&old_starts, was.end));
            let text = &new[at(&new_starts, is.start)..at(&new_starts, is.end)];
            let (place, text) = trimmed(old, place, text);
            TextEdit { range: ranges::range(&positions, place), new_text: text.to_owned() }
        })
        .collect()
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Where each line starts, and where the last one ends.
fn starts(lines: &[&str]) -> Vec<usize> {
    let ends = lines.iter().scan(0, |end, line| {
        *end += line.len();
        Some(*end)
    });
    std::iter::once(0).chain(ends).collect()
}

/// Without what is equal at the beginning and at the end.
fn trimmed<'n>(old: &str, place: Place, new: &'n str) -> (Place, &'n str) {
    let before = place.slice(old);
    let equal = before.chars().zip(new.chars()).take_while(|(a, b)| a == b);
    let mut start: usize = equal.map(|(a, _)| a.len_utf8()).sum();
    // Editors have no position between the two halves of a line end.
    if before[..start].ends_with('\r') {
        start -= 1;
    }
    let (before, new) = (&before[start..], &new[start..]);
    let equal = before.chars().rev().zip(new.chars().rev()).take_while(|(a, b)| a == b);
    let mut end: usize = equal.map(|(a, _)| a.len_utf8()).sum();
    let splits =
        |text: &str| text[..text.len() - end].ends_with('\r') && text[text.len() - end..].starts_with('\n');
    if splits(before) || splits(new) {
        end -= 1;
    }
    (Place::new(place.start + start, place.end - end), &new[..new.len() - end])
}

/// The old text after the edits, as an editor applies them.
#[cfg(test)]
pub fn applied(old: &str, edits: &[TextEdit]) -> String {
    let lines = Lines::of(old);
    let mut text = old.to_owned();
    for edit in edits.iter().rev() {
        let place = ranges::place(&lines, edit.range);
        text.replace_range(place.start..place.end, &edit.new_text);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(old: &str, new: &str) -> Vec<String> {
        let edits = text_edits(old, new);
        assert_eq!(applied(old, &edits), new);
        let shown = |edit: &TextEdit| {
            let (start, end) = (edit.range.start, edit.range.end);
            format!("{}:{}-{}:{} {:?}", start.line, start.character, end.line, end.character, edit.new_text)
        };
        edits.iter().map(shown).collect()
    }

    #[test]
    fn only_what_differs_is_replaced() {
        assert_eq!(edits("a: 1\nb: 2\nc: 3\n", "a: 1\nb: 5\nc: 3\n"), ["1:3-1:4 \"5\""]);
        assert_eq!(edits("a: 1\nb: 2\nc: 3\n", "a: 9\nb: 2\nc: 8\n").len(), 2);
        assert_eq!(edits("a\n", "a\n"), [""; 0]);
        assert_eq!(edits("", "a\n"), ["0:0-0:0 \"a\\n\""]);
        assert_eq!(edits("a", "a\nb").len(), 1);
        assert_eq!(edits("a: 🚢x\n", "a: 🚢y\n"), ["0:5-0:6 \"y\""]);
    }

    #[test]
    fn line_ends_are_never_cut_in_two() {
        edits("a\r\nb\r\n", "a\r\nc\r\n");
        edits("a\r\nb", "a\nb");
        edits("a\nb", "a\r\nb");
        edits("a\r\n", "a\r");
    }
}
