//! Deleting a wire: the consumer forgets the provider. The provider, its data and the networks stay as they are.

use super::deal::{Deal, set};
use crate::stack::{Edit, Refusal, Stack};

/// The edits that take a wire away: the dependency, and the variables that still hold what [`super::connect`] wrote;
/// those an app has a default for go back to it.
pub fn disconnect(stack: &Stack, from: &str, to: &str) -> Result<Vec<Edit>, Refusal> {
    let find = |name: &str| {
        stack.model().service(name).ok_or_else(|| {
            Refusal::new("service-unknown", format!("there is no service `{name}` in this stack"))
        })
    };
    let (consumer, provider) = (find(from)?, find(to)?);
    let mut edits = Vec::new();
    if consumer.depends_on(to).is_some() {
        edits.push(Edit::RemoveDependency { service: from.to_owned(), on: to.to_owned() });
    }
    let Some(deal) = Deal::between(stack, consumer, provider) else { return Ok(edits) };
    let values = deal.values(&deal.access());
    if !values.iter().any(|(key, _)| deal.leads_here(stack, key)) {
        return Ok(edits);
    }
    for (key, value) in values {
        let is_ours =
            consumer.variable(key).is_some_and(|variable| variable.value.as_deref() == Some(value.as_str()));
        if !is_ours && !deal.leads_here(stack, key) {
            continue;
        }
        edits.push(match deal.default_of(key) {
            Some(default) => set(from, key, default.to_owned()),
            None => Edit::RemoveEnvironment { service: from.to_owned(), key: key.to_owned() },
        });
    }
    for key in &deal.accept.replaces {
        if let (None, Some(default)) = (consumer.variable(key), deal.default_of(key)) {
            edits.push(set(from, key, default.to_owned()));
        }
    }
    Ok(edits)
}
