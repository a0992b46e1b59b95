//! The journal: the state of every command, written to disk before it is reported.
//!
//! | state | written | after a crash |
//! |---|---|---|
//! | received | before anything is done | it is run |
//! | started | before the first change | what may be repeated is run again, the rest ends `outcome-unknown` |
//! | finished | with the result, before the report | it is reported again |
//! | reported | when the server has the report, or never accepts it | nothing; a second delivery is answered with the result |
//!
//! A command that has finished is never run again, however often it is delivered.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::api::ReportCommand;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{delivered::Delivered, files};

/// Long enough, because the server repeats a delivery within hours.
const KEPT_DAYS: i64 = 7;
const MOST_ENTRIES: usize = 2_000;
/// Without this limit, a command that always crashes the agent would be started forever.
const MOST_ATTEMPTS: u32 = 10;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    pub command: Delivered,
    pub received_at: DateTime<Utc>,
    /// How often the command was started.
    #[serde(default)]
    pub attempts: u32,
    pub state: State,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum State {
    Received,
    Started { at: DateTime<Utc> },
    Finished { report: Box<ReportCommand> },
    Reported { report: Box<ReportCommand>, at: DateTime<Utc> },
}

/// What to do with an entry that exists when the agent starts, or when its command is delivered again.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    Run {
        resumed: bool,
    },
    /// The command was started and must not be repeated; its effect is unknown.
    GiveUp,
    Report,
    Nothing,
}

impl Entry {
    pub fn next(&self) -> Next {
        match &self.state {
            State::Received => Next::Run { resumed: false },
            State::Started { .. } if self.command.is_repeatable() && self.attempts < MOST_ATTEMPTS => {
                Next::Run { resumed: true }
            }
            State::Started { .. } => Next::GiveUp,
            State::Finished { .. } => Next::Report,
            State::Reported { .. } => Next::Nothing,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Journal {
    folder: PathBuf,
}

impl Journal {
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        files::private_folder(&folder)?;
        Ok(Self { folder })
    }

    /// The path of an entry. `None`: the id is not a valid file name, so no entry can exist.
    fn path(&self, command_id: &str) -> Option<PathBuf> {
        let valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        (!command_id.is_empty() && command_id.len() <= 100 && command_id.bytes().all(valid))
            .then(|| self.folder.join(format!("{command_id}.json")))
    }

    pub fn accepts(&self, command_id: &str) -> bool {
        self.path(command_id).is_some()
    }

    pub fn find(&self, command_id: &str) -> Option<Entry> {
        read(&self.path(command_id)?)
    }

    pub fn write(&self, entry: &Entry) -> io::Result<()> {
        let path = self
            .path(&entry.command.command_id)
            .ok_or_else(|| io::Error::other("this is not a command id"))?;
        files::write(&path, &serde_json::to_vec(entry)?)
    }

    /// All entries, oldest first.
    pub fn all(&self) -> io::Result<Vec<Entry>> {
        let mut entries: Vec<Entry> = Vec::new();
        for file in fs::read_dir(&self.folder)? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                entries.extend(read(&path));
            }
        }
        entries.sort_by_key(|entry| entry.received_at);
        Ok(entries)
    }

    /// Removes reported entries that the server will not deliver again. Reads only files that are old or over the limit: the last
    /// change to a reported entry is its report.
    pub fn sweep(&self, now: DateTime<Utc>) -> io::Result<()> {
        let mut files: Vec<(SystemTime, PathBuf)> = Vec::new();
        for file in fs::read_dir(&self.folder)? {
            let file = file?;
            let path = file.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                files.push((file.metadata()?.modified()?, path));
            }
        }
        files.sort();
        let old = SystemTime::from(now - TimeDelta::days(KEPT_DAYS));
        let mut surplus = files.len().saturating_sub(MOST_ENTRIES);
        for (changed, path) in files {
            if surplus == 0 && changed > old {
                break;
            }
            if matches!(read(&path), Some(Entry { state: State::Reported { .. }, .. })) {
                fs::remove_file(path)?;
                surplus = surplus.saturating_sub(1);
            }
        }
        Ok(())
    }
}

