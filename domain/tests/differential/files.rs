//! The files that both read.

use std::{fs, path::Path};

#[derive(Clone)]
pub struct File {
    /// Files of one kind have one score.
    pub kind: String,
    pub name: String,
    pub text: String,
}

/// The small files of `domain/tests/cases`. One of them is not UTF-8: it never reaches the reader.
pub fn cases() -> Vec<File> {
    read("cases", &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases"))
}

/// The real files beside the checkout; none without the corpus.
pub fn corpus() -> Vec<File> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/compose");
    if !folder.is_dir() {
        println!("skipped: no corpus in {}", folder.display());
        return Vec::new();
    }
    read("corpus", &folder)
}

fn read(kind: &str, folder: &Path) -> Vec<File> {
    let mut files: Vec<File> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml"))
        .filter_map(|path| {
            let name = path.file_name()?.to_string_lossy().into_owned();
            Some(File { kind: kind.to_owned(), name, text: fs::read_to_string(&path).ok()? })
        })
        .collect();
    assert!(!files.is_empty(), "{} holds no compose file", folder.display());
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}
