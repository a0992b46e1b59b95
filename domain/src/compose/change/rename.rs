//! Renames a key.

use super::{
    Refusal, Splice,
    find::{Found, Step, find},
    habits::Habits,
    set::replacement_scalar,
};
use crate::compose::{scalar::Around, syntax::Tree};

pub fn rename(tree: &Tree, path: &[String], to: &str, habits: &Habits) -> Result<Splice, Refusal> {
    match find(tree, path) {
        Found::Value(chain) => match chain.last() {
            Some(Step::Pair { parent, pair }) => {
                let around = match (habits.json, parent.is_flow()) {
                    (true, _) => Around::Json,
                    (_, true) => Around::Flow,
                    _ => Around::Block,
                };
                Ok(Splice { place: pair.key.place, text: replacement_scalar(&pair.key, to, around) })
            }
            _ => Err(Refusal::missing(path)),
        },
        _ => Err(Refusal::missing(path)),
    }
}
