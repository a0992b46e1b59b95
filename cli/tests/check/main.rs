//! `stacker check` as users, hooks and pipelines run it.
#![expect(clippy::unwrap_used, reason = "a test that cannot start the program fails")]

mod files;
mod fixing;
mod formats;
mod merging;
mod settings;
mod shells;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// An empty folder that tests fill with files. It counts as the root of a repository.
struct Folder {
    _kept: tempfile::TempDir,
    path: PathBuf,
}

impl Folder {
    fn new() -> Self {
        let kept = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let path = kept.path().to_owned();
        fs::create_dir(path.join(".git")).unwrap();
        Self { _kept: kept, path }
    }

    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self::new();
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path.join(name)).unwrap()
    }

    fn check(&self, arguments: &[&str]) -> Ran {
        self.stacker(&[&["check"], arguments].concat(), "")
    }

    fn stacker(&self, arguments: &[&str], input: &str) -> Ran {
        run_in(&self.path, arguments, input)
    }
}

/// What a run has printed, and its exit code.
struct Ran {
    out: String,
    err: String,
    code: i32,
}

impl Ran {
    fn json(&self) -> serde_json::Value {
        assert!(!self.out.is_empty(), "{}", self.err);
        serde_json::from_str(&self.out).unwrap()
    }

    /// The codes of the findings of one file.
    fn codes(&self) -> Vec<String> {
        let json = self.json();
        let findings = json["findings"].as_array().unwrap();
        findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
    }
}

fn run_in(folder: &Path, arguments: &[&str], input: &str) -> Ran {
    let mut child = command(folder, arguments).stdin(Stdio::piped()).spawn().unwrap();
    // Fails if the program ends without reading its input.
    let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes());
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { out: text(stdout), err: text(stderr), code: status.code().unwrap() }
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stacker"));
    command.args(arguments).current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env_remove("COMPOSE_FILE").env_remove("COMPOSE_PATH_SEPARATOR");
    command
}

const FINE: &str = "services:\n  web:\n    image: nginx:1.27\n";
const UNPINNED: &str = "services:\n  web:\n    image: nginx\n";
const CONFLICT: &str = "services:\n  web:\n    image: nginx:1.27\n    ports:\n      - \"8080:80\" # the shop\n  api:\n    image: httpd:2.4\n    ports:\n      - \"8080:80\"\n";
