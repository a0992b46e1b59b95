//! The folders of the workspace, and the few files that are read there: `.env` beside a document, and `.stacker.yaml` in
//! its folder or one above it. Where a path is typed, the names in its folder are listed.
//!
//! Nothing outside of these folders is read, also not through links.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
};

use domain::{check::Settings, deploy::read_env_file, language::is_of_path, stack::Values};
use tower_lsp_server::ls_types::Uri;

pub const SETTINGS_FILE: &str = ".stacker.yaml";
pub const VALUES_FILE: &str = ".env";

/// Entries of a folder that are looked at for completion.
const MOST_ENTRIES: usize = 1_000;
const LARGEST_FILE: u64 = 1024 * 1024;
/// Folders are not nested more deeply.
const MOST_FOLDERS_ABOVE: usize = 64;

#[derive(Debug, Default)]
pub struct Workspace {
    /// Without links.
    folders: RwLock<Vec<PathBuf>>,
}

/// What stands beside a document.
#[derive(Debug, Default)]
pub struct Surroundings {
    /// The names of the variables of `.env`; their values are not kept.
    pub values: Values,
    pub settings: Settings,
    /// What is wrong with the settings, with the file.
    pub problem: Option<String>,
}

impl Workspace {
    pub fn add<'u>(&self, folders: impl Iterator<Item = &'u Uri>) {
        let new = folders.filter_map(|uri| file_path(uri)?.canonicalize().ok());
        self.folders.write().unwrap_or_else(PoisonError::into_inner).extend(new);
    }

    pub fn remove<'u>(&self, folders: impl Iterator<Item = &'u Uri>) {
        let gone: Vec<PathBuf> = folders.filter_map(|uri| file_path(uri)?.canonicalize().ok()).collect();
        self.folders.write().unwrap_or_else(PoisonError::into_inner).retain(|folder| !gone.contains(folder));
    }

    /// Reads what stands beside a document. It blocks.
    pub fn around(&self, document: &Uri) -> Surroundings {
        let Some((folder, root)) = self.folder_of(document) else { return Surroundings::default() };
        let values =
            self.read(&folder.join(VALUES_FILE)).map(|text| read_env_file(&text)).unwrap_or_default();
        let values = Values::stored(values.into_keys().map(|name| (name, 0)));
        let settings =
            folder.ancestors().take_while(|above| above.starts_with(&root)).take(MOST_FOLDERS_ABOVE);
        let found = settings.map(|above| above.join(SETTINGS_FILE)).find_map(|path| {
            let text = self.read(&path)?;
            Some((path, text))
        });
        let Some((path, text)) = found else { return Surroundings { values, ..Surroundings::default() } };
        let (settings, problem) = match Settings::from_yaml(&text) {
            Ok(settings) => {
                let problem = settings.problems().into_iter().next();
                (settings, problem.map(|(code, problem)| format!("`{code}`: {problem}")))
            }
            Err(problem) => (Settings::default(), Some(problem)),
        };
        let problem = problem.map(|problem| format!("{}: {problem}", path.display()));
        Surroundings { values, settings, problem }
    }

    /// The compose files in a folder, which is given relative to a document, and the folders there with a slash at the end.
    /// Empty for a folder outside of the workspace. It blocks.
    pub fn compose_files(&self, document: &Uri, folder: &str) -> Vec<String> {
        let Some((own, _)) = self.folder_of(document) else { return Vec::new() };
        let asked = own.join(folder).canonicalize().ok().filter(|asked| self.root_of(asked).is_some());
        let Some(entries) = asked.and_then(|asked| asked.read_dir().ok()) else { return Vec::new() };
        let named = entries.flatten().take(MOST_ENTRIES).filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            if name.starts_with('.') || !name.chars().all(is_of_path) {
                return None;
            }
            let path = entry.path().canonicalize().ok()?;
            self.root_of(&path)?;
            let is_yaml = name.ends_with(".yml") || name.ends_with(".yaml");
            match path.is_dir() {
                true => Some(format!("{name}/")),
                false => is_yaml.then_some(name),
            }
        });
        let mut names: Vec<String> = named.collect();
        names.sort();
        names
    }

    /// The folder of a document and the workspace folder around it, both without links.
    fn folder_of(&self, document: &Uri) -> Option<(PathBuf, PathBuf)> {
        let path = file_path(document)?;
        let folder = path.parent()?.canonicalize().ok()?;
        let root = self.root_of(&folder)?;
        Some((folder, root))
    }

    fn root_of(&self, path: &Path) -> Option<PathBuf> {
        let folders = self.folders.read().unwrap_or_else(PoisonError::into_inner);
        folders
            .iter()
            .filter(|folder| path.starts_with(folder))
            .max_by_key(|folder| folder.as_os_str().len())
            .cloned()
    }

    /// `None` if there is no such file, if a link leads out of the workspace, and if it is no text of a sensible size.
    fn read(&self, path: &Path) -> Option<String> {
        let path = path.canonicalize().ok()?;
        self.root_of(&path)?;
        // Opening a pipe would wait for someone to write to it.
        if !path.metadata().ok()?.is_file() {
            return None;
        }
        let mut bytes = Vec::new();
        File::open(path).ok()?.take(LARGEST_FILE + 1).read_to_end(&mut bytes).ok()?;
        if bytes.len() as u64 > LARGEST_FILE {
            return None;
        }
        String::from_utf8(bytes).ok()
    }
}

