//! The page of each code: what it reports, why it matters, how to fix it, with a wrong and a correct example.
//!
//! The server shows them at `/docs/rules/CODE`, the language server links to them, and `docs/rules.md` lists them (see
//! [`listing`]). Nothing that runs in the browser or checks a file may use them: they are long.
//!
//! To add a page, add it to the file of its chapter, and run the tests with `UPDATE_RULES=1` to write the list again.

mod comments;
mod containers;
mod dependencies;
mod health;
mod images;
mod listing;
mod networks;
mod operation;
mod ports;
mod reading;
mod references;
mod secrets;
mod security;
mod values;
mod volumes;

#[cfg(test)]
mod tests;

use crate::finding::Severity;
pub use listing::listing;

/// Backticks mark code; there is no other markup.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    pub code: &'static str,
    /// The usual severity.
    pub severity: Severity,
    /// What is reported, in one or two sentences.
    pub what: &'static str,
    /// Why that matters to the author.
    pub why: &'static str,
    /// How to fix it.
    pub how: &'static str,
    /// What the automatic fix does; empty if there is none.
    pub fix: &'static str,
    /// A whole compose file with this finding; empty if no short file has it.
    pub wrong: &'static str,
    /// The same file without it.
    pub right: &'static str,
}

/// A part of the list.
pub struct Chapter {
    pub title: &'static str,
    pub pages: &'static [Page],
}

/// All pages, in the order of `docs/rules.md`.
pub const CHAPTERS: &[Chapter] = &[
    reading::CHAPTER,
    values::CHAPTER,
    ports::CHAPTER,
    dependencies::CHAPTER,
    health::CHAPTER,
    networks::CHAPTER,
    volumes::CHAPTER,
    images::CHAPTER,
    secrets::CHAPTER,
    references::CHAPTER,
    containers::CHAPTER,
    security::CHAPTER,
    operation::CHAPTER,
    comments::CHAPTER,
];

/// The page of a code.
pub fn page(code: &str) -> Option<&'static Page> {
    CHAPTERS.iter().flat_map(|chapter| chapter.pages).find(|page| page.code == code)
}
