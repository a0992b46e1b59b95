//! Merges two texts part by part.

use std::collections::BTreeMap;

use super::{
    Conflict, Part, Side,
    order::merged,
    outline::{Key, Outline},
    pick, pick_or,
};
use crate::{
    compose::{Place, change::Habits, yaml::Node},
    stack::Stack,
};

/// The merged stack, with an empty canvas.
pub fn merge(
    base: &Stack,
    mine: &Stack,
    theirs: &Stack,
    prefer: Option<Side>,
) -> Result<Stack, Vec<Conflict>> {
    if mine.text() == theirs.text() || theirs.text() == base.text() {
        return Ok(mine.clone());
    }
    if mine.text() == base.text() {
        return Ok(theirs.clone());
    }
    let whole = || vec![different_lines(mine.text(), theirs.text())];
    let (Some(of_base), Some(of_mine), Some(of_theirs)) =
        (Outline::of(base), Outline::of(mine), Outline::of(theirs))
    else {
        return Err(whole());
    };
    let line_break = Habits::of(mine.text(), mine.tree()).line_end;
    let parts = Parts { base: of_base, mine: of_mine, theirs: of_theirs, prefer, line_break };
    let chosen = parts.choose()?;
    let order = parts.order(&chosen);
    let merged = Stack::read(&parts.write(&chosen, &order).ok_or_else(whole)?);
    let versions = [base, mine, theirs];
    // With a preference, comments of the other side's version are left out on purpose.
    let complete = prefer.is_some() || keeps_comments(versions.map(Stack::text), merged.text());
    if complete && has_parts(&merged, &chosen, &order) && has_values(&merged, versions, &order) {
        Ok(merged)
    } else {
        Err(whole())
    }
}

/// The parts that differ between two texts.
pub fn changes(before: &Stack, after: &Stack) -> Vec<Part> {
    if before.text() == after.text() {
        return Vec::new();
    }
    let (Some(old), Some(new)) = (Outline::of(before), Outline::of(after)) else { return vec![Part::File] };
    let gone = old.keys.iter().filter(|key| new.core(key).is_none());
    let changed = new.keys.iter().filter(|key| new.core(key) != old.core(key));
    let changes: Vec<Part> = changed.chain(gone).map(Key::part).collect();
    // Only comments or blank lines between the parts differ.
    if changes.is_empty() { vec![Part::File] } else { changes }
}

struct Parts<'t> {
    base: Outline<'t>,
    mine: Outline<'t>,
    theirs: Outline<'t>,
    prefer: Option<Side>,
    line_break: &'static str,
}

/// The text of each part that stays.
type Chosen<'t> = BTreeMap<Key, &'t str>;

impl<'t> Parts<'t> {
    fn choose(&self) -> Result<Chosen<'t>, Vec<Conflict>> {
        let (mut chosen, mut conflicts) = (Chosen::new(), Vec::new());
        for key in self.mine.keys.iter().chain(&self.theirs.keys) {
            let cores = [&self.base, &self.mine, &self.theirs].map(|side| side.core(key));
            match pick_or(self.prefer, cores[0], cores[1], cores[2]) {
                Some(Some(core)) => {
                    chosen.insert(key.clone(), core);
                }
                // The line of a section stays as long as somebody has an entry in it.
                Some(None) => {}
                None => {
                    let conflict = Conflict {
                        part: key.part(),
                        mine: self.mine.place(key),
                        theirs: self.theirs.place(key),
                    };
                    if !conflicts.contains(&conflict) {
                        conflicts.push(conflict);
                    }
                }
            }
        }
        if !conflicts.is_empty() {
            return Err(conflicts);
        }
        self.keep_used_sections(&mut chosen);
        Ok(chosen)
    }

    /// A section that one side removed stays for an entry that the other added. One that lost its last entry goes.
    fn keep_used_sections(&self, chosen: &mut Chosen<'t>) {
        for section in self.mine.top().into_iter().chain(self.theirs.top()) {
            let key = Key::Top(section.to_owned());
            let used = chosen.keys().any(|key| matches!(key, Key::Entry(of, _) if of == section));
            let had_entries = [&self.mine, &self.theirs].iter().all(|side| !side.entries(section).is_empty());
            let line = self.mine.core(&key).or_else(|| self.theirs.core(&key));
            match line {
                Some(line) if used => {
                    chosen.entry(key).or_insert(line);
                }
                _ if had_entries && !used => {
                    chosen.remove(&key);
                }
                _ => {}
            }
        }
    }

    fn order(&self, chosen: &Chosen<'_>) -> Vec<Key> {
        let sections = merged(&self.base.top(), &self.mine.top(), &self.theirs.top(), |name| {
            chosen.contains_key(&Key::Top(name.to_owned()))
        });
        let mut order = Vec::new();
        for section in sections {
            order.push(Key::Top(section.to_owned()));
            let [base, mine, theirs] =
                [&self.base, &self.mine, &self.theirs].map(|side| side.entries(section));
            let key = |name: &str| Key::Entry(section.to_owned(), name.to_owned());
            let entries = merged(&base, &mine, &theirs, |name| chosen.contains_key(&key(name)));
            order.extend(entries.into_iter().map(key));
        }
        order
    }

    /// `None` if both sides changed what is between two parts.
    fn write(&self, chosen: &Chosen<'_>, order: &[Key]) -> Option<String> {
        let mut text = pick_or(self.prefer, self.base.head, self.mine.head, self.theirs.head)?.to_owned();
        if !text.is_empty() && !text.ends_with(['\n', '\u{feff}']) && !order.is_empty() {
            text.push_str(self.line_break);
        }
        for (index, key) in order.iter().enumerate() {
            text.push_str(chosen.get(key)?);
            let next = order.get(index + 1);
            let gap = self.gap(key, next)?;
            text.push_str(gap);
            if next.is_some() && !gap.contains('\n') {
                text.push_str(self.line_break);
            }
        }
        Some(text)
    }

    fn gap(&self, key: &Key, next: Option<&Key>) -> Option<&'t str> {
        let [base, mine, theirs] =
            [&self.base, &self.mine, &self.theirs].map(|side| side.gap_between(key, next));
        match (mine, theirs) {
            (Some(mine), Some(theirs)) => {
                let prefer = self.prefer.or((mine.trim() == theirs.trim()).then_some(Side::Mine));
                pick_or(prefer, base, Some(mine), Some(theirs)).flatten()
            }
            (Some(gap), None) | (None, Some(gap)) => Some(gap),
            // They come from different sides: the space before the later one, as its side has it.
            (None, None) => {
                let sides = [&self.theirs, &self.mine];
                let before = next.and_then(|next| sides.iter().find_map(|side| side.gap_before(next)));
                Some(before.or_else(|| sides.iter().find_map(|side| side.gap_after(key))).unwrap_or_default())
            }
        }
    }
}

