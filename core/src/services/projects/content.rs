//! Converts a stack to what is stored, with the limits of every write and the columns derived from the text.

use anyhow::Context as _;
use domain::{
    api::FieldError,
    check::{Settings, Severity},
    compose::Position,
    form,
    stack::{Canvas, Stack},
};
use serde_json::Value;

use super::{error::ProjectError, name::ProjectName};
use crate::db::projects::{Content, DraftContent};

/// Enough for the positions, origins and notes of several hundred services.
const MAX_CANVAS_BYTES: usize = 256 * 1024;

/// Reads a text from a client. Text that is not valid YAML or too long is refused; findings are allowed.
pub fn read(text: &str, canvas: Canvas, max_bytes: usize) -> Result<Stack, ProjectError> {
    check_text(text, max_bytes)?;
    let stack = Stack::read(text).with_canvas(canvas);
    check_readable(&stack)?;
    Ok(stack)
}

/// Runs work on a compose file off the threads that answer requests: for a text of a megabyte it takes up to a second.
pub async fn compute<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ProjectError> + Send + 'static,
) -> Result<T, ProjectError> {
    tokio::task::spawn_blocking(work).await.context("working on a compose file")?
}

/// The stack that is stored.
pub fn stack_of(content: &Content) -> Stack {
    Stack::read(&content.compose).with_canvas(content.canvas.clone()).with_values(content.values.clone())
}

/// The content that a write of `stack` stores.
pub fn content_of(
    name: ProjectName,
    stack: &Stack,
    form_extras: Option<Value>,
    request_json: Value,
    max_bytes: usize,
) -> Result<Content, ProjectError> {
    let name = name.into_string();
    let DraftContent { compose, canvas, values, services, metadata } =
        draft_of(&name, stack, form_extras.as_ref(), max_bytes)?;
    Ok(Content { name, compose, canvas, values, form_extras, services, metadata, request_json })
}

/// The part of the content that comes from the stack.
pub fn draft_of(
    name: &str,
    stack: &Stack,
    form_extras: Option<&Value>,
    max_bytes: usize,
) -> Result<DraftContent, ProjectError> {
    check_text(stack.text(), max_bytes)?;
    check_readable(stack)?;
    check_canvas(stack.canvas())?;
    Ok(DraftContent {
        compose: stack.text().to_owned(),
        canvas: stack.canvas().clone(),
        values: stack.values().clone(),
        services: service_names(stack),
        metadata: with_stack_code(form::of_stack(stack, form_extras), name),
    })
}

/// Sets `custom_stack_code`, where existing clients expect the project's name, also after a rename.
pub fn with_stack_code(mut metadata: Value, name: &str) -> Value {
    if let Some(custom) = metadata.get_mut("custom").and_then(Value::as_object_mut) {
        custom.insert("custom_stack_code".to_owned(), name.into());
    }
    metadata
}

/// Leaves out names that PostgreSQL cannot store: a quoted key can contain an escaped NUL.
fn service_names(stack: &Stack) -> Vec<String> {
    let names = stack.model().services.iter().map(|service| &service.name);
    names.filter(|name| !name.contains('\0')).cloned().collect()
}

fn check_text(text: &str, limit: usize) -> Result<(), ProjectError> {
    if text.len() > limit {
        return Err(ProjectError::TooLarge { what: "compose file", limit, actual: text.len() });
    }
    match text.find('\0') {
        // PostgreSQL cannot store a NUL character, and YAML does not allow it.
        Some(at) => Err(ProjectError::Unreadable {
            message: "the file contains a NUL character, so it is not a text file".to_owned(),
            position: Some(Position::of(text, at)),
        }),
        None => Ok(()),
    }
}

fn check_readable(stack: &Stack) -> Result<(), ProjectError> {
    if stack.is_readable() {
        return Ok(());
    }
    let reason = stack.findings().iter().find(|finding| finding.severity == Severity::Error);
    Err(ProjectError::Unreadable {
        message: reason.map_or_else(
            || "the YAML is invalid".to_owned(),
            // Findings are sentences, problems are clauses.
            |finding| format!("invalid YAML: {}", finding.message.trim_end_matches('.')),
        ),
        position: reason.map(|finding| finding.position),
    })
}

fn check_canvas(canvas: &Canvas) -> Result<(), ProjectError> {
    let names = canvas.positions.keys().chain(canvas.apps.keys()).chain(canvas.notes.keys());
    let texts = canvas.apps.values().chain(canvas.notes.values());
    check_settings(&canvas.checks)?;
    let mut actual = canvas.positions.len() * 32;
    for text in names.chain(texts) {
        actual += text.len();
    }
    if actual > MAX_CANVAS_BYTES {
        return Err(ProjectError::TooLarge { what: "canvas", limit: MAX_CANVAS_BYTES, actual });
    }
    Ok(())
}

/// Refuses codes that cannot be set.
pub fn check_settings(checks: &Settings) -> Result<(), ProjectError> {
    let problems = checks.problems().into_iter();
    let errors: Vec<FieldError> = problems
        .map(|(code, message)| FieldError { field: format!("checks.rules.{code}"), message })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(ProjectError::Invalid { errors }) }
}
