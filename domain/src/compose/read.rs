//! Reads a compose file: the tree as written, the model, and the findings.

use super::{
    fields::Reader,
    model::{Model, Resource},
    place::Place,
    resolve::{self, Earlier, Resolved},
    service, shape,
    syntax::{self, SyntaxError, Tree},
    variables,
    yaml::{Node, Value},
};
use crate::finding::{Basis, Finding, MOST_FINDINGS, Severity};

const ERROR: (Severity, Basis) = (Severity::Error, Basis::Compose);

/// The maximum size of a compose file in bytes. A larger file is an accident or an attack.
pub const SIZE_LIMIT: usize = 1024 * 1024;

pub struct Reading {
    pub tree: Tree,
    pub model: Model,
    pub findings: Vec<Finding>,
    /// False if the text is not valid YAML, or not a mapping.
    pub readable: bool,
}

/// Reads a compose file. It never fails and never panics: errors become findings, and the model contains what could
/// be read.
pub fn read(text: &str) -> Reading {
    if text.len() > SIZE_LIMIT {
        return refused(text, syntax::parse("").tree);
    }
    let parsed = syntax::parse(text);
    let resolved = resolve::resolve(&parsed.tree);
    let mut findings: Vec<Finding> = [parsed.error, resolved.error.clone()]
        .into_iter()
        .flatten()
        .map(|error| syntax_finding(text, &error))
        .collect();
    let mut readable = findings.is_empty();
    document_findings(text, parsed.version, &resolved, &mut findings);
    readable &= !findings.iter().any(|finding| finding.code == "not-a-compose-file");
    let mut reader = Reader::new(text, findings);
    let root = resolved.root;
    // Half of a text has findings that nobody wants to read beside the one that matters.
    if readable {
        shape::check(text, &root, &mut reader.findings);
    }
    let model = model(&mut reader, root);
    Reading { tree: parsed.tree, model, findings: reader.findings, readable }
}

/// The findings and the model of the file if earlier entries of duplicate keys counted, and where these entries are.
/// `None` if there are no such entries.
pub fn read_earlier(text: &str, tree: &Tree, earlier: usize) -> Option<(Model, Vec<Finding>, Vec<Place>)> {
    let resolved = resolve::resolve_with(tree, Earlier(earlier));
    if resolved.chosen.is_empty() {
        return None;
    }
    let mut reader = Reader::new(text, Vec::new());
    shape::check(text, &resolved.root, &mut reader.findings);
    let model = model(&mut reader, resolved.root);
    Some((model, reader.findings, resolved.chosen))
}

fn refused(text: &str, tree: Tree) -> Reading {
    Reading { tree, model: Model::default(), findings: vec![size_finding(text)], readable: false }
}

/// What is said about a text that is longer than [`SIZE_LIMIT`].
pub(super) fn size_finding(text: &str) -> Finding {
    let message = format!(
        "The file has {} KiB. Files of more than {} KiB aren't read.",
        text.len() / 1024,
        SIZE_LIMIT / 1024
    );
    syntax_finding(text, &SyntaxError { code: "too-large", message, offset: 0 })
}

pub(super) fn syntax_finding(text: &str, error: &SyntaxError) -> Finding {
    let end = text[error.offset..].chars().next().map_or(0, char::len_utf8);
    let place = Place::new(error.offset, error.offset + end);
    // Compose reads these, Stacker does not.
    let own_limit = matches!(error.code, "too-large" | "several-documents" | "too-many-aliases");
    let basis = if own_limit { Basis::Advice } else { Basis::Compose };
    Finding::new(error.code, (Severity::Error, basis), text, place, &*error.message)
}

/// What is wrong with the document, whatever its keys are.
pub(super) fn document_findings(
    text: &str,
    version: Option<Place>,
    resolved: &Resolved,
    findings: &mut Vec<Finding>,
) {
    let mut error = |code, place, message: String| {
        findings.push(Finding::new(code, ERROR, text, place, message));
    };
    if let Some(place) = version {
        let message = "Compose doesn't read this version of YAML. Remove the line: Compose needs none.";
        error("yaml-version", place, message.to_owned());
    }
    for duplicate in resolved.duplicates.iter().take(MOST_FINDINGS) {
        let line = super::Position::of(text, duplicate.first.start).line;
        error(
            "duplicate-key",
            duplicate.place,
            format!("Duplicate `{}` (first on line {line}). Rename or remove one of them.", duplicate.key),
        );
    }
    for place in resolved.odd_keys.iter().take(MOST_FINDINGS) {
        let written = place.slice(text);
        let message = if written.is_empty() {
            "A key must be text: write one before the colon.".to_owned()
        } else if written.len() > 60 || written.starts_with(['[', '{', '*']) || written.contains('\n') {
            "A key must be text, not a list, a mapping or a number.".to_owned()
        } else {
            format!("A key must be text. Put `{written}` in quotes.")
        };
        error("odd-key", *place, message);
    }
    for place in resolved.bad_merges.iter().take(MOST_FINDINGS) {
        error(
            "bad-merge",
            *place,
            "`<<` needs a mapping, or a list of mappings, usually an alias such as `*defaults`.".to_owned(),
        );
    }
    let root = &resolved.root;
    if !matches!(root.value, Value::Null | Value::Mapping(_)) {
        error(
            "not-a-compose-file",
            root.place,
            format!("A compose file is a mapping that starts with `services:`, this is {}.", root.kind()),
        );
    }
}

pub(super) fn model(reader: &mut Reader<'_>, root: Node) -> Model {
    let mut model = Model {
        name: reader.text(&root, "name"),
        networks: resources(&root, "networks"),
        volumes: resources(&root, "volumes"),
        secrets: resources(&root, "secrets"),
        configs: resources(&root, "configs"),
        includes: includes(&root),
        ..Model::default()
    };
    if let Some(services) = root.get("services") {
        model.services = services.entries().iter().map(|entry| service::read(reader, entry)).collect();
    }
    let (variables, invalid) = variables::uses(&root);
    for place in invalid {
        reader.find(
            "variable-invalid",
            place,
            "This `${` doesn't start a variable. Write `${NAME}` for a variable, or `$$` for a dollar sign.",
        );
    }
    model.variables = variables;
    model.root = root;
    model
}

fn resources(root: &Node, kind: &str) -> Vec<Resource> {
    let entries = root.get(kind).map(Node::entries).unwrap_or_default();
    entries
        .iter()
        .map(|entry| {
            let flag = |key: &str| entry.value.get(key).is_some_and(is_true);
            let external = entry.value.get("external");
            Resource {
                name: entry.key.clone(),
                external_name: entry
                    .value
                    .get("name")
                    .or_else(|| external.and_then(|external| external.get("name")))
                    .and_then(Node::text),
                driver: entry.value.get("driver").and_then(Node::text),
                external: external
                    .is_some_and(|external| is_true(external) || matches!(external.value, Value::Mapping(_))),
                internal: flag("internal"),
                key: entry.key_place,
                place: entry.value.here(),
            }
        })
        .collect()
}

fn is_true(node: &Node) -> bool {
    match &node.value {
        Value::Bool(value) => *value,
        Value::String(text) => text == "true",
        _ => false,
    }
}

fn includes(root: &Node) -> Vec<super::model::Text> {
    let Some(node) = root.get("include") else { return Vec::new() };
    node.items()
        .iter()
        .flat_map(|item| match item.get("path") {
            Some(path) if !path.items().is_empty() => path.items().iter().collect(),
            Some(path) => vec![path],
            None => vec![item],
        })
        .filter_map(|item| Some(super::Located::new(item.text()?, item.here())))
        .collect()
}
