//! Resolves symbolic links in a path, also when its last part does not exist yet.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Component, Path, PathBuf},
};

/// The kernel's limit of symbolic links in one path.
const MOST_LINKS: usize = 40;

/// The path without symbolic links. `None`: it cannot be resolved.
pub fn real_path(path: &str) -> Option<String> {
    let mut left: Vec<PathBuf> = vec![PathBuf::from(path)];
    let mut real = PathBuf::from("/");
    let mut links = 0;
    if !path.starts_with('/') {
        return None;
    }
    while let Some(next) = left.pop() {
        let mut components = next.components();
        let Some(first) = components.next() else { continue };
        let rest = components.as_path();
        if rest.components().next().is_some() {
            left.push(rest.to_owned());
        }
        match first {
            Component::RootDir => real = PathBuf::from("/"),
            Component::CurDir => {}
            Component::ParentDir => drop(real.pop()),
            Component::Prefix(_) => return None,
            Component::Normal(name) => {
                let candidate = real.join(name);
                match fs::symlink_metadata(&candidate) {
                    Ok(metadata) if metadata.file_type().is_symlink() => {
                        links += 1;
                        if links > MOST_LINKS {
                            return None;
                        }
                        left.push(fs::read_link(&candidate).ok()?);
                    }
                    Ok(_) => real = candidate,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => real = candidate,
                    Err(_) => return None,
                }
            }
        }
    }
    real.to_str().map(str::to_owned)
}

/// Readable for programs in containers, which usually do not run as root. The private parent folder excludes other users of the
/// host.
const MODE: u32 = 0o755;

/// Creates a folder below `root` without following symbolic links on the way: a container may have planted them.
pub fn make_folder(root: &Path, path: &Path) -> io::Result<()> {
    let below = path.strip_prefix(root).map_err(|_| io::Error::other("it is outside of the folder"))?;
    let mut at = root.to_owned();
    for part in below.components() {
        let Component::Normal(name) = part else { return Err(io::Error::other("it is not a plain path")) };
        at.push(name);
        match fs::symlink_metadata(&at) {
            // A mount may also name an existing file, so a file is accepted like a folder.
            Ok(metadata) if !metadata.file_type().is_symlink() => {}
            Ok(_) => return Err(io::Error::other(format!("{} is a symbolic link", at.display()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir(&at)?;
                // Sets the mode explicitly, so that it does not depend on the agent's umask.
                fs::set_permissions(&at, fs::Permissions::from_mode(MODE))?;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_are_followed_wherever_they_stand_and_rings_have_no_end() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("a/b")).unwrap();
        symlink("/etc", root.join("a/evil")).unwrap();
        symlink("../a/b", root.join("a/inner")).unwrap();
        symlink("/nowhere/at/all", root.join("a/dangling")).unwrap();
        symlink("ring", root.join("ring")).unwrap();
        let real = |path: &str| real_path(root.join(path).to_str().unwrap());
        assert_eq!(real("a/evil/passwd").as_deref(), Some("/etc/passwd"));
        assert_eq!(real("a/dangling/x").as_deref(), Some("/nowhere/at/all/x"));
        assert_eq!(real("a/inner/new/deep"), Some(format!("{}/a/b/new/deep", root.display())));
        assert_eq!(real("ring/x"), None);
        assert_eq!(real_path("a"), None);
    }

    #[test]
    fn folders_are_not_made_through_links() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        make_folder(&root, &root.join("x/y")).unwrap();
        assert_eq!(fs::metadata(root.join("x/y")).unwrap().permissions().mode() & 0o777, 0o755);
        symlink("/tmp", root.join("evil")).unwrap();
        assert!(make_folder(&root, &root.join("evil/z")).is_err());
        assert!(make_folder(&root, Path::new("/tmp/z")).is_err());
    }
}
