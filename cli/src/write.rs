//! Writes files that exist, as a whole or not at all.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

/// Replaces the text of a file that had the text `before` when it was read. The file keeps its mode.
pub fn replace(path: &Path, before: &str, text: &str) -> anyhow::Result<()> {
    let cannot = || format!("cannot write {}", path.display());
    let target = target(path)?;
    let folder = target.parent().with_context(cannot)?;
    let mut file = tempfile::Builder::new().prefix(".stacker-").tempfile_in(folder).with_context(cannot)?;
    file.write_all(text.as_bytes()).with_context(cannot)?;
    let mode = fs::metadata(&target).with_context(cannot)?.permissions();
    file.as_file().set_permissions(mode).with_context(cannot)?;
    file.as_file().sync_all().with_context(cannot)?;
    if fs::read(&target).with_context(cannot)? != before.as_bytes() {
        bail!("{} has changed meanwhile; nothing is written", path.display());
    }
    file.persist(&target).map_err(|error| error.error).with_context(cannot)?;
    Ok(())
}

/// The file behind a path. A link that leads out of its folder is refused: nobody expects a change there.
pub fn target(path: &Path) -> anyhow::Result<PathBuf> {
    let cannot = || format!("cannot write {}", path.display());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = fs::canonicalize(folder).with_context(cannot)?;
    if fs::symlink_metadata(path).is_err() {
        return Ok(folder.join(path.file_name().with_context(cannot)?));
    }
    let target = fs::canonicalize(path).with_context(cannot)?;
    if !target.starts_with(&folder) {
        bail!("{} is a link to {}: name that file to change it", path.display(), target.display());
    }
    Ok(target)
}
