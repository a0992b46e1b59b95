//! The rule engine: the same rules in the browser, on the server, in the command line and in the agent.
//!
//! A new rule: one file beside this one with its test, one line in [`check`], one line in `docs/rules.md`.

mod finding;

pub use finding::{Finding, Fix, Severity};

use crate::stack::Stack;

/// Everything that is to be said about a stack: what reading found and what the rules found, in the order of the text.
pub fn check(stack: &Stack) -> Vec<Finding> {
    stack.findings().to_vec()
}
