//! What is checked: the files that the arguments name, and those found in folders.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use walkdir::{DirEntry, WalkDir};

use super::args::CheckArguments;

/// The names of compose files, as Compose looks for them.
const NAMES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const OVERRIDES: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/// Files that are read together, each one on top of those before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    pub files: Vec<String>,
}

#[derive(Debug)]
pub struct Inputs {
    pub list: Vec<Input>,
    /// Whether the answer must have room for more than one file.
    pub several: bool,
}

impl Inputs {
    pub fn of(arguments: &CheckArguments) -> anyhow::Result<Self> {
        if !arguments.files.is_empty() {
            return Ok(Self::merged(arguments.files.clone()));
        }
        if arguments.paths.is_empty() {
            return Ok(Self::merged(of_folder(Path::new("."))?));
        }
        let mut list = Vec::new();
        let mut several = arguments.paths.len() > 1;
        for path in &arguments.paths {
            if path != "-" && Path::new(path).is_dir() {
                several = true;
                let found = search(Path::new(path))?;
                if found.is_empty() {
                    bail!("there are no compose files in {path}");
                }
                list.extend(found.into_iter().map(|file| Input { files: vec![file] }));
            } else {
                list.push(Input { files: vec![path.clone()] });
            }
        }
        // A file that is named twice is checked once.
        let mut seen = std::collections::HashSet::new();
        list.retain(|input| seen.insert(input.files.clone()));
        Ok(Self { list, several })
    }

    fn merged(files: Vec<String>) -> Self {
        Self { several: files.len() > 1, list: vec![Input { files }] }
    }
}

/// The files that Compose reads in a folder: those of `COMPOSE_FILE`, or the compose file there or in a folder above, with
/// its override file.
fn of_folder(folder: &Path) -> anyhow::Result<Vec<String>> {
    if let Some(named) = env::var_os("COMPOSE_FILE").filter(|value| !value.is_empty()) {
        let named = named.into_string().ok().context("COMPOSE_FILE is no text")?;
        let separator = env::var("COMPOSE_PATH_SEPARATOR").ok().filter(|text| !text.is_empty());
        return Ok(named.split(separator.as_deref().unwrap_or(":")).map(str::to_owned).collect());
    }
    let start = std::path::absolute(folder)?;
    for (up, above) in start.ancestors().enumerate() {
        let Some(name) = first_of(above, &NAMES) else { continue };
        let shown: PathBuf = std::iter::repeat_n("..", up).collect();
        let names = [Some(name), first_of(above, &OVERRIDES)];
        return Ok(names
            .into_iter()
            .flatten()
            .map(|name| shown.join(name).to_string_lossy().into_owned())
            .collect());
    }
    bail!("there is no compose file here or in a folder above; name one: stacker check PATH")
}

fn first_of(folder: &Path, names: &[&'static str]) -> Option<&'static str> {
    names.iter().copied().find(|name| folder.join(name).is_file())
}

/// The compose files in a folder and the folders inside it, sorted. Links that lead out of it are left out.
fn search(folder: &Path) -> anyhow::Result<Vec<String>> {
    let root = fs::canonicalize(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(is_searched) {
        let entry = match entry {
            Ok(entry) => entry,
            // A folder below that may not be read says nothing about the other ones.
            Err(error) if error.depth() > 0 => {
                crate::complain(&format!("skipped: {error}"));
                continue;
            }
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", folder.display())),
        };
        if !entry.file_name().to_str().is_some_and(is_compose_name) {
            continue;
        }
        let is_file = if entry.file_type().is_symlink() {
            fs::canonicalize(entry.path()).is_ok_and(|target| target.starts_with(&root) && target.is_file())
        } else {
            entry.file_type().is_file()
        };
        match entry.path().to_str() {
            Some(path) if is_file => found.push(path.strip_prefix("./").unwrap_or(path).to_owned()),
            None if is_file => crate::complain(&format!("skipped: {} is no UTF-8", entry.path().display())),
            _ => {}
        }
    }
    Ok(found)
}

fn is_searched(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.depth() == 0 || !entry.file_type().is_dir() || !(name.starts_with('.') || name == "node_modules")
}

fn is_compose_name(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")) else { return false };
    stem == "compose" || stem.starts_with("compose.") || stem.starts_with("docker-compose")
}

/// The compose file that a variant such as `compose.prod.yml` is made for: the one beside it.
pub fn base_of(file: &str) -> Option<String> {
    let path = Path::new(file);
    let name = path.file_name()?.to_str()?;
    if NAMES.contains(&name) || !is_compose_name(name) {
        return None;
    }
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let base = path.with_file_name(first_of(folder, &NAMES)?);
    base.to_str().map(str::to_owned)
}

/// Whether Compose always reads the file on top of another one.
pub fn is_override(file: &str) -> bool {
    Path::new(file).file_name().and_then(|name| name.to_str()).is_some_and(|name| OVERRIDES.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compose_files_are_known_by_their_names() {
        for name in [
            "compose.yaml",
            "compose.prod.yml",
            "docker-compose.yml",
            "docker-compose-dev.yaml",
            "docker-compose.ci.yml",
        ] {
            assert!(is_compose_name(name), "{name}");
        }
        for name in ["composer.yml", "values.yaml", "compose.json", "my-compose.yml", "compose"] {
            assert!(!is_compose_name(name), "{name}");
        }
    }
}
