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
    Ok(cleaned(unwired.apply(&remove)?, catalog::unused_without(stack, service)))
}

fn cleaned(stack: Stack, edits: Vec<Edit>) -> Stack {
    edits.into_iter().fold(stack, |stack, edit| stack.apply(&edit).unwrap_or(stack))
}
