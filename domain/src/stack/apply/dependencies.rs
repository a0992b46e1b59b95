//! Edits of `depends_on`, as a list or as a mapping with conditions.

use serde_json::{Map, Value, json};

use super::Work;
use crate::{
    compose::{
        Condition,
        change::{Change, list_to_mapping},
    },
    stack::Refusal,
};

pub fn add(work: &mut Work<'_>, service: &str, on: &str, condition: Condition) -> Result<(), Refusal> {
    let own = work.service(service)?;
    work.service(on)?;
    if service == on {
        return Err(Refusal::new("self-dependency", format!("`{service}` can't depend on itself")));
    }
    if waits_for(work, on, service) {
        return Err(Refusal::new(
            "dependency-cycle",
            format!("`{on}` already depends on `{service}`, so they would wait for each other"),
        ));
    }
    let said = own.depends_on(on).filter(|there| there.unknown_condition.is_none());
    if said.is_some_and(|there| there.condition == condition) {
        return Ok(());
    }
    match work.value(&["services", service, "depends_on"]) {
        Some(Value::Array(items)) if condition == Condition::Started => {
            let index = items.len().to_string();
            work.set(&["services", service, "depends_on", &index], on)
        }
        None | Some(Value::Null) if condition == Condition::Started => {
            work.set(&["services", service, "depends_on"], Value::from(vec![on]))
        }
        Some(Value::Array(_) | Value::String(_)) => {
            // Only the mapping form has conditions.
            let mut entries: Map<String, Value> = own
                .depends_on
                .iter()
                .map(|there| (there.service.clone(), json!({"condition": there.condition.as_str()})))
                .collect();
            entries.insert(on.to_owned(), json!({"condition": condition.as_str()}));
            let path = ["services", service, "depends_on"];
            let change = Change::set(&path, entries.clone());
            let stack = work.stack;
            let draft = work.draft();
            match list_to_mapping(draft.text(), draft.tree(), change.path(), &entries) {
                Some(splice) => {
                    draft.insert(&splice, &change).map_err(|refusal| refusal.located_in(stack.text()))
                }
                None => work.change(&change),
            }
        }
        _ => work.set(&["services", service, "depends_on", on, "condition"], condition.as_str()),
    }
}

pub fn remove(work: &mut Work<'_>, service: &str, on: &str) -> Result<(), Refusal> {
    work.service(service)?;
    if work.remove_named(&["services", service, "depends_on"], on, |item| item == on)? {
        return Ok(());
    }
    Err(Refusal::new("dependency-unknown", format!("`{service}` doesn't depend on `{on}`")))
}

fn waits_for(work: &Work<'_>, from: &str, to: &str) -> bool {
    let mut seen = vec![from];
    let mut at = 0;
    while let Some(name) = seen.get(at).copied() {
        at += 1;
        let Some(service) = work.stack.model().service(name) else { continue };
        for dependency in &service.depends_on {
            if dependency.service == to {
                return true;
            }
            if !seen.contains(&dependency.service.as_str()) {
                seen.push(&dependency.service);
            }
        }
    }
    false
}
