//! `data_dir`: the folder of the private database, the key ring and other files of the server.

use std::path::{Path, PathBuf};

use super::{
    fields::{Fields, Key},
    sources::Sources,
    values::text,
};

const DATA_DIR: Key = Key::new("data_dir", "the path of a folder").or_variable("STACKER_DATA_DIR");

pub(super) fn read(fields: &mut Fields, sources: &Sources) -> PathBuf {
    let set = fields.read(DATA_DIR, text).map(PathBuf::from);
    let folder = set.unwrap_or_else(|| default(sources, rustix::process::geteuid().is_root()));
    // The path must be absolute, because PostgreSQL changes its working directory.
    std::path::absolute(&folder).unwrap_or(folder)
}

/// `/var/lib/stacker` for root, otherwise `stacker` in the user's data directory.
fn default(sources: &Sources, root: bool) -> PathBuf {
    if root {
        return PathBuf::from("/var/lib/stacker");
    }
    let user_data = sources.variable("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let home = sources.variable("HOME").map(|home| Path::new(home).join(".local/share"));
    user_data.or(home).unwrap_or_else(|| PathBuf::from("/var/tmp")).join("stacker")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_and_users_each_have_their_place() {
        let user = Sources::default().with_variable("HOME", "/home/ada");
        assert_eq!(default(&user, true), Path::new("/var/lib/stacker"));
        assert_eq!(default(&user, false), Path::new("/home/ada/.local/share/stacker"));
        let elsewhere = user.with_variable("XDG_DATA_HOME", "/data/ada");
        assert_eq!(default(&elsewhere, false), Path::new("/data/ada/stacker"));
    }
}
