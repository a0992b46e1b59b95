//! Finds the corpus files.

use std::path::{Path, PathBuf};

pub struct File {
    pub name: String,
    pub text: String,
}

pub fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no corpus in {}", folder.display());
    None
}

/// All compose files, sorted by name. Without the corpus there are none, and a message says so.
pub fn compose_files() -> Vec<File> {
    let Some(folder) = folder() else { return Vec::new() };
    let mut files: Vec<File> = std::fs::read_dir(folder.join("compose"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml"))
        .map(|path| File {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            text: std::fs::read_to_string(&path).unwrap(),
        })
        .collect();
    // With an empty folder, every test would pass.
    assert!(!files.is_empty(), "{} holds no compose file", folder.display());
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}
