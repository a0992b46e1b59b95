//! The docker-compose program that is asked.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};

use crate::answers::Answers;

const VERSION: &str = "2.40.3";

/// So that tests that run at the same time have files of their own.
static CALLS: AtomicUsize = AtomicUsize::new(0);

pub struct Program {
    path: PathBuf,
    /// An empty folder, so that no file beside the compose file exists.
    folder: PathBuf,
    /// Tells this program from another one of the same version.
    identity: String,
    answers: Answers,
}

/// What a run of the program says.
pub enum Answer {
    Accepted(Value),
    /// The last line of the error.
    Rejected(String),
}

impl Program {
    /// The program in the tool folder, as `scripts/environment.sh` names it. Says so when it is missing.
    pub fn find() -> Option<Self> {
        let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let tools = variable("STACKER_TOOLS_DIR").or_else(|| {
            let cache = variable("XDG_CACHE_HOME").or_else(|| Some(variable("HOME")?.join(".cache")))?;
            Some(cache.join("stacker/tools"))
        });
        let path = tools?.join(format!("compose-{VERSION}")).join("docker-compose");
        if !path.is_file() {
            println!(
                "skipped: there is no docker-compose {VERSION} in the tool folder; \
                 scripts/setup/compose-reference.sh installs it where there is one for the processor"
            );
            return None;
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("differential/stack");
        fs::create_dir_all(&folder).unwrap();
        let metadata = fs::metadata(&path).unwrap();
        let identity = format!("{VERSION} {} {:?}", metadata.len(), metadata.modified().unwrap());
        let answers = Answers::open(Path::new(env!("CARGO_TARGET_TMPDIR")).join("differential/answers"));
        Some(Self { path, folder, identity, answers })
    }

    /// The document as Compose reads it, or why it does not.
    pub fn config(&self, text: &str, variables: &[(String, String)], options: &[&str]) -> Answer {
        let question = json!([self.identity, self.folder, text, variables, options]);
        read(self.answers.to(&question, || self.run(&["--file", "-"], text, variables, options)))
    }

    /// The files merged, each one on top of those before it.
    pub fn merged(&self, texts: &[&str], options: &[&str]) -> Answer {
        let question = json!([self.identity, self.folder, {"merged": texts}, options]);
        read(self.answers.to(&question, || self.merge(texts, options)))
    }

    fn merge(&self, texts: &[&str], options: &[&str]) -> Result<String, String> {
        let call = CALLS.fetch_add(1, Ordering::Relaxed);
        let names: Vec<String> = (0..texts.len()).map(|at| format!("merged-{call}-{at}.yml")).collect();
        for (name, text) in names.iter().zip(texts) {
            fs::write(self.folder.join(name), text).unwrap();
        }
        let files: Vec<&str> = names.iter().flat_map(|name| ["--file", name]).collect();
        let answer = self.run(&files, "", &[], options);
        for name in &names {
            fs::remove_file(self.folder.join(name)).unwrap();
        }
        answer
    }

    /// What the program prints, or the last line of its error.
    fn run(
        &self,
        files: &[&str],
        text: &str,
        variables: &[(String, String)],
        options: &[&str],
    ) -> Result<String, String> {
        let mut child = Command::new(&self.path)
            .args(files)
            .args(["config", "--format", "json"])
            .args(options)
            .current_dir(&self.folder)
            .env_clear()
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .env("HOME", &self.folder)
            // Nothing is read from the network.
            .env("COMPOSE_EXPERIMENTAL_GIT_REMOTE", "0")
            .env("COMPOSE_EXPERIMENTAL_OCI_REMOTE", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that has seen enough does not read the rest.
        let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
        let output = child.wait_with_output().unwrap();
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let words = String::from_utf8_lossy(&output.stderr);
        let last = words.lines().rfind(|line| !line.contains("level=warning")).unwrap_or_default();
        Err(last.to_owned())
    }
}

fn read(answer: Result<String, String>) -> Answer {
    match answer {
        Ok(printed) => Answer::Accepted(serde_json::from_str(&printed).unwrap_or_default()),
        Err(reason) => Answer::Rejected(reason),
    }
}
