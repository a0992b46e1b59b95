//! `|` marks the cursor in the texts.

mod completing;
mod hovering;
mod jumping;
mod never_panics;

use crate::stack::{Stack, Values};

/// The stack without the mark, and the offset of the mark.
fn marked(text: &str) -> (Stack, usize) {
    let offset = text.find('|').expect("a cursor");
    let text = [&text[..offset], &text[offset + 1..]].concat();
    let values = Values::stored([("KNOWN".to_owned(), 1)]);
    (Stack::read(&text).with_values(values), offset)
}
