//! Edits that repair keys: misspelled ones, and services that are not below `services`.

use serde_json::Value;

use super::Work;
use crate::{
    compose::{
        Place,
        change::{Change, Splice, below_services},
    },
    stack::Refusal,
};

pub fn rename(work: &mut Work<'_>, path: &[String], to: &str) -> Result<(), Refusal> {
    if path.is_empty() || to.is_empty() {
        return Err(Refusal::new("path-invalid", "the path has no steps, or the new name is empty"));
    }
    work.change(&Change::Rename { path: path.to_vec(), to: to.to_owned() })
}

pub fn move_to_services(work: &mut Work<'_>, services: &[String]) -> Result<(), Refusal> {
    super::check_count(services.len(), "services")?;
    let stack = work.stack;
    services
        .iter()
        .try_for_each(|service| move_one(work, service))
        .map_err(|refusal| refusal.located_in(stack.text()))
}

fn move_one(work: &mut Work<'_>, service: &str) -> Result<(), Refusal> {
    let body = work.value(&[service]).cloned().unwrap_or(Value::Null);
    if work.value(&["services", service]).is_some() {
        return Err(Refusal::new("key-exists", format!("there is already a service `{service}`")));
    }
    let draft = work.draft();
    let splice = below_services(draft.text(), draft.tree(), service)?;
    draft.insert(&splice, &Change::remove(&[service]))?;
    // The text is complete; only what it must mean is not.
    draft.insert(
        &Splice { place: Place::at(0), text: String::new() },
        &Change::set(&["services", service], body),
    )
}
