//! Places of the domain and ranges of the protocol.

use domain::{
    compose::Place,
    language::positions::{Lines, Utf16Position},
};
use tower_lsp_server::ls_types::{Position, Range};

pub fn position(lines: &Lines<'_>, offset: usize) -> Position {
    let Utf16Position { line, character } = lines.position(offset);
    Position { line, character }
}

pub fn range(lines: &Lines<'_>, place: Place) -> Range {
    Range { start: position(lines, place.start), end: position(lines, place.end) }
}

pub fn offset(lines: &Lines<'_>, position: Position) -> usize {
    lines.offset(Utf16Position { line: position.line, character: position.character })
}

/// Never backwards, whatever the client sends.
pub fn place(lines: &Lines<'_>, range: Range) -> Place {
    let (start, end) = (offset(lines, range.start), offset(lines, range.end));
    Place::new(start.min(end), start.max(end))
}
