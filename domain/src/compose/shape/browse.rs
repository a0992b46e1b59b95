//! The tables as the language services read them: what may stand at a path of a document.

use super::{
    Format, Keys, Shape, Test, Types,
    formats::{CAPABILITY, PLATFORM, SIGNAL},
    tables::FILE,
    types::wanted,
};

/// One step of a path from the top of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'t> {
    Key(&'t str),
    Item,
}

/// What the specification allows at a path. Empty where it allows nothing, or anything.
pub struct Allowed(Vec<&'static Shape>);

/// A key that a mapping may have.
#[derive(Clone, Copy)]
pub struct KnownKey {
    /// The mapping in words: "a service".
    pub owner: &'static str,
    pub key: &'static str,
    pub is_required: bool,
    shape: &'static Shape,
}

impl KnownKey {
    /// The expected type in words: "text or a list".
    pub fn wanted(&self) -> String {
        wanted(self.shape)
    }

    /// Whether the value can be on the line of the key.
    pub fn takes_scalar(&self) -> bool {
        flat(self.shape).iter().any(|shape| !is_collection(shape) && !matches!(shape, Shape::Null))
    }
}

static ROOT: Shape = Shape::Keys(&FILE);

impl Allowed {
    pub fn at(path: &[Step<'_>]) -> Self {
        path.iter().fold(Self(vec![&ROOT]), |allowed, step| allowed.below(*step))
    }

    fn below(&self, step: Step<'_>) -> Self {
        let next = self.0.iter().filter_map(|shape| match (shape, step) {
            (Shape::Keys(keys), Step::Key(key)) => keys.shape_of(key),
            (Shape::Names(_, shape), Step::Key(_)) => Some(*shape),
            (Shape::List(shape) | Shape::Unique(shape), Step::Item) => Some(*shape),
            _ => None,
        });
        Self(next.flat_map(flat).collect())
    }

    /// The keys of the mappings that may stand here.
    pub fn keys(&self) -> impl Iterator<Item = KnownKey> {
        self.tables().flat_map(|table| {
            table.known.iter().map(|(key, shape)| KnownKey {
                owner: table.owner,
                key,
                is_required: table.required.contains(key),
                shape,
            })
        })
    }

    fn tables(&self) -> impl Iterator<Item = &'static Keys> {
        self.0.iter().filter_map(|shape| match shape {
            Shape::Keys(keys) => Some(*keys),
            _ => None,
        })
    }

    /// Whether a mapping may stand here whose keys are names.
    pub fn takes_names(&self) -> bool {
        self.0.iter().any(|shape| matches!(shape, Shape::Names(..)))
    }

    pub fn takes_list(&self) -> bool {
        self.0.iter().any(|shape| matches!(shape, Shape::List(_) | Shape::Unique(_)))
    }

    /// The words that a value is chosen from. Others may be allowed too.
    pub fn words(&self) -> Vec<&'static str> {
        let formats = self.0.iter().filter_map(|shape| match shape {
            Shape::Value(format) => Some(*format),
            _ => None,
        });
        formats.flat_map(words).collect()
    }
}

fn flat(shape: &'static Shape) -> Vec<&'static Shape> {
    match shape {
        Shape::Or(shapes) => shapes.iter().flat_map(flat).collect(),
        shape => vec![shape],
    }
}

fn is_collection(shape: &Shape) -> bool {
    matches!(shape, Shape::List(_) | Shape::Unique(_) | Shape::Keys(_) | Shape::Names(..))
}

fn words(format: &'static Format) -> Vec<&'static str> {
    if matches!(format.types, Types::Bool | Types::TextOrBool) {
        return vec!["true", "false"];
    }
    match format.test {
        Test::Words(words) | Test::Resembles(words) => {
            words.iter().copied().filter(|word| !word.is_empty()).collect()
        }
        // The sentence names the words that people use; the function knows more.
        _ if format.write.starts_with("Use `") || is_named_by_example(format) => {
            format.write.split('`').skip(1).step_by(2).filter(|word| !word.contains("NAME")).collect()
        }
        _ => Vec::new(),
    }
}

fn is_named_by_example(format: &'static Format) -> bool {
    [&CAPABILITY, &PLATFORM, &SIGNAL].into_iter().any(|known| std::ptr::eq(known, format))
}

/// Every key of every table, each with the mapping in words.
#[cfg(test)]
pub fn every_key() -> Vec<(&'static str, &'static str)> {
    fn collect(shape: &'static Shape, tables: &mut Vec<&'static Keys>) {
        match shape {
            Shape::Keys(keys) if !tables.iter().any(|known| std::ptr::eq(*known, *keys)) => {
                tables.push(keys);
                keys.known.iter().for_each(|(_, shape)| collect(shape, tables));
            }
            Shape::List(shape) | Shape::Unique(shape) | Shape::Names(_, shape) => collect(shape, tables),
            Shape::Or(shapes) => shapes.iter().for_each(|shape| collect(shape, tables)),
            _ => {}
        }
    }
    let mut tables = Vec::new();
    collect(&ROOT, &mut tables);
    tables.iter().flat_map(|table| table.known.iter().map(|(key, _)| (table.owner, *key))).collect()
}
