//! The values of a stack's variables: from the file `.env` in its folder, which belongs to the owner of the host, and from the
//! command, which takes precedence.

use std::{
    collections::BTreeMap,
    fs::OpenOptions,
    io::{self, Read},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use domain::deploy::{Effective, read_env_file, write_env_file};
use rustix::fs::OFlags;

use crate::agent::{failure::Failure, stacks::revision::StagedFile};

/// Lines above the mark belong to the owner of the host. Its text is part of the file format and must not change.
const MARK: &str = "# Below: variables from the last command. The next command replaces them.\n";
const LARGEST_BYTES: u64 = 1024 * 1024;

/// The values that a command brings. `None`: those of the last command stay.
pub type Given = Option<BTreeMap<String, String>>;

/// The values for planning a stack.
pub fn of(project: &Path, given: &Given) -> Result<BTreeMap<String, String>, Failure> {
    let text = written(project)?.unwrap_or_default();
    let Some(given) = given else { return Ok(read_env_file(&text)) };
    let mut variables = read_env_file(owners(&text));
    variables.extend(given.iter().map(|(key, value)| (key.clone(), value.clone())));
    Ok(variables)
}

/// The active profiles, without characters that are not allowed in profile names.
pub fn profiles(variables: &BTreeMap<String, String>) -> String {
    let names = variables.get("COMPOSE_PROFILES").cloned().unwrap_or_default();
    names.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, ',' | '.' | '_' | '-' | '*')).collect()
}

/// `.env` holds the values that the command brings. If a service names it in `env_file`, it must exist even without any.
pub fn env_file(effective: &Effective, project: &Path, given: &Given) -> Result<Option<StagedFile>, Failure> {
    let file = project.join(".env");
    let is_named = |path: &str| Path::new(&path.replace("$$", "$")) == file;
    let named =
        effective.active_services().flat_map(|service| &service.env_files).any(|path| is_named(&path.value));
    let before = written(project)?;
    let content = content(before.as_deref(), given).or((named && before.is_none()).then(String::new));
    Ok(content.map(|content| StagedFile { path: ".env".to_owned(), content, mode: 0o600 }))
}

/// The new content of `.env`. `None`: the file stays unchanged.
fn content(before: Option<&str>, given: &Given) -> Option<String> {
    let given = given.as_ref()?;
    let before = before.unwrap_or_default();
    let mut text = owners(before).to_owned();
    if given.is_empty() {
        return (text != before).then_some(text);
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(MARK);
    text.push_str(&write_env_file(given.iter().map(|(key, value)| (key.as_str(), value.as_str()))));
    Some(text)
}

fn owners(text: &str) -> &str {
    text.find(MARK).map_or(text, |at| &text[..at])
}

/// Containers can write here, so symbolic links are not followed and opening a pipe does not block.
fn written(project: &Path) -> Result<Option<String>, Failure> {
    let path = project.join(".env");
    let unusable =
        |why: String| Failure::new("invalid-file", format!("{} is invalid: {why}", path.display()));
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let file = match OpenOptions::new().read(true).custom_flags(flags).open(&path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unusable(error.to_string())),
    };
    let metadata = file.metadata().map_err(|error| unusable(error.to_string()))?;
    if !metadata.is_file() || metadata.len() > LARGEST_BYTES {
        return Err(unusable("it is not a file of up to 1 MiB".to_owned()));
    }
    let mut text = String::new();
    file.take(LARGEST_BYTES).read_to_string(&mut text).map_err(|error| unusable(error.to_string()))?;
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn given(pairs: &[(&str, &str)]) -> Given {
        Some(values(pairs))
    }

    #[test]
    fn what_the_owner_wrote_stays_and_the_command_wins_over_it() {
        assert_eq!(content(Some("A=1\n"), &given(&[])), None);
        assert_eq!(content(Some("A=1\n"), &None), None);
        let first = content(Some("# mine\nA=1"), &given(&[("A", "it's $5"), ("B", "2")])).unwrap();
        assert!(first.starts_with("# mine\nA=1\n"), "{first}");
        let second = content(Some(&first), &given(&[("B", "3")])).unwrap();
        assert!(second.starts_with("# mine\nA=1\n") && !second.contains("it's"), "{second}");
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".env"), &first).unwrap();
        assert_eq!(of(folder.path(), &None).unwrap(), values(&[("A", "it's $5"), ("B", "2")]));
        assert_eq!(of(folder.path(), &given(&[("C", "4")])).unwrap(), values(&[("A", "1"), ("C", "4")]));
        assert_eq!(of(folder.path(), &given(&[])).unwrap(), values(&[("A", "1")]));
        assert_eq!(content(Some(&first), &given(&[])).as_deref(), Some("# mine\nA=1\n"));
    }

    #[test]
    fn a_link_in_its_place_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(of(folder.path(), &None).unwrap(), values(&[]));
        std::os::unix::fs::symlink("/etc/hostname", folder.path().join(".env")).unwrap();
        assert_eq!(of(folder.path(), &None).unwrap_err().code, "invalid-file");
    }
}
