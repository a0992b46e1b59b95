//! A free host port for a service of a stack.
//!
//! This is not in `taken.rs`, because applying an edit needs [`Taken`], so that file must not depend on the stack.

use super::taken::Taken;
use crate::stack::Stack;

/// A host port that no service of the stack publishes. It is the wanted one if that is free.
pub fn free_port(stack: &Stack, wanted: u16) -> u16 {
    Taken::of(stack.model()).free_port(wanted)
}
