//! Merges what is stored beside the text, service by service.

use std::collections::{BTreeMap, BTreeSet};

use super::{Conflict, Part, Side, pick_or};
use crate::stack::{Canvas, Stack};

pub fn merge(
    base: &Canvas,
    mine: &Canvas,
    theirs: &Canvas,
    prefer: Option<Side>,
) -> Result<Canvas, Vec<Conflict>> {
    let (notes, disputed) = merged(&base.notes, &mine.notes, &theirs.notes, prefer);
    let checks = pick_or(prefer, &base.checks, &mine.checks, &theirs.checks);
    let (Some(checks), true) = (checks, disputed.is_empty()) else {
        let checks = checks.is_none().then_some(Part::Checks);
        return Err(disputed.into_iter().map(Part::Note).chain(checks).map(conflict).collect());
    };
    // Nobody loses work if a node stands where this side put it.
    let prefer = prefer.or(Some(Side::Mine));
    Ok(Canvas {
        positions: merged(&base.positions, &mine.positions, &theirs.positions, prefer).0,
        apps: merged(&base.apps, &mine.apps, &theirs.apps, prefer).0,
        notes,
        checks: checks.clone(),
    })
}

/// These parts have no place in the text.
fn conflict(part: Part) -> Conflict {
    Conflict { part, mine: None, theirs: None }
}

pub fn changed_notes(before: &Canvas, after: &Canvas) -> Vec<Part> {
    let services: BTreeSet<&String> = before.notes.keys().chain(after.notes.keys()).collect();
    let changed =
        services.into_iter().filter(|service| before.notes.get(*service) != after.notes.get(*service));
    changed.cloned().map(Part::Note).collect()
}

/// Removes entries of services that one side has removed from the text.
pub fn forget_removed(canvas: &mut Canvas, stack: &Stack, versions: &[&Stack]) {
    let gone = |service: &String| {
        stack.model().service(service).is_none()
            && versions.iter().any(|version| version.model().service(service).is_some())
    };
    canvas.positions.retain(|service, _| !gone(service));
    canvas.apps.retain(|service, _| !gone(service));
    canvas.notes.retain(|service, _| !gone(service));
}

/// The merged entries, and the names of those that both sides changed differently.
fn merged<T: Clone + PartialEq>(
    base: &BTreeMap<String, T>,
    mine: &BTreeMap<String, T>,
    theirs: &BTreeMap<String, T>,
    prefer: Option<Side>,
) -> (BTreeMap<String, T>, Vec<String>) {
    let names: BTreeSet<&String> = mine.keys().chain(theirs.keys()).collect();
    let (mut entries, mut disputed) = (BTreeMap::new(), Vec::new());
    for name in names {
        match pick_or(prefer, base.get(name), mine.get(name), theirs.get(name)) {
            Some(Some(value)) => {
                entries.insert(name.clone(), value.clone());
            }
            Some(None) => {}
            None => disputed.push(name.clone()),
        }
    }
    (entries, disputed)
}
