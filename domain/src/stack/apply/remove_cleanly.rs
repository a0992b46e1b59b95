//! Removing a service together with what its wires brought.

use crate::{
    catalog,
    stack::{Edit, Refusal, Stack},
};

/// The stack without the service. What cannot be cleaned up alone, because an anchor ties it to other lines, stays.
pub fn remove(stack: &Stack, service: &str) -> Result<Stack, Refusal> {
    let remove = Edit::RemoveService { service: service.to_owned(), clean_up: false };
    // Cleaning up must not hide that the service cannot be removed.
    stack.apply(&remove)?;
    let unwired = cleaned(stack.clone(), catalog::unwire(stack, service));
    let removed = unwired.apply(&remove)?;
    let mut unused = catalog::unused_without(stack, service);
    // A consumer that could not leave a network still needs its declaration.
    unused.retain(|edit| !is_used(&removed, edit));
    Ok(cleaned(removed, unused))
}

/// Whether a service uses the network or volume whose declaration the edit removes.
fn is_used(stack: &Stack, edit: &Edit) -> bool {
    let Edit::RemoveKey { path } = edit else { return false };
    let [_, name] = path.as_slice() else { return false };
    stack.model().services.iter().any(|service| {
        service.networks.iter().any(|membership| membership.network == *name)
            || service.volumes.iter().any(|mount| mount.source.as_ref() == Some(name))
    })
}

fn cleaned(stack: Stack, edits: Vec<Edit>) -> Stack {
    edits.into_iter().fold(stack, |stack, edit| stack.apply(&edit).unwrap_or(stack))
}
