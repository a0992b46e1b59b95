//! The stack a person works on: the compose text, what was read from it, and what compose cannot say.

mod apply;
mod canvas;
pub mod edit;

#[cfg(test)]
mod tests;

/// What [`Stack::apply`] answers when it declines an edit.
pub use crate::compose::change::Refusal;
pub use canvas::{Canvas, Point};
pub use edit::{Edit, PortSpec};

use std::sync::Arc;

use crate::{
    compose::{Model, read, syntax::Tree},
    finding::Finding,
};

/// Plain data, cheap to clone. The text is the truth; the model is read from it.
#[derive(Clone, Debug)]
pub struct Stack {
    text: Arc<str>,
    /// The document as written: what edits are made on.
    tree: Arc<Tree>,
    model: Arc<Model>,
    /// What reading found: syntax errors, duplicate keys, wrong types.
    findings: Arc<[Finding]>,
    readable: bool,
    canvas: Arc<Canvas>,
}

impl Stack {
    /// Reads a compose file. Never fails: what is wrong is in [`Self::findings`], what could be read is in [`Self::model`].
    pub fn read(text: &str) -> Self {
        let reading = read::read(text);
        Self {
            text: text.into(),
            tree: Arc::new(reading.tree),
            model: Arc::new(reading.model),
            findings: reading.findings.into(),
            readable: reading.readable,
            canvas: Arc::default(),
        }
    }

    pub fn with_canvas(mut self, canvas: Canvas) -> Self {
        self.canvas = Arc::new(canvas);
        self
    }

    fn with_changed_canvas(&self, change: impl FnOnce(&mut Canvas)) -> Self {
        let mut canvas = self.canvas.as_ref().clone();
        change(&mut canvas);
        self.clone().with_canvas(canvas)
    }

    /// The document as it is written, for those who follow it token by token.
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

    /// What reading found. [`crate::check::check`] adds what the rules say.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// False when the text is no YAML: it can be looked at and typed on, but neither edited on the canvas nor saved.
    pub fn is_readable(&self) -> bool {
        self.readable
    }

    pub fn canvas(&self) -> &Canvas {
        &self.canvas
    }

    /// The stack after one edit, or why not. The stack itself stays as it is.
    pub fn apply(&self, edit: &Edit) -> Result<Self, Refusal> {
        apply::apply(self, edit)
    }

    /// All edits or none.
    pub fn apply_all(&self, edits: &[Edit]) -> Result<Self, Refusal> {
        edits.iter().try_fold(self.clone(), |stack, edit| stack.apply(edit))
    }
}

impl Default for Stack {
    fn default() -> Self {
        Self::read("")
    }
}
