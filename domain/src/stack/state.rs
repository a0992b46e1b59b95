//! The stack as data: the text and what is derived from it. The edits are in `apply`.

use std::sync::Arc;

use super::{canvas::Canvas, values::Values};
use crate::{
    compose::{Model, read, syntax::Tree},
    finding::Finding,
};

/// Plain data that is cheap to clone. The text is the source of truth; everything but canvas and values is
/// derived from it.
#[derive(Clone, Debug)]
pub struct Stack {
    text: Arc<str>,
    /// The document as written; edits work on it.
    tree: Arc<Tree>,
    model: Arc<Model>,
    /// The findings from reading: syntax errors, duplicate keys, wrong types.
    findings: Arc<[Finding]>,
    readable: bool,
    canvas: Arc<Canvas>,
    values: Arc<Values>,
}

impl Stack {
    /// Reads a compose file. It never fails: errors are in [`Self::findings`], and [`Self::model`] contains what
    /// could be read.
    pub fn read(text: &str) -> Self {
        let reading = read::read(text);
        Self {
            text: text.into(),
            tree: Arc::new(reading.tree),
            model: Arc::new(reading.model),
            findings: reading.findings.into(),
            readable: reading.readable,
            canvas: Arc::default(),
            values: Arc::default(),
        }
    }

    pub fn with_canvas(mut self, canvas: Canvas) -> Self {
        self.canvas = Arc::new(canvas);
        self
    }

    pub fn with_values(mut self, values: Values) -> Self {
        self.values = Arc::new(values);
        self
    }

    /// Whether text, canvas and values are equal.
    pub fn is_same(&self, other: &Self) -> bool {
        self.text == other.text && self.canvas == other.canvas && self.values == other.values
    }

    /// Another text with the canvas and the values of this stack.
    pub fn with_text(&self, text: &str) -> Self {
        Self { canvas: self.canvas.clone(), values: self.values.clone(), ..Self::read(text) }
    }

    pub(super) fn with_changed_canvas(&self, change: impl FnOnce(&mut Canvas)) -> Self {
        let mut canvas = self.canvas.as_ref().clone();
        change(&mut canvas);
        self.clone().with_canvas(canvas)
    }

    /// The document as written, token by token.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The compose file, byte for byte.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The findings from reading alone. [`crate::check::check`] adds those of the rules.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// False if the text is not valid YAML. Such a text can be viewed and typed on, but it can neither be edited on
    /// the canvas nor saved.
    pub fn is_readable(&self) -> bool {
        self.readable
    }

    pub fn canvas(&self) -> &Canvas {
        &self.canvas
    }

    /// The values of the variables that the text reads, as far as they are known here.
    pub fn values(&self) -> &Values {
        &self.values
    }
}

impl Default for Stack {
    fn default() -> Self {
        Self::read("")
    }
}
