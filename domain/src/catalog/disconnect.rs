//! Deleting a wire. It changes the consumer only; the provider, its data and the networks stay unchanged.

use super::connection::{Connection, set};
use crate::stack::{Edit, Refusal, Stack};

/// The edits that remove a wire: its dependency, and the variables that still have the values set by
/// [`super::connect`]. Variables with a default value get it back.
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
    let Some(connection) = Connection::between(stack, consumer, provider) else { return Ok(edits) };
    let values = connection.values(&connection.endpoint());
    if !values.iter().any(|(key, _)| connection.leads_here(stack, key)) {
        return Ok(edits);
    }
    for (key, value) in values {
        let is_ours =
            consumer.variable(key).is_some_and(|variable| variable.value.as_deref() == Some(value.as_str()));
        if !is_ours && !connection.leads_here(stack, key) {
            continue;
        }
        edits.push(match connection.default_of(key) {
            Some(default) => set(from, key, default.to_owned()),
            None => Edit::RemoveEnvironment { service: from.to_owned(), key: key.to_owned() },
        });
    }
    for key in &connection.accept.replaces {
        if let (None, Some(default)) = (consumer.variable(key), connection.default_of(key)) {
            edits.push(set(from, key, default.to_owned()));
        }
    }
    Ok(edits)
}
