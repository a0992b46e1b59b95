//! The services, networks and so on of a file, with where they stand.

use crate::{
    compose::{
        Place,
        syntax::{Pair, Tree},
    },
    stack::Stack,
};

use super::names::{Named, declared};
use crate::compose::browse::Step;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    pub name: String,
    pub kind: SymbolKind,
    /// From the key to the end of the value.
    pub place: Place,
    /// The key.
    pub name_place: Place,
    /// A short text beside the name: the image of a service, a scalar value.
    pub detail: Option<String>,
    pub children: Vec<Symbol>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// A key of the top level, such as `services`.
    Section,
    Declared(Named),
    /// A key of a service.
    Key,
}

/// More symbols are of no use to anyone.
const MOST_SYMBOLS: usize = 5_000;

/// The symbols of the top level, in the order of the text.
pub fn outline(stack: &Stack) -> Vec<Symbol> {
    let mut left = MOST_SYMBOLS;
    stack.tree().pairs().iter().filter_map(|pair| section(pair, &mut left)).collect()
}

fn section(pair: &Pair, left: &mut usize) -> Option<Symbol> {
    let section = pair.key.scalar()?;
    let children = pair.value.pairs().iter().filter_map(|child| {
        let name = child.key.scalar()?;
        let named = declared(&[Step::Key(section), Step::Key(name)])?;
        let keys: Vec<Symbol> = match named {
            Named::Service => {
                child.value.pairs().iter().filter_map(|key| symbol(key, SymbolKind::Key, left)).collect()
            }
            _ => Vec::new(),
        };
        let image = child.value.pair("image").and_then(|image| short(&image.value));
        let symbol = symbol(child, SymbolKind::Declared(named), left)?;
        Some(Symbol { children: keys, detail: image.or(symbol.detail), ..symbol })
    });
    let children = children.collect();
    Some(Symbol { children, ..symbol(pair, SymbolKind::Section, left)? })
}

/// `None` when there are too many.
fn symbol(pair: &Pair, kind: SymbolKind, left: &mut usize) -> Option<Symbol> {
    let name = pair.key.scalar()?;
    *left = left.checked_sub(1)?;
    let name_place = pair.key.place;
    Some(Symbol {
        // Editors reject an empty name.
        name: if name.is_empty() { "\"\"".to_owned() } else { name.to_owned() },
        kind,
        place: Place::new(name_place.start, pair.end().max(name_place.end)),
        name_place,
        detail: short(&pair.value),
        children: Vec::new(),
    })
}

fn short(value: &Tree) -> Option<String> {
    let text = value.scalar()?;
    let line = text.lines().next().unwrap_or_default();
    Some(line.chars().take(60).collect())
}
