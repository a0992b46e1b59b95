//! Files that a command contains for the folder of a stack. They are stored with the revision and installed by `up`. The files
//! that they replace are stored too, so that a return can restore them.

use std::{
    fs::{self, OpenOptions},
    io::{self, Read},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Component, Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use rustix::fs::OFlags;
use serde::{Deserialize, Serialize};

use super::real_path::make_folder;
use crate::agent::{files, stacks::revision::RevisionFiles};

#[derive(Serialize, Deserialize)]
struct Displaced {
    path: String,
    /// Contents in Base64 and mode. `None`: there was no file.
    before: Option<(String, u32)>,
}

/// The path relative to the stack's folder. Legacy agents put the files into `/root/project/`. `None`: the path leads outside.
pub fn below(path: &str) -> Option<PathBuf> {
    let below = path.strip_prefix("/root/project/").or(path.strip_prefix("./")).unwrap_or(path);
    let path = Path::new(below);
    let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    (!below.is_empty() && plain).then(|| path.to_owned())
}

/// Stores the files that [`install`] will replace. Call it only once per deployment: an agent that continues after an
/// interruption would otherwise store the files that it has installed itself.
pub fn remember(project: &Path, revision: &RevisionFiles) -> io::Result<()> {
    let displaced: Vec<Displaced> = revision
        .staged()
        .into_iter()
        .map(|file| Displaced { before: before(&project.join(&file.path)), path: file.path })
        .collect();
    files::write(&revision.displaced(), &serde_json::to_vec(&displaced)?)
}

fn before(path: &Path) -> Option<(String, u32)> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let mut file = OpenOptions::new().read(true).custom_flags(flags).open(path).ok()?;
    let metadata = file.metadata().ok().filter(fs::Metadata::is_file)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).ok()?;
    Some((STANDARD.encode(bytes), metadata.permissions().mode() & 0o777))
}

/// Writes the files into the stack's folder.
pub fn install(project: &Path, revision: &RevisionFiles) -> io::Result<()> {
    for file in revision.staged() {
        write(project, &file.path, file.content.as_bytes(), file.mode)?;
    }
    Ok(())
}

/// Restores what [`remember`] stored.
pub fn put_back(project: &Path, revision: &RevisionFiles) -> io::Result<()> {
    let Some(text) = files::read(&revision.displaced())? else { return Ok(()) };
    let displaced: Vec<Displaced> = serde_json::from_str(&text)?;
    for file in displaced {
        match file.before {
            Some((bytes, mode)) => {
                write(project, &file.path, &STANDARD.decode(bytes).unwrap_or_default(), mode)?;
            }
            None => match fs::remove_file(project.join(&file.path)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            },
        }
    }
    Ok(())
}

fn write(project: &Path, path: &str, bytes: &[u8], mode: u32) -> io::Result<()> {
    let target = project.join(path);
    if let Some(parent) = target.parent() {
        make_folder(project, parent)?;
    }
    files::write_with_mode(&target, bytes, mode)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::stacks::revision::{Extras, StagedFile};

    #[test]
    fn files_come_with_their_mode_and_what_was_there_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("project");
        fs::create_dir(&project).unwrap();
        fs::write(project.join("old.conf"), "old").unwrap();
        let revision = RevisionFiles::at(folder.path().join("1"));
        let staged = |path: &str, mode| StagedFile { path: path.to_owned(), content: "new".to_owned(), mode };
        let both = [staged("old.conf", 0o644), staged("etc/new.conf", 0o640)];
        revision.write("", "", &Extras::default(), &both).unwrap();
        remember(&project, &revision).unwrap();
        install(&project, &revision).unwrap();
        let mode = |path: &str| fs::metadata(project.join(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!(fs::read_to_string(project.join("old.conf")).unwrap(), "new");
        assert_eq!((mode("etc"), mode("etc/new.conf"), mode("old.conf")), (0o755, 0o640, 0o644));
        put_back(&project, &revision).unwrap();
        assert_eq!(fs::read_to_string(project.join("old.conf")).unwrap(), "old");
        assert!(!project.join("etc/new.conf").exists());
    }

    #[test]
    fn a_path_that_leads_out_of_the_folder_is_rejected() {
        assert_eq!(below("/root/project/a/b"), Some(PathBuf::from("a/b")));
        for path in ["/etc/passwd", "../x", "a/../../x", "", "./"] {
            assert_eq!(below(path), None, "{path}");
        }
    }
}