/// Whether the text has these parts in this order, each as chosen, and no other.
fn has_parts(merged: &Stack, chosen: &Chosen<'_>, order: &[Key]) -> bool {
    Outline::of(merged).is_some_and(|outline| {
        outline.keys == order && order.iter().all(|key| outline.core(key) == chosen.get(key).copied())
    })
}

/// Whether each part means what it means on the side that changed it. The meaning can depend on other parts: an anchor may
/// be written in one and used in another.
fn has_values(merged: &Stack, versions: [&Stack; 3], order: &[Key]) -> bool {
    let value = |stack: &Stack, key: &Key| stack.model().root.at(&key.path()).map(Node::to_json);
    let divided = |key: &Key| matches!(key, Key::Top(name) if order.iter().any(|one| matches!(one, Key::Entry(of, _) if of == name)));
    order.iter().filter(|key| !divided(key)).all(|key| {
        let [base, mine, theirs] = versions.map(|version| value(version, key));
        // If both sides changed the value, one of them did so through an anchor, and the result has both changes.
        pick(base, mine, theirs).is_none_or(|expected| value(merged, key) == expected)
    })
}

/// Whether the merged text has every comment that a side added, and every one that both sides left in place.
fn keeps_comments(versions: [&str; 3], merged: &str) -> bool {
    let [base, mine, theirs] = versions.map(comments);
    let merged = comments(merged);
    let count = |of: &BTreeMap<&str, usize>, comment| of.get(comment).copied().unwrap_or_default();
    mine.keys().chain(theirs.keys()).all(|comment| {
        let [base, mine, theirs] = [&base, &mine, &theirs].map(|of| count(of, comment));
        let least = if mine >= base && theirs >= base { mine.max(theirs) } else { mine.min(theirs) };
        count(&merged, comment) >= least
    })
}

/// How often each line that is only a comment occurs.
fn comments(text: &str) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|line| line.starts_with('#')) {
        *counts.entry(line).or_default() += 1;
    }
    counts
}

/// The lines from the first to the last one that differ.
fn different_lines(mine: &str, theirs: &str) -> Conflict {
    let start = common(mine.split_inclusive('\n'), theirs.split_inclusive('\n'));
    let end = common(mine[start..].split_inclusive('\n').rev(), theirs[start..].split_inclusive('\n').rev());
    Conflict {
        part: Part::File,
        mine: Some(Place::new(start, mine.len() - end)),
        theirs: Some(Place::new(start, theirs.len() - end)),
    }
}

/// The number of bytes in the lines that both begin with.
fn common<'t>(one: impl Iterator<Item = &'t str>, other: impl Iterator<Item = &'t str>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).map(|(line, _)| line.len()).sum()
}
