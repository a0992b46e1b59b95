//! The canonical form of a compose file: the order of keys, indentation, blank lines and quotes. `docs/formatting.md`
//! states the rules.
//!
//! - `marks.rs` finds the comments and the document markers
//! - `build.rs` divides the text into entries, each with its comments; `scalars.rs` writes single values
//! - `order.rs` sorts the keys of the file and of services
//! - `print.rs` writes the entries
//! - `proof.rs` compares the new text with the old one
//!
//! To give another key its position, add it in `order.rs`; a test compares the list with the keys of the specification.

mod build;
mod marks;
mod order;
mod print;
mod proof;
mod scalars;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;

use crate::{
    compose::syntax,
    finding::{Finding, Severity},
    stack::Stack,
};

/// Findings that make the meaning of a file uncertain. Other errors, such as an unknown key, do not prevent formatting.
const UNCERTAIN: [&str; 4] = ["duplicate-key", "odd-key", "bad-merge", "yaml-version"];

/// Why a file cannot be formatted. The file should stay as it is.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FormatError {
    /// The file has an error that makes its meaning uncertain.
    #[error("{}", .0.message)]
    Unreadable(Box<Finding>),
    /// The formatted text would differ from the file in more than its form.
    #[error("{0}, so the file stays as it is")]
    Unsafe(&'static str),
}

/// Formats a compose file. The new text has the same values, comments, anchors and tags, and formatting it again
/// changes nothing; otherwise the answer is an error.
pub fn format(text: &str) -> Result<String, FormatError> {
    let before = Stack::read(text);
    if let Some(finding) = uncertain(&before) {
        return Err(FormatError::Unreadable(Box::new(finding.clone())));
    }
    let plain = plain(text);
    let formatted = laid_out(&plain);
    proof::prove(&before, &plain, &formatted)?;
    let written = like(text, &formatted);
    if written != formatted && !proof::means_the_same(&before, &Stack::read(&written)) {
        return Err(FormatError::Unsafe("the line breaks would mean something else"));
    }
    Ok(written)
}

fn uncertain(stack: &Stack) -> Option<&Finding> {
    let errors = || stack.findings().iter().filter(|finding| finding.severity == Severity::Error);
    errors().find(|finding| !stack.is_readable() || UNCERTAIN.contains(&finding.code.as_str()))
}

/// The text without byte-order mark, with `\n` as the only line break.
fn plain(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n")
}

/// Gives the formatted text the byte-order mark and the line breaks of the original.
fn like(original: &str, formatted: &str) -> String {
    let formatted =
        if original.contains("\r\n") { formatted.replace('\n', "\r\n") } else { formatted.to_owned() };
    if original.starts_with('\u{feff}') { format!("\u{feff}{formatted}") } else { formatted }
}

/// Formats a plain text once, without any proof.
fn laid_out(plain: &str) -> String {
    let tree = syntax::parse(plain).tree;
    let mut document = build::document(plain, &tree);
    order::sort(plain, &tree, &mut document);
    print::print(&document)
}
