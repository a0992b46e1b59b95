//! Where settings come from: files in the working directory, `.env` and the environment.

use std::{
    collections::BTreeMap,
    env, fs, io,
    path::{Path, PathBuf},
};

use super::error::{ConfigError, InvalidSetting};

/// Both are read if they exist; for each key, the later file wins.
const FILES: [&str; 2] = ["configuration.yaml", "configuration.yml"];

/// The sources of the settings, as plain data, so that tests can build their own.
#[derive(Clone, Default)]
pub struct Sources {
    pub(super) files: Vec<(PathBuf, String)>,
    /// The environment, completed by `.env`.
    pub(super) variables: BTreeMap<String, String>,
}

impl Sources {
    /// The files in `folder` and the environment of this process. `.env` adds variables and never overrides one.
    pub fn ambient(folder: &Path) -> Result<Self, ConfigError> {
        let mut sources = Self::default();
        for name in FILES {
            sources.add_file_if_there(&folder.join(name))?;
        }
        sources.variables = dot_env(&folder.join(".env"))?;
        // Variables of other programs need not be valid UTF-8 and are skipped.
        let environment = env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        sources.variables.extend(environment);
        Ok(sources)
    }

    /// Adds a file that overrides the ones before it.
    pub fn with_text(mut self, path: impl Into<PathBuf>, text: impl Into<String>) -> Self {
        self.files.push((path.into(), text.into()));
        self
    }

    pub fn with_variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// A variable of the environment or of `.env`; an empty one counts as not set.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn add_file_if_there(&mut self, path: &Path) -> Result<(), ConfigError> {
        match fs::read_to_string(path) {
            Ok(text) => self.files.push((path.to_owned(), text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(unreadable(path, &error.to_string())),
        }
        Ok(())
    }
}

fn dot_env(path: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    let entries = match dotenvy::from_path_iter(path) {
        Ok(entries) => entries,
        Err(error) if error.not_found() => return Ok(BTreeMap::new()),
        Err(_) => return Err(unreadable(path, "the file cannot be read")),
    };
    // The error is dropped because it would quote the line, which may contain a secret.
    entries
        .collect::<Result<_, _>>()
        .map_err(|_| unreadable(path, "expected lines `NAME=value`, with quotes around spaces"))
}

fn unreadable(path: &Path, message: &str) -> ConfigError {
    let problem =
        InvalidSetting { key: String::new(), place: path.display().to_string(), message: message.to_owned() };
    ConfigError { problems: vec![problem] }
}

impl std::fmt::Debug for Sources {
    /// Shows no values, because they may be secrets.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let files: Vec<_> = self.files.iter().map(|(path, _)| path).collect();
        formatter.debug_struct("Sources").field("files", &files).finish_non_exhaustive()
    }
}
