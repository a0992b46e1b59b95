//! The copy of a compose file that is sent: without variables, because installers of 0.2.1 get no values beside it.
//!
//! Compose replaces variables after it has read the YAML, so a value is always text to it, and text in a place that needs a
//! number or a boolean is converted afterwards. Therefore each value is written as a YAML *text*, quoted where it would be read
//! as something else, and every dollar sign is doubled: Compose then reads exactly what it would have inserted.
//! <https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md>

use std::collections::{BTreeMap, HashSet};

use serde_json::Value as Json;

use crate::{
    compose::{
        Place, Position,
        change::Habits,
        scalar::{self, Around, Quote},
        syntax::{NodeKind, Pair, Style, Tree},
        variables::{Piece, pieces},
        yaml::{Node, Value},
    },
    deploy::Interpolation,
    stack::Stack,
};

/// A variable that the file reads and that has neither a value nor a default.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingVariable {
    pub name: String,
    /// Of the text that reads it, from 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// `services.web.environment.PASSWORD`
    pub path: String,
    /// What the file says about it (`${NAME:?reason}`), or why its value cannot be inserted.
    pub reason: Option<String>,
}

/// The compose file with all variables replaced by `values` and defaults. Everything else stays as it is written: comments,
/// order, quotes, and text without variables. The result holds secrets.
///
/// `NAME` without a value in `environment`, which Compose reads from its own environment, gets its value too; without one it
/// stays, because Compose then passes nothing on.
pub fn filled(stack: &Stack, values: &BTreeMap<String, String>) -> Result<String, Vec<MissingVariable>> {
    let mut result = fill(stack, values, Blocks::Kept)?;
    let expected = Expected { values, passed: passed(stack) }.value(&stack.model().root);
    let is_expected = |text: &str| Stack::read(text).model().root.to_json() == expected;
    // A value can break a block out of its indentation, for instance if it begins with a space.
    if !is_expected(&result) {
        result = fill(stack, values, Blocks::Quoted)?;
    }
    // The last resort is the same document in JSON, which is YAML too.
    if !is_expected(&result) { Ok(expected.to_string()) } else { Ok(result) }
}

/// How texts in blocks (`|`, `>`) are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Blocks {
    Kept,
    Quoted,
}

fn fill(
    stack: &Stack,
    values: &BTreeMap<String, String>,
    blocks: Blocks,
) -> Result<String, Vec<MissingVariable>> {
    let json = Habits::of(stack.text(), stack.tree()).json;
    let mut filling = Filling {
        text: stack.text(),
        values,
        passed: passed(stack),
        blocks,
        path: Vec::new(),
        splices: Vec::new(),
        missing: Vec::new(),
    };
    filling.look(stack.tree(), if json { Around::Json } else { Around::Block });
    if !filling.missing.is_empty() {
        filling.missing.sort_by_key(|missing| (missing.line, missing.column));
        return Err(filling.missing);
    }
    let mut out = stack.text().to_owned();
    filling.splices.sort_by_key(|(place, _)| place.start);
    for (place, new) in filling.splices.iter().rev() {
        out.replace_range(place.start..place.end, new);
    }
    Ok(out)
}

/// Where variables in `environment` without a value are written.
fn passed(stack: &Stack) -> HashSet<usize> {
    let variables = stack.model().services.iter().flat_map(|service| &service.environment);
    variables.filter(|variable| variable.value.is_none()).map(|variable| variable.place.start).collect()
}

fn escaped(text: &str) -> String {
    text.replace('$', "$$")
}

/// Whether a text reads a variable and can be read itself. Compose rejects the others, whatever the values are.
fn reads_variables(text: &str) -> bool {
    let pieces = if text.contains('$') { pieces(text) } else { Vec::new() };
    pieces.iter().any(|piece| matches!(piece, Piece::Variable { .. }))
        && !pieces.iter().any(|piece| matches!(piece, Piece::Invalid(_)))
}

struct Filling<'a> {
    text: &'a str,
    values: &'a BTreeMap<String, String>,
    passed: HashSet<usize>,
    blocks: Blocks,
    path: Vec<String>,
    splices: Vec<(Place, String)>,
    missing: Vec<MissingVariable>,
}

