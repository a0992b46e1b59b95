//! Merges the stored values of variables, name by name.
//!
//! What one tab has just typed and what the server stores cannot be compared: the server never sends a value back. If this
//! tab has saved a value and then changes it again, the server's number for it says nothing new, so this tab's value counts.

use std::collections::BTreeSet;

use super::{Conflict, Part, Side, pick_or};
use crate::stack::{HeldValue, Values};

pub fn merge(
    base: &Values,
    mine: &Values,
    theirs: &Values,
    prefer: Option<Side>,
) -> Result<Values, Vec<Conflict>> {
    let names: BTreeSet<&str> = mine.names().chain(theirs.names()).collect();
    let (mut entries, mut disputed) = (Vec::new(), Vec::new());
    for name in names {
        let (before, here, there) = (base.get(name), mine.get(name), theirs.get(name));
        let prefer = if was_only_stored(before, there) { Some(Side::Mine) } else { prefer };
        match pick_or(prefer, before, here, there) {
            Some(picked) => entries.extend(picked.map(|value| (name.to_owned(), value.clone()))),
            None => disputed.push(Conflict { part: Part::Value(name.to_owned()), mine: None, theirs: None }),
        }
    }
    if disputed.is_empty() { Ok(entries.into_iter().collect()) } else { Err(disputed) }
}

/// The values that differ between two versions, except for those that were only stored.
pub fn changed(before: &Values, after: &Values) -> Vec<Part> {
    let names: BTreeSet<&str> = before.names().chain(after.names()).collect();
    let changed = names.into_iter().filter(|name| {
        let (old, new) = (before.get(name), after.get(name));
        old != new && !was_only_stored(old, new)
    });
    changed.map(|name| Part::Value(name.to_owned())).collect()
}

/// Whether `after` may be what the server stores for `before`.
fn was_only_stored(before: Option<&HeldValue>, after: Option<&HeldValue>) -> bool {
    matches!((before, after), (Some(HeldValue::New(_)), Some(HeldValue::Stored(_))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stack::SecretText;

    fn stored(all: &[(&str, u32)]) -> Values {
        Values::stored(all.iter().map(|(name, number)| ((*name).to_owned(), *number)))
    }

    fn typed(text: &str) -> HeldValue {
        HeldValue::New(SecretText::new(text))
    }

    #[test]
    fn changes_of_two_tabs_come_together_name_by_name() {
        let base = stored(&[("A", 1), ("B", 2), ("C", 3)]);
        let mut mine = base.clone();
        mine.set("A", SecretText::new("typed")).unwrap();
        mine.remove("C");
        let theirs = stored(&[("A", 1), ("B", 8), ("C", 3), ("D", 9)]);
        let merged = merge(&base, &mine, &theirs, None).unwrap();
        assert_eq!(merged.names().collect::<Vec<_>>(), ["A", "B", "D"]);
        assert_eq!(merged.get("A"), Some(&typed("typed")));
        assert_eq!(merged.get("B"), Some(&HeldValue::Stored(8)));
    }

    #[test]
    fn a_value_that_both_changed_is_a_conflict() {
        let base = stored(&[("A", 1)]);
        let mut mine = base.clone();
        mine.set("A", SecretText::new("typed")).unwrap();
        let theirs = stored(&[("A", 2)]);
        let conflicts = merge(&base, &mine, &theirs, None).unwrap_err();
        assert_eq!(conflicts[0].part, Part::Value("A".to_owned()));
        assert_eq!(merge(&base, &mine, &theirs, Some(Side::Mine)), Ok(mine));
        assert_eq!(merge(&base, &base, &theirs, Some(Side::Mine)), Ok(theirs));
    }

    #[test]
    fn a_value_that_this_tab_saved_before_can_be_changed_again() {
        let mut base = Values::default();
        base.set("A", SecretText::new("first")).unwrap();
        let mut mine = base.clone();
        mine.set("A", SecretText::new("second")).unwrap();
        let theirs = stored(&[("A", 1), ("B", 1)]);
        let merged = merge(&base, &mine, &theirs, None).unwrap();
        assert_eq!(merged.get("A"), Some(&typed("second")));
        assert!(merged.has("B"));
        assert_eq!(changed(&base, &stored(&[("A", 1)])), []);
        assert_eq!(changed(&base, &theirs), [Part::Value("B".to_owned())]);
    }
}
