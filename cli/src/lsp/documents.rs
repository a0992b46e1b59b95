//! The documents that are open in the editor.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use domain::{
    check::{Report, report},
    compose::read::SIZE_LIMIT,
    language::positions::Lines,
    stack::Stack,
};
use tower_lsp_server::ls_types::{TextDocumentContentChangeEvent, Uri};

use super::{ranges, workspace::Surroundings, workspace::Workspace};

/// More are not held; what is opened beyond is left alone.
pub const MOST_DOCUMENTS: usize = 1_000;

/// One version of a document.
#[derive(Debug)]
pub struct Document {
    pub uri: Uri,
    pub version: i32,
    pub text: Arc<str>,
    read: OnceLock<Read>,
}

/// What a text and its surroundings amount to.
#[derive(Debug)]
pub struct Read {
    pub stack: Stack,
    pub around: Surroundings,
    report: OnceLock<Report>,
}

impl Document {
    fn new(uri: Uri, version: i32, text: impl Into<Arc<str>>) -> Arc<Self> {
        Arc::new(Self { uri, version, text: text.into(), read: OnceLock::new() })
    }

    /// Reads the text when it is first asked for. It blocks.
    pub fn read(&self, workspace: &Workspace) -> &Read {
        self.read.get_or_init(|| {
            let mut around = workspace.around(&self.uri);
            let values = std::mem::take(&mut around.values);
            Read { stack: Stack::read(&self.text).with_values(values), around, report: OnceLock::new() }
        })
    }

    /// Too large to be read; it has this one finding.
    pub fn is_too_large(&self) -> bool {
        self.text.len() > SIZE_LIMIT
    }
}

impl Read {
    /// The findings. It blocks.
    pub fn report(&self) -> &Report {
        self.report.get_or_init(|| report(&self.stack, &self.around.settings))
    }
}

#[derive(Debug, Default)]
pub struct Documents(Mutex<HashMap<Uri, Arc<Document>>>);

impl Documents {
    fn open_ones(&self) -> MutexGuard<'_, HashMap<Uri, Arc<Document>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None` if it is no compose file, or if too many documents are open.
    pub fn open(&self, uri: Uri, language: &str, version: i32, text: String) -> Option<Arc<Document>> {
        let mut open = self.open_ones();
        let is_full = open.len() >= MOST_DOCUMENTS && !open.contains_key(&uri);
        if is_full || !is_compose(&uri, language) {
            return None;
        }
        let document = Document::new(uri.clone(), version, text);
        open.insert(uri, document.clone());
        Some(document)
    }

    /// Applies changes in their order, each to the text that the one before it left.
    pub fn change(
        &self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) -> Option<Arc<Document>> {
        let mut open = self.open_ones();
        let mut text = open.get(uri)?.text.to_string();
        for change in changes {
            match change.range {
                Some(range) => {
                    let place = ranges::place(&Lines::of(&text), range);
                    text.replace_range(place.start..place.end, &change.text);
                }
                None => text = change.text,
            }
        }
        let document = Document::new(uri.clone(), version, text);
        open.insert(uri.clone(), document.clone());
        Some(document)
    }

    pub fn close(&self, uri: &Uri) -> bool {
        self.open_ones().remove(uri).is_some()
    }

    pub fn get(&self, uri: &Uri) -> Option<Arc<Document>> {
        self.open_ones().get(uri).cloned()
    }

    /// Whether no other version has taken its place.
    pub fn is_current(&self, document: &Arc<Document>) -> bool {
        self.open_ones().get(&document.uri).is_some_and(|current| Arc::ptr_eq(current, document))
    }

    /// Forgets what was read beside the documents, and returns all of them to be read again.
    pub fn read_again(&self) -> Vec<Arc<Document>> {
        let mut open = self.open_ones();
        for document in open.values_mut() {
            *document = Document::new(document.uri.clone(), document.version, document.text.clone());
        }
        open.values().cloned().collect()
    }
}

/// Editors start one server for all of YAML; other files than compose files are none of its business.
fn is_compose(uri: &Uri, language: &str) -> bool {
    let path = uri.path().as_str();
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let is_yaml = Path::new(&name).extension().is_some_and(|end| end == "yml" || end == "yaml");
    language.contains("compose")
        || is_yaml && (name.contains("compose") || name.contains("stack")) && !name.starts_with('.')
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use serde_json::json;

    use super::*;

    fn uri(text: &str) -> Uri {
        Uri::from_str(text).unwrap()
    }

    fn changed(text: &str, changes: serde_json::Value) -> String {
        let documents = Documents::default();
        let uri = uri("file:///w/compose.yaml");
        documents.open(uri.clone(), "yaml", 1, text.to_owned()).unwrap();
        let changes = serde_json::from_value(changes).unwrap();
        documents.change(&uri, 2, changes).unwrap().text.to_string()
    }

    #[test]
    fn changes_are_applied_one_after_the_other() {
        let at = |line: u32, from: u32, to: u32, text: &str| json!({"range": {"start": {"line": line, "character": from}, "end": {"line": line, "character": to}}, "text": text});
        assert_eq!(
            changed("a: 🚢\nb: 1\n", json!([at(0, 3, 5, "x"), at(1, 3, 4, "22"), at(1, 5, 5, "3")])),
            "a: x\nb: 223\n"
        );
        assert_eq!(changed("a", json!([at(9, 9, 2, "b")])), "ab");
        assert_eq!(changed("abc", json!([at(0, 2, 1, "x")])), "axc");
        assert_eq!(changed("a", json!([{"text": "b"}, at(0, 1, 1, "c")])), "bc");
    }

    #[test]
    fn only_compose_files_are_opened() {
        let documents = Documents::default();
        let opens =
            |name: &str, language: &str| documents.open(uri(name), language, 1, String::new()).is_some();
        assert!(opens("file:///w/compose.yaml", "yaml"));
        assert!(opens("file:///w/docker-compose.override.yml", "yaml"));
        assert!(opens("untitled:Untitled-1", "dockercompose"));
        assert!(!opens("file:///w/.stacker.yaml", "yaml"));
        assert!(!opens("file:///compose/values.yaml", "yaml"));
    }

    #[test]
    fn there_is_a_limit_to_how_many_are_open() {
        let documents = Documents::default();
        let open = |number: usize| {
            documents.open(uri(&format!("file:///w/{number}/compose.yaml")), "yaml", 1, String::new())
        };
        assert!((0..MOST_DOCUMENTS).all(|number| open(number).is_some()));
        assert!(open(MOST_DOCUMENTS).is_none());
        assert!(open(0).is_some());
    }

    #[test]
    fn a_version_is_stale_as_soon_as_there_is_another() {
        let documents = Documents::default();
        let uri = uri("file:///w/compose.yaml");
        let first = documents.open(uri.clone(), "yaml", 1, String::new()).unwrap();
        assert!(documents.is_current(&first));
        // The same version number again: clients make mistakes.
        documents.change(&uri, 1, Vec::new()).unwrap();
        assert!(!documents.is_current(&first));
        documents.close(&uri);
        assert!(documents.change(&uri, 2, Vec::new()).is_none());
    }
}
