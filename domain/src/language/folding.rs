//! The lines that an editor can hide: what stands below a key or in an item, and collections in brackets over several lines.

use std::collections::BTreeMap;

use super::positions::Lines;
use crate::{
    compose::syntax::{NodeKind, Tree},
    stack::Stack,
};

/// More are of no use to anyone.
const MOST_FOLDS: usize = 5_000;

/// The first line stays visible, the others up to the last are hidden. Lines count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    pub first: u32,
    pub last: u32,
}

/// The folds in the order of the text, at most one for each first line: the longest.
pub fn folds(stack: &Stack) -> Vec<Fold> {
    let text = stack.text();
    let mut lines = FoldedLines { text, lines: Lines::of(text), found: BTreeMap::new() };
    lines.node(stack.tree());
    lines.found.into_iter().take(MOST_FOLDS).map(|(first, last)| Fold { first, last }).collect()
}

struct FoldedLines<'t> {
    text: &'t str,
    lines: Lines<'t>,
    found: BTreeMap<u32, u32>,
}

impl FoldedLines<'_> {
    fn node(&mut self, tree: &Tree) {
        if tree.is_flow() {
            // The line of the closing bracket stays visible.
            let close = self.line(tree.place.end.saturating_sub(1));
            self.add(self.line(tree.place.start), close.saturating_sub(1));
        }
        match &tree.kind {
            NodeKind::Mapping { pairs, flow } => {
                for pair in pairs {
                    if !flow && !pair.value.is_flow() {
                        self.block(pair.key.start, pair.end());
                    }
                    self.node(&pair.value);
                }
            }
            NodeKind::Sequence { items, flow } => {
                for item in items {
                    if !flow && !item.node.is_flow() {
                        self.block(item.dash, item.node.end());
                    }
                    self.node(&item.node);
                }
            }
            NodeKind::Missing | NodeKind::Scalar { .. } | NodeKind::Alias(_) => {}
        }
    }

    fn block(&mut self, start: usize, end: usize) {
        let inside = self.text.get(start..end).unwrap_or_default().trim_end();
        self.add(self.line(start), self.line(start + inside.len()));
    }

    fn add(&mut self, first: u32, last: u32) {
        if last > first {
            let known = self.found.entry(first).or_insert(last);
            *known = last.max(*known);
        }
    }

    fn line(&self, offset: usize) -> u32 {
        self.lines.position(offset).line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(u32, u32)> {
        folds(&Stack::read(text)).into_iter().map(|fold| (fold.first, fold.last)).collect()
    }

    #[test]
    fn keys_and_items_fold_with_what_stands_below_them() {
        let text = "services:\n  web:\n    image: a\n    volumes:\n      - type: bind\n        source: ./a\n      - ./b:/b\n\nvolumes:\n  v:\n";
        assert_eq!(lines(text), [(0, 6), (1, 6), (3, 6), (4, 5), (8, 9)]);
    }

    #[test]
    fn brackets_over_several_lines_fold_and_their_last_line_stays() {
        let text = "services:\n  web: {\n    image: a,\n    ports: [\n      \"80:80\",\n      \"81:81\"\n    ]\n  }\n";
        assert_eq!(lines(text), [(0, 7), (1, 6), (3, 5)]);
        assert_eq!(lines("services: {web: {image: a, ports: [\n]}}\n"), []);
    }

    #[test]
    fn long_texts_fold() {
        assert_eq!(lines("x-a: |\n  one\n  two\n\nx-b: 1\n"), [(0, 2)]);
    }
}
