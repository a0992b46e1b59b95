//! Replaces a file as a whole: whoever reads it sees the old text or the new one, also after a crash.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, chown},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

/// Writes a new text to an existing file. The file keeps its permissions and, if possible, its owner. A symbolic link
/// stays one; the file that it leads to must be in the folder of the link or below.
pub fn replace(file: &str, text: &str) -> anyhow::Result<()> {
    let cannot = || format!("cannot write {file}");
    let path = written_file(Path::new(file)).with_context(cannot)?;
    let new = temporary_name(&path);
    let outcome = write(&path, &new, text).and_then(|()| fs::rename(&new, &path)).and_then(|()| {
        // The new name is only kept once the folder is written too.
        path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    });
    if outcome.is_err() {
        // The error that is reported is the reason; the rest of a file would only be in the way.
        let _ = fs::remove_file(&new);
    }
    outcome.with_context(cannot)
}

/// The file itself, also if the path is a link to it.
fn written_file(path: &Path) -> anyhow::Result<PathBuf> {
    let real = fs::canonicalize(path)?;
    if fs::symlink_metadata(path)?.is_symlink() {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = fs::canonicalize(folder.unwrap_or(Path::new(".")))?;
        if !real.starts_with(&folder) {
            bail!("it is a link to {}, outside its folder", real.display());
        }
    }
    if !real.metadata()?.is_file() {
        bail!("it is not a file");
    }
    Ok(real)
}

/// In the same folder, because a file cannot be renamed to another file system.
fn temporary_name(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.new", std::process::id()))
}

fn write(old: &Path, new: &Path, text: &str) -> io::Result<()> {
    let before = old.metadata()?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(new)?;
    let now = file.metadata()?;
    if (before.uid(), before.gid()) != (now.uid(), now.gid()) {
        // Only root may give a file away. Then it belongs to whoever formats it.
        let _ = chown(new, Some(before.uid()), Some(before.gid()));
    }
    file.write_all(text.as_bytes())?;
    file.set_permissions(before.permissions())?;
    file.sync_all()
}
