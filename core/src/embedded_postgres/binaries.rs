//! Where PostgreSQL is installed, and which version to use.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::error::EmbeddedPostgresError;

/// Our SQL requires this version or newer.
pub const MINIMUM: u32 = 15;

/// Client packages do not contain these programs.
const SERVER: [&str; 2] = ["postgres", "initdb"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
    major: u32,
}

impl Binaries {
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// The version that created the cluster, or the newest one for a new cluster.
pub fn find(cluster_version: Option<&str>) -> Result<Binaries, EmbeddedPostgresError> {
    choose(installed(&SERVER, "postgres"), cluster_version)
}

/// The folder with these programs in this version, otherwise the one with the newest version.
pub fn with_programs(programs: &[&str], major: u32) -> Option<(PathBuf, u32)> {
    let installed = installed(programs, programs.first()?);
    let best = installed.into_iter().max_by_key(|found| (found.major == major, found.major));
    best.map(|found| (found.folder, found.major))
}

fn choose(
    installed: Vec<Binaries>,
    cluster_version: Option<&str>,
) -> Result<Binaries, EmbeddedPostgresError> {
    let newest = installed.iter().max_by_key(|found| found.major).cloned();
    match (newest, cluster_version) {
        (None, _) => Err(EmbeddedPostgresError::NotInstalled { minimum: MINIMUM }),
        (Some(_), Some(needed)) => {
            let majors: Vec<_> = installed.iter().map(|found| found.major.to_string()).collect();
            installed.into_iter().find(|found| found.major.to_string() == needed).ok_or_else(|| {
                EmbeddedPostgresError::VersionGone { needed: needed.to_owned(), installed: majors.join(", ") }
            })
        }
        (Some(newest), None) if newest.major < MINIMUM => {
            Err(EmbeddedPostgresError::TooOld { newest: newest.major, minimum: MINIMUM })
        }
        (Some(newest), None) => Ok(newest),
    }
}

/// Distributions keep each major version in a folder named after it, outside PATH.
fn installed(programs: &[&str], asked: &str) -> Vec<Binaries> {
    let debian = entries("/usr/lib/postgresql").filter_map(|folder| {
        let major = folder.file_name()?.to_str()?.parse().ok()?;
        Some(Binaries { folder: folder.join("bin"), major })
    });
    let red_hat = entries("/usr").filter_map(|folder| {
        let major = folder.file_name()?.to_str()?.strip_prefix("pgsql-")?.parse().ok()?;
        Some(Binaries { folder: folder.join("bin"), major })
    });
    let found: Vec<_> = debian.chain(red_hat).filter(|found| is_complete(&found.folder, programs)).collect();
    // Asking a binary for its version takes time at every start, so this is done only if no folder names it.
    if found.is_empty() { on_path(programs, asked) } else { found }
}

fn on_path(programs: &[&str], asked: &str) -> Vec<Binaries> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .filter(|folder| is_complete(folder, programs))
        .filter_map(|folder| Some(Binaries { major: version_of(&folder.join(asked))?, folder }))
        .collect()
}

fn is_complete(folder: &Path, programs: &[&str]) -> bool {
    programs.iter().all(|program| folder.join(program).is_file())
}

fn entries(folder: &str) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

fn version_of(program: &Path) -> Option<u32> {
    let output = Command::new(program).arg("--version").output().ok()?;
    major_version(&String::from_utf8(output.stdout).ok()?)
}

/// The major version in `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn major_version(text: &str) -> Option<u32> {
    let version =
        text.split_whitespace().find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    version.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn found(majors: &[u32]) -> Vec<Binaries> {
        majors.iter().map(|major| Binaries { folder: format!("/pg/{major}").into(), major: *major }).collect()
    }

    #[rstest]
    #[case("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some(15))]
    #[case("postgres (PostgreSQL) 18devel\n", Some(18))]
    #[case("postgres (PostgreSQL) 9.6.24\n", Some(9))]
    #[case("command not found", None)]
    fn the_major_version_is_read(#[case] text: &str, #[case] major: Option<u32>) {
        assert_eq!(major_version(text), major);
    }

    #[test]
    fn a_new_cluster_takes_the_newest() {
        assert_eq!(choose(found(&[15, 17, 16]), None).unwrap().major, 17);
    }

    #[test]
    fn a_cluster_that_is_there_keeps_its_version() {
        assert_eq!(choose(found(&[15, 17]), Some("15")).unwrap().major, 15);
        let error = choose(found(&[16, 17]), Some("15")).unwrap_err();
        assert!(error.to_string().contains("install postgresql-15"), "{error}");
    }

    #[test]
    fn none_and_too_old_are_said_with_what_to_do() {
        assert!(choose(vec![], None).unwrap_err().to_string().contains("install PostgreSQL 15 or newer"));
        assert!(choose(found(&[13]), None).unwrap_err().to_string().contains("is 13: install 15 or newer"));
    }

    #[test]
    fn this_machine_has_one() {
        assert!(find(None).unwrap().program("initdb").is_file());
    }
}
