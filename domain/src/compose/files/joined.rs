//! The texts of several files one behind the other, and which part of it is which file.

use super::File;
use crate::compose::place::{Place, Position};

#[derive(Clone, Debug, Default)]
pub struct Joined {
    text: String,
    files: Vec<Part>,
}

#[derive(Clone, Debug)]
struct Part {
    name: String,
    start: usize,
    /// From 1.
    first_line: usize,
}

impl Joined {
    pub(super) fn new(files: &[File<'_>]) -> Self {
        let mut joined = Self::default();
        let mut first_line = 1;
        for file in files {
            joined.files.push(Part { name: file.name.to_owned(), start: joined.text.len(), first_line });
            first_line += file.text.bytes().filter(|byte| *byte == b'\n').count() + 1;
            joined.text.push_str(file.text);
            // So that the end of a file is not the beginning of the next one.
            joined.text.push('\n');
        }
        joined
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn starts(&self) -> impl Iterator<Item = usize> {
        self.files.iter().map(|part| part.start)
    }

    pub fn count(&self) -> usize {
        self.files.len()
    }

    /// The index of the file, and the place in it.
    pub fn place_in_file(&self, place: Place) -> (usize, Place) {
        let at = self.files.partition_point(|part| part.start <= place.start).saturating_sub(1);
        let start = self.files.get(at).map_or(0, |part| part.start);
        let length = self.text_of(at).len();
        let within = |offset: usize| offset.saturating_sub(start).min(length);
        (at, Place::new(within(place.start), within(place.end)))
    }

    /// The text of a file.
    pub fn text_of(&self, file: usize) -> &str {
        let start = self.files.get(file).map_or(self.text.len(), |part| part.start);
        let next = self.files.get(file + 1).map_or(self.text.len(), |part| part.start);
        self.text.get(start..next.saturating_sub(1)).unwrap_or_default()
    }

    /// The line as a message names it: its number, and the file.
    pub fn line(&self, place: Place) -> String {
        let (at, place) = self.place_in_file(place);
        let line = Position::of(self.text_of(at), place.start).line;
        let name = self.files.get(at).map_or("", |part| &part.name);
        format!("{line} of {name}")
    }

    /// The position in its file of a position of the whole text.
    pub fn position_in_file(&self, position: Position) -> Position {
        let firsts = self.files.iter().map(|part| part.first_line);
        let first = firsts.take_while(|first| *first <= position.line).last().unwrap_or(1);
        Position { line: position.line - first + 1, ..position }
    }
}
