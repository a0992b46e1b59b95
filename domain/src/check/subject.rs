//! What is checked: one stack, or several files that Compose merges.

use crate::{
    compose::{
        Model,
        files::{Files, Joined},
        syntax::Tree,
    },
    finding::Finding,
    stack::{Stack, Values},
};

pub struct Subject<'s> {
    pub text: &'s str,
    pub tree: &'s Tree,
    pub model: &'s Model,
    /// From reading.
    pub findings: &'s [Finding],
    pub is_readable: bool,
    /// Values kept beside the file.
    pub values: &'s Values,
    /// Which part of the text is which file, if there are several.
    pub files: Option<&'s Joined>,
}

impl<'s> From<&'s Stack> for Subject<'s> {
    fn from(stack: &'s Stack) -> Self {
        Self {
            text: stack.text(),
            tree: stack.tree(),
            model: stack.model(),
            findings: stack.findings(),
            is_readable: stack.is_readable(),
            values: stack.values(),
            files: None,
        }
    }
}

impl<'s> Subject<'s> {
    pub fn of_files(files: &'s Files, values: &'s Values) -> Self {
        Self {
            text: files.joined.text(),
            tree: &files.tree,
            model: &files.model,
            findings: &files.findings,
            is_readable: files.readable,
            values,
            files: Some(&files.joined),
        }
    }
}
