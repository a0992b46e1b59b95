//! Moves a block of the top level below `services`, with its comments.

use super::{
    Refusal, Splice,
    habits::{Habits, column, line_start, next_line},
};
use crate::compose::{
    place::Place,
    syntax::{NodeKind, Pair, Tree},
};

pub fn below_services(text: &str, tree: &Tree, key: &str) -> Result<Splice, Refusal> {
    let pair = tree.pair(key).ok_or_else(|| Refusal::missing(&[key.to_owned()]))?;
    let place = Some(pair.key.place);
    if tree.is_flow() || column(text, pair.key.start) > 0 {
        return Err(Refusal::new(
            "not-possible",
            format!("`{key}` isn't a block of its own: move it in the text"),
        )
        .with_place(place));
    }
    let habits = Habits::of(text, tree);
    let block = Place::new(with_comments(text, pair), next_line(text, pair.end()));
    let Some(services) = tree.pair("services") else {
        let indented = indent(text, block, habits.step, &habits);
        return Ok(Splice { place: block, text: format!("services:{}{indented}", habits.line_end) });
    };
    let step = match &services.value.kind {
        NodeKind::Missing => habits.step,
        NodeKind::Mapping { flow: false, pairs } if !pairs.is_empty() => column(text, pairs[0].key.start),
        _ => {
            return Err(Refusal::new(
                "not-possible",
                "`services` is written in brackets or shared: move the service in the text",
            )
            .with_place(Some(services.key.place)));
        }
    };
    let indented = indent(text, block, step, &habits);
    let target = next_line(text, services.end());
    Ok(if target <= block.start {
        Splice {
            place: Place::new(target, block.end),
            text: format!("{indented}{}", &text[target..block.start]),
        }
    } else {
        let between = &text[block.end..target];
        let line_end = if between.ends_with('\n') { "" } else { habits.line_end };
        Splice { place: Place::new(block.start, target), text: format!("{between}{line_end}{indented}") }
    })
}

/// The start of the block, or of the comments directly above it.
fn with_comments(text: &str, pair: &Pair) -> usize {
    let mut start = line_start(text, pair.key.start);
    while start > 0 {
        let before = line_start(text, start - 1);
        if !text[before..start].starts_with('#') {
            break;
        }
        start = before;
    }
    start
}

/// The lines of the block, each indented further by `step`; blank lines stay blank.
fn indent(text: &str, block: Place, step: usize, habits: &Habits) -> String {
    let spaces = " ".repeat(step);
    let mut out = String::new();
    for line in block.slice(text).split_inclusive('\n') {
        if !line.trim().is_empty() {
            out.push_str(&spaces);
        }
        out.push_str(line);
    }
    if !out.ends_with('\n') {
        out.push_str(habits.line_end);
    }
    out
}
