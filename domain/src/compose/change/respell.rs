//! Replaces words inside scalars. Quotes, line breaks and comments stay as they are.

use std::{collections::HashMap, ops::Range};

use super::{Splice, habits::Habits, set::replacement_scalar};
use crate::compose::{
    place::Place,
    scalar::Around,
    syntax::{NodeKind, Style, Tree},
};

/// New text for words of one scalar, which can be a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Respelling {
    /// The place of the scalar.
    pub place: Place,
    /// The bytes of the words in its value, in order.
    pub words: Vec<Range<usize>>,
    pub to: String,
}

impl Respelling {
    /// The value afterwards.
    pub fn applied_to(&self, value: &str) -> String {
        let mut new = String::with_capacity(value.len());
        let mut at = 0;
        for word in &self.words {
            new.push_str(value.get(at..word.start).unwrap_or_default());
            new.push_str(&self.to);
            at = word.end;
        }
        new.push_str(value.get(at..).unwrap_or_default());
        new
    }
}

/// Where a word is written: for each time that it is in the value, the offset in the value and in the raw text. `None`
/// if the raw text does not have it as often, for instance because of an escape.
pub fn spellings(raw: &str, value: &str, word: &str) -> Option<Vec<(usize, usize)>> {
    // The header of a block scalar may have a comment.
    let header = if raw.starts_with(['|', '>']) { raw.find('\n').map_or(0, |end| end + 1) } else { 0 };
    let offsets = |text: &str| text.match_indices(word).map(|(at, _)| at).collect::<Vec<_>>();
    let (written, read) = (offsets(&raw[header..]), offsets(value));
    (written.len() == read.len())
        .then(|| read.into_iter().zip(written).map(|(read, written)| (read, header + written)).collect())
}

pub(super) fn splices(text: &str, tree: &Tree, respellings: &[Respelling]) -> Vec<Splice> {
    let wanted = respellings.iter().map(|respelling| (respelling.place, respelling)).collect();
    let around = if Habits::of(text, tree).json { Around::Json } else { Around::Block };
    let mut splices = Vec::new();
    look(text, tree, around, &wanted, &mut splices);
    splices
}

fn look(
    text: &str,
    tree: &Tree,
    around: Around,
    wanted: &HashMap<Place, &Respelling>,
    splices: &mut Vec<Splice>,
) {
    if let (NodeKind::Scalar { text: value, style }, Some(respelling)) = (&tree.kind, wanted.get(&tree.place))
    {
        let new = respelling.applied_to(value);
        let raw = tree.place.slice(text);
        // A plain scalar may need quotes with its new value.
        let is_simple = *style == Style::Plain && raw == value;
        let kept = if is_simple { None } else { replaced(raw, value, respelling) };
        let text = kept.unwrap_or_else(|| replacement_scalar(tree, &new, around));
        splices.push(Splice { place: tree.place, text });
    }
    let inner = if around == Around::Block && tree.is_flow() { Around::Flow } else { around };
    for pair in tree.pairs() {
        look(text, &pair.key, inner, wanted, splices);
        look(text, &pair.value, inner, wanted, splices);
    }
    for item in tree.items() {
        look(text, &item.node, inner, wanted, splices);
    }
}

fn replaced(raw: &str, value: &str, respelling: &Respelling) -> Option<String> {
    let word = value.get(respelling.words.first()?.clone())?;
    let spellings = spellings(raw, value, word)?;
    let mut new = raw.to_owned();
    for range in respelling.words.iter().rev() {
        let (_, written) = spellings.iter().find(|(read, _)| *read == range.start)?;
        new.replace_range(*written..written + range.len(), &respelling.to);
    }
    Some(new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_they_are_written() {
        assert_eq!(spellings("'db db'", "db db", "db"), Some(vec![(0, 1), (3, 4)]));
        assert_eq!(spellings("| # db\n  db\n", "db\n", "db"), Some(vec![(0, 9)]));
        assert_eq!(spellings("\"d\\x62\"", "db", "db"), None);
    }

    #[test]
    fn only_the_given_words_are_replaced() {
        let respelling = Respelling {
            place: Place::new(0, 9),
            words: std::iter::once(3..5).collect(),
            to: "x".to_owned(),
        };
        assert_eq!(respelling.applied_to("db db"), "db x");
        assert_eq!(replaced("\"db \\\n db\"", "db db", &respelling).as_deref(), Some("\"db \\\n x\""));
    }
}
