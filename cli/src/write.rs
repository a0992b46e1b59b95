//! Replaces a file as a whole: a reader sees either the old text or the new one, also after a crash.

use std::{
    fs::{self, File},
    io::Write,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

/// Replaces the text of a file that had the text `before` when it was read. The file keeps its permissions and, if possible, its
/// owner. A symbolic link stays one; see [`target`].
pub fn replace(path: &Path, before: &str, text: &str) -> anyhow::Result<()> {
    let cannot = || format!("cannot write {}", path.display());
    let target = target(path)?;
    let old = fs::metadata(&target).with_context(cannot)?;
    if !old.is_file() {
        bail!("cannot write {}: it is not a file", path.display());
    }
    let folder = target.parent().with_context(cannot)?;
    let mut file = tempfile::Builder::new().prefix(".stacker-").tempfile_in(folder).with_context(cannot)?;
    let new = file.as_file().metadata().with_context(cannot)?;
    if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
        // Only root may give a file away. Otherwise it belongs to the user who replaces it.
        let _ = chown(file.path(), Some(old.uid()), Some(old.gid()));
    }
    file.write_all(text.as_bytes()).with_context(cannot)?;
    file.as_file().set_permissions(old.permissions()).with_context(cannot)?;
    file.as_file().sync_all().with_context(cannot)?;
    if fs::read(&target).with_context(cannot)? != before.as_bytes() {
        bail!("{} has changed meanwhile; nothing is written", path.display());
    }
    file.persist(&target).map_err(|error| error.error).with_context(cannot)?;
    // The new name is only kept once the folder is written too.
    File::open(folder).and_then(|folder| folder.sync_all()).with_context(cannot)
}

/// The file behind a path. A link that leads out of its folder is refused, because a change there would be a surprise.
pub fn target(path: &Path) -> anyhow::Result<PathBuf> {
    let cannot = || format!("cannot write {}", path.display());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = fs::canonicalize(folder).with_context(cannot)?;
    if fs::symlink_metadata(path).is_err() {
        return Ok(folder.join(path.file_name().with_context(cannot)?));
    }
    let target = fs::canonicalize(path).with_context(cannot)?;
    if !target.starts_with(&folder) {
        bail!(
            "cannot write {}: it is a link to {}, outside its folder. Name that file to change it",
            path.display(),
            target.display()
        );
    }
    Ok(target)
}
