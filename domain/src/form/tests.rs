//! Tests of the whole form: examples of the wire contract, payloads of real clients, and updates with forms.

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

/// The errors of `parse` or `to_stack`, each with its field.
fn refused(body: &Value) -> Vec<FieldError> {
    match Form::parse(body) {
        Err(errors) => errors,
        Ok(form) => super::to_stack(&form).expect_err("this form should have been refused"),
    }
}

/// Asserts that both texts have the same values.
fn same_model(stack: &Stack, expected: &str) {
    let expected = Stack::read(expected);
    assert_eq!(stack.model().root.to_json(), expected.model().root.to_json(), "\n{}", stack.text());
}