impl Entry {
    /// Removes the parameters: they may contain secrets, and are not needed after the command has ended.
    #[must_use]
    pub fn ended(self, state: State) -> Self {
        Self { command: Delivered { parameters: Value::Null, ..self.command }, state, ..self }
    }
}

/// Renames an invalid file, so that it neither stops the agent nor gets lost.
fn read(path: &Path) -> Option<Entry> {
    let text = files::read(path).ok()??;
    match serde_json::from_str(&text) {
        Ok(entry) => Some(entry),
        Err(error) => {
            tracing::error!("{} is invalid and is set aside: {error}", path.display());
            let _ = fs::rename(path, path.with_extension("broken"));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::agent::ambient;

    fn entry(id: &str, kind: &str, state: State) -> Entry {
        let command = Delivered {
            command_id: id.to_owned(),
            deployment_hash: "h".to_owned(),
            r#type: kind.to_owned().into(),
            parameters: json!({"secret": 1}),
            timeout_seconds: None,
        };
        Entry { command, received_at: ambient::now(), attempts: 0, state }
    }

    fn report() -> Box<ReportCommand> {
        Box::new(ReportCommand {
            command_id: "a".to_owned(),
            deployment_hash: "h".to_owned(),
            status: "completed".to_owned(),
            command_status: None,
            completed_at: ambient::now(),
            started_at: None,
            result: None,
            error: None,
            errors: None,
        })
    }

    #[test]
    fn what_comes_next_depends_on_how_far_it_came_and_whether_it_may_be_repeated() {
        let started = || State::Started { at: ambient::now() };
        assert_eq!(entry("a", "exec", State::Received).next(), Next::Run { resumed: false });
        assert_eq!(entry("a", "deploy_stack", started()).next(), Next::Run { resumed: true });
        for kind in ["exec", "remove_stack", "stacker.remove_app", "a_free_type"] {
            assert_eq!(entry("a", kind, started()).next(), Next::GiveUp, "{kind}");
        }
        assert_eq!(entry("a", "exec", State::Finished { report: report() }).next(), Next::Report);
        assert_eq!(
            entry("a", "exec", State::Reported { report: report(), at: ambient::now() }).next(),
            Next::Nothing
        );
    }

    #[test]
    fn entries_are_read_back_and_broken_ones_are_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path().join("journal")).unwrap();
        journal.write(&entry("cmd_1", "health", State::Received)).unwrap();
        fs::write(folder.path().join("journal/cmd_2.json"), "{half").unwrap();
        assert_eq!(journal.all().unwrap().len(), 1);
        assert_eq!(journal.find("cmd_1").unwrap().next(), Next::Run { resumed: false });
        assert!(journal.find("cmd_2").is_none() && journal.find("../credentials").is_none());
        assert!(!journal.accepts("../x") && !journal.accepts(""));
    }

    #[test]
    fn only_what_was_reported_long_ago_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path().to_owned()).unwrap();
        let long_ago = ambient::now() - TimeDelta::days(KEPT_DAYS + 1);
        journal.write(&entry("old", "health", State::Reported { report: report(), at: long_ago })).unwrap();
        journal
            .write(&entry("new", "health", State::Reported { report: report(), at: ambient::now() }))
            .unwrap();
        journal.write(&entry("unsaid", "health", State::Finished { report: report() })).unwrap();
        for id in ["old", "unsaid"] {
            let file =
                fs::File::options().write(true).open(folder.path().join(format!("{id}.json"))).unwrap();
            file.set_modified(long_ago.into()).unwrap();
        }
        journal.sweep(ambient::now()).unwrap();
        let left: Vec<String> =
            journal.all().unwrap().into_iter().map(|entry| entry.command.command_id).collect();
        assert_eq!(left.len(), 2);
        assert!(!left.contains(&"old".to_owned()));
    }
}