impl Filling<'_> {
    fn look(&mut self, tree: &Tree, around: Around) {
        if let NodeKind::Scalar { text, style } = &tree.kind {
            self.scalar(tree, text, *style, around);
        }
        let inner = if around == Around::Block && tree.is_flow() { Around::Flow } else { around };
        for pair in tree.pairs() {
            let key = pair.key.scalar().unwrap_or_default();
            let dot = if self.path.is_empty() { "" } else { "." };
            self.path.push(format!("{dot}{key}"));
            if self.passed.contains(&pair.key.place.start) {
                self.pass_in_mapping(pair, key, inner);
            } else {
                self.look(&pair.value, inner);
            }
            self.path.pop();
        }
        for (index, item) in tree.items().iter().enumerate() {
            self.path.push(format!("[{index}]"));
            self.look(&item.node, inner);
            self.path.pop();
        }
    }

    fn scalar(&mut self, tree: &Tree, text: &str, style: Style, around: Around) {
        if let Some(value) = self.values.get(text).filter(|_| self.passed.contains(&tree.place.start)) {
            let new = written(&escaped(&format!("{text}={value}")), style, around);
            self.splices.push((tree.place, new));
        } else if reads_variables(text) {
            let Some(value) = self.interpolated(text, tree.place) else { return };
            let new = self.block(tree, style).unwrap_or_else(|| {
                let end = if tree.place.slice(self.text).ends_with('\n') { "\n" } else { "" };
                written(&value, style, around) + end
            });
            self.splices.push((tree.place, new));
        }
    }

    /// A key of `environment` that has no value.
    fn pass_in_mapping(&mut self, pair: &Pair, key: &str, around: Around) {
        let Some(value) = self.values.get(key) else { return };
        let value = scalar::write(&escaped(value), Quote::None, around);
        match (&pair.value.kind, pair.colon) {
            (NodeKind::Missing, Some(colon)) => self.splices.push((Place::at(colon), format!(" {value}"))),
            (NodeKind::Missing, None) => self.splices.push((Place::at(pair.key.end()), format!(": {value}"))),
            _ => self.splices.push((pair.value.place, value)),
        }
    }

    /// The text of a block with the values in it, line by line.
    fn block(&self, tree: &Tree, style: Style) -> Option<String> {
        if !matches!(style, Style::Literal | Style::Folded) || self.blocks == Blocks::Quoted {
            return None;
        }
        let raw = tree.place.slice(self.text);
        let (header, body) = raw.split_at(raw.find('\n')? + 1);
        let line = body.lines().find(|line| !line.trim().is_empty())?;
        let indent = &line[..line.len() - line.trim_start().len()];
        let values: BTreeMap<String, String> = self
            .values
            .iter()
            .map(|(name, value)| (name.clone(), value.replace('\n', &format!("\n{indent}"))))
            .collect();
        let filled = Interpolation::new(&values).scalar(body);
        Some(format!("{header}{}", escaped(&filled)))
    }

    /// The text with its values, and with its dollar signs doubled; `None` if a variable has no value.
    fn interpolated(&mut self, text: &str, place: Place) -> Option<String> {
        let mut interpolation = Interpolation::new(self.values);
        let value = interpolation.scalar(text);
        let reason = |message: &String| (!message.is_empty()).then(|| message.clone());
        let unset = interpolation.unset.iter().map(|name| (name.clone(), None));
        let required = interpolation.required.iter().map(|(name, message)| (name.clone(), reason(message)));
        let mut missing: Vec<_> = unset.chain(required).collect();
        if missing.is_empty()
            && let Some(problem) = interpolation.problems.first()
        {
            missing.push((first_name(text), Some(problem.clone())));
        }
        let is_complete = missing.is_empty();
        for (name, reason) in missing {
            let Position { line, column } = Position::of(self.text, place.start);
            self.missing.push(MissingVariable { name, line, column, path: self.path.concat(), reason });
        }
        is_complete.then(|| escaped(&value))
    }
}

fn first_name(text: &str) -> String {
    let name = |piece| match piece {
        Piece::Variable { name, .. } => Some(name.to_owned()),
        _ => None,
    };
    pieces(text).into_iter().find_map(name).unwrap_or_default()
}

/// In the same quotes as before. A block becomes text in double quotes if it has to.
fn written(text: &str, style: Style, around: Around) -> String {
    let quote = match style {
        Style::Single => Quote::Single,
        Style::Double => Quote::Double,
        Style::Plain | Style::Literal | Style::Folded => Quote::None,
    };
    scalar::write(text, quote, around)
}

/// The values that the result must have.
struct Expected<'a> {
    values: &'a BTreeMap<String, String>,
    passed: HashSet<usize>,
}

impl Expected<'_> {
    fn value(&self, node: &Node) -> Json {
        match &node.value {
            Value::String(text) => {
                let passed = self.values.get(text).filter(|_| self.passed.contains(&node.place.start));
                match passed {
                    Some(value) => escaped(&format!("{text}={value}")).into(),
                    None if reads_variables(text) => {
                        escaped(&Interpolation::new(self.values).scalar(text)).into()
                    }
                    None => text.as_str().into(),
                }
            }
            Value::Sequence(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Mapping(entries) => Json::Object(
                entries
                    .iter()
                    .map(|entry| {
                        let passed = self.values.get(&entry.key);
                        let value = match passed.filter(|_| self.passed.contains(&entry.key_place.start)) {
                            Some(value) => escaped(value).into(),
                            None => self.value(&entry.value),
                        };
                        (entry.key.clone(), value)
                    })
                    .collect(),
            ),
            _ => node.to_json(),
        }
    }
}
