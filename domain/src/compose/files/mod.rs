//! Several compose files that are used together: `-f a.yml -f b.yml`, or a file with its `compose.override.yaml`.
//!
//! Compose reads every file on its own, merges their values in the order of the files, and then looks at the result alone:
//! <https://github.com/compose-spec/compose-spec/blob/main/13-merge.md>. So do we. The places of all values lie in one text, the
//! files one behind the other ([`Joined`]), so that the rules need not know how many files there are, and every finding leads
//! back to the file that the value comes from.
//!
//! - `joined.rs` is that text, and `shift.rs` moves the places of one file into it
//! - `tags.rs` finds the values marked `!reset` and `!override`
//! - `merge.rs` merges two documents; its table says which keys have a way of their own
//! - `forms.rs` makes a list out of a mapping, or the other way round, where both are allowed
//! - `lists.rs` says which entries of two lists are the same
//!
//! `domain/tests/differential/merging.rs` compares the result with what Compose itself makes of the files.

mod forms;
mod joined;
mod lists;
mod merge;
mod shift;
mod tags;

use std::collections::HashSet;

use super::{
    fields::Reader,
    model::Model,
    place::Place,
    read::{SIZE_LIMIT, document_findings, model, size_finding, syntax_finding},
    resolve, shape,
    syntax::{self, NodeKind, Pair, Tree},
    yaml::{Node, Value},
};
use crate::finding::{Basis, Finding, Severity};
pub use joined::Joined;

/// More files are an accident: Compose merges them one after the other.
pub const MOST_FILES: usize = 50;

/// One of the files.
#[derive(Clone, Copy, Debug)]
pub struct File<'f> {
    /// The name used in messages.
    pub name: &'f str,
    pub text: &'f str,
}

/// What several files say together. All places are places of the joined text.
pub struct Files {
    pub joined: Joined,
    /// The entries of all documents, one document behind the other, as written.
    pub tree: Tree,
    /// The merged document.
    pub model: Model,
    /// What is wrong with the single files, and with the merged document.
    pub findings: Vec<Finding>,
    /// False if one of the files cannot be read; then nothing is merged.
    pub readable: bool,
}

/// Reads the files and merges them, each one on top of those before it. Files after the first [`MOST_FILES`] are left out.
pub fn read(files: &[File<'_>]) -> Files {
    let files = &files[..files.len().min(MOST_FILES)];
    let joined = Joined::new(files);
    let mut findings = Vec::new();
    let mut documents = Vec::new();
    let mut pairs = Vec::new();
    for (file, start) in files.iter().zip(joined.starts()) {
        let (own, document) = document(file.text);
        findings.extend(own.into_iter().map(|finding| Finding {
            place: Place::new(finding.place.start + start, finding.place.end + start),
            ..finding
        }));
        if let Some((mut tree, mut root)) = document {
            // The order matters: the marked values are no longer in the values.
            let tags = tags::of(&tree);
            shift::tree(&mut tree, start);
            shift::node(&mut root, start);
            if let NodeKind::Mapping { pairs: own, .. } = tree.kind {
                pairs.extend::<Vec<Pair>>(own);
            }
            documents.push((root, tags));
        }
    }
    let readable = documents.len() == files.len();
    let root = if readable { merged(&joined, documents, &mut findings) } else { Node::default() };
    let place = Place::new(0, joined.text().len());
    let mut reader = Reader::new(joined.text(), findings);
    let model = model(&mut reader, root);
    let findings = reader.findings;
    let kind = NodeKind::Mapping { flow: false, pairs };
    let tree = Tree { kind, place, start: 0, anchor: None, tag: None };
    Files { joined, tree, model, findings, readable }
}

/// What is wrong with the file as a document of YAML, and the document, unless it cannot be merged.
fn document(text: &str) -> (Vec<Finding>, Option<(Tree, Node)>) {
    if text.len() > SIZE_LIMIT {
        return (vec![size_finding(text)], None);
    }
    let parsed = syntax::parse(text);
    let resolved = resolve::resolve(&parsed.tree);
    let errors = [parsed.error.as_ref(), resolved.error.as_ref()];
    let mut findings: Vec<Finding> =
        errors.into_iter().flatten().map(|error| syntax_finding(text, error)).collect();
    let mut readable = findings.is_empty();
    document_findings(text, parsed.version, &resolved, &mut findings);
    readable &= !findings.iter().any(|finding| finding.code == "not-a-compose-file");
    (findings, readable.then_some((parsed.tree, resolved.root)))
}

/// Compose looks at the first document, and at the result each time another one is merged.
fn merged(joined: &Joined, documents: Vec<(Node, tags::Tags)>, findings: &mut Vec<Finding>) -> Node {
    let mut root = Node::default();
    let mut seen = HashSet::new();
    for (at, (document, tags)) in documents.into_iter().enumerate() {
        if at == 0 {
            root = document;
        } else {
            for path in tags.paths() {
                remove(&mut root, path);
            }
            let mut conflicts = Vec::new();
            root = merge::merge(root, document, &mut conflicts);
            findings.extend(conflicts.into_iter().map(|conflict| {
                let weight = (Severity::Error, Basis::Compose);
                Finding::new("wrong-type", weight, joined.text(), conflict.place, conflict.message)
            }));
        }
        let mut found = Vec::new();
        shape::check(joined.text(), &root, &mut found);
        found.retain(|finding| seen.insert((finding.code.clone(), finding.place, finding.message.clone())));
        findings.append(&mut found);
    }
    root
}

/// Removes the value at a path of keys, if there is one.
fn remove(node: &mut Node, path: &[String]) {
    let Value::Mapping(entries) = &mut node.value else { return };
    match path {
        [] => {}
        [key] => entries.retain(|entry| entry.key != *key),
        [key, rest @ ..] => {
            if let Some(entry) = entries.iter_mut().find(|entry| entry.key == *key) {
                remove(&mut entry.value, rest);
            }
        }
    }
}

#[cfg(test)]
mod tests;