fn file_path(uri: &Uri) -> Option<PathBuf> {
    let is_file = uri.scheme().as_str().eq_ignore_ascii_case("file");
    is_file.then(|| uri.to_file_path())?.map(|path| path.into_owned())
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::symlink};

    use super::*;
    use domain::check::Profile;

    fn uri(path: &Path) -> Uri {
        Uri::from_file_path(path).unwrap()
    }

    #[test]
    fn settings_of_the_nearest_folder_count() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("shop")).unwrap();
        let workspace = Workspace::default();
        workspace.add([uri(root.path())].iter());
        let profile = || workspace.around(&uri(&root.path().join("shop/compose.yaml"))).settings.profile;
        assert_eq!(profile(), Profile::Recommended);
        fs::write(root.path().join(SETTINGS_FILE), "profile: strict\n").unwrap();
        assert_eq!(profile(), Profile::Strict);
        fs::write(root.path().join("shop").join(SETTINGS_FILE), "profile: security\n").unwrap();
        assert_eq!(profile(), Profile::Security);
    }

    #[test]
    fn wrong_settings_are_named() {
        let root = tempfile::tempdir().unwrap();
        let workspace = Workspace::default();
        workspace.add([uri(root.path())].iter());
        for text in ["profil: strict\n", "rules: [\n", "rules:\n  wrong-type: off\n", "- a\n"] {
            fs::write(root.path().join(SETTINGS_FILE), text).unwrap();
            let problem = workspace.around(&uri(&root.path().join("compose.yaml"))).problem;
            assert!(
                problem.as_deref().is_some_and(|text| text.contains(SETTINGS_FILE)),
                "{text}: {problem:?}"
            );
        }
    }

    #[test]
    fn nothing_outside_of_the_workspace_is_read() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(outside.path().join(VALUES_FILE), "SECRET=1\n").unwrap();
        let workspace = Workspace::default();
        workspace.add([uri(root.path())].iter());
        let is_empty = |path: &Path| workspace.around(&uri(path)).values.is_empty();
        assert!(is_empty(&outside.path().join("compose.yaml")));
        assert!(is_empty(&root.path().join("../compose.yaml")));
        symlink(outside.path().join(VALUES_FILE), root.path().join(VALUES_FILE)).unwrap();
        assert!(is_empty(&root.path().join("compose.yaml")));
        symlink(outside.path(), root.path().join("link")).unwrap();
        assert!(is_empty(&root.path().join("link/compose.yaml")));
        fs::remove_file(root.path().join(VALUES_FILE)).unwrap();
        fs::write(root.path().join(VALUES_FILE), "KNOWN=1\n").unwrap();
        assert!(!is_empty(&root.path().join("compose.yaml")));
    }
}
