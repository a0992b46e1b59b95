//! The form as a whole: the examples of the wire contract, the payloads of real clients, and updated forms.

mod examples;
mod field_errors;
mod payloads;
mod puts;

use serde_json::Value;

use super::Form;
use crate::{api::FieldError, stack::Stack};

fn parsed(body: &Value) -> Form {
    Form::parse(body).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

fn stack_of(body: &Value) -> Stack {
    super::to_stack(&parsed(body)).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// The fields that `parse` or `to_stack` complain about.
fn refused(body: &Value) -> Vec<FieldError> {
    match Form::parse(body) {
        Err(errors) => errors,
        Ok(form) => super::to_stack(&form).expect_err("this form should have been refused"),
    }
}

/// Both texts have the same values.
fn same_model(stack: &Stack, expected: &str) {
    let expected = Stack::read(expected);
    assert_eq!(stack.model().root.to_json(), expected.model().root.to_json(), "\n{}", stack.text());
}
