//! What Compose has answered before. Its answer follows from the program and from what it is asked, and starting it is what takes the
//! time here, so the same question is asked once per machine. What we say is computed and compared in every run.
//!
//! `rm -r "$CARGO_TARGET_DIR/tmp/differential/answers"` makes all questions new. (Only a compose file that reads files of the machine by
//! absolute paths could be answered in another way then.)

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};

/// With more than this, all are asked again: most belong to texts that nobody compares any more.
const MOST: usize = 50_000;

/// So that tests that run at the same time write files of their own.
static WRITTEN: AtomicUsize = AtomicUsize::new(0);

pub struct Answers {
    folder: PathBuf,
}

impl Answers {
    pub fn open(folder: PathBuf) -> Self {
        if fs::read_dir(&folder).is_ok_and(|entries| entries.count() > MOST) {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    /// The answer to the question, which names everything that it depends on: what the program prints, or why it refuses.
    pub fn to(
        &self,
        question: &Value,
        ask: impl FnOnce() -> Result<String, String>,
    ) -> Result<String, String> {
        let mut hash = DefaultHasher::new();
        question.to_string().hash(&mut hash);
        let path = self.folder.join(format!("{:016x}.json", hash.finish()));
        let kept = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        // The whole question is compared: two may have one hash.
        if let Some(kept) = kept.filter(|kept| kept["question"] == *question) {
            let text = |key: &str| kept[key].as_str().map(str::to_owned);
            return text("printed").ok_or_else(|| text("refused").unwrap_or_default());
        }
        let answer = ask();
        let kept = match &answer {
            Ok(printed) => json!({"question": question, "printed": printed}),
            Err(reason) => json!({"question": question, "refused": reason}),
        };
        // Put in place as a whole, because another test may read it now.
        let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let new = self.folder.join(format!("{}-{number}.new", std::process::id()));
        fs::write(&new, kept.to_string()).unwrap();
        fs::rename(new, path).unwrap();
        answer
    }
}

#[test]
fn a_question_is_asked_once_and_another_one_is_asked_too() {
    let folder = std::env::temp_dir().join(format!("stacker-answers-{}", std::process::id()));
    let answers = Answers::open(folder.clone());
    let (yes, no) = (|| Ok("yes".to_owned()), || Err("no".to_owned()));
    assert_eq!(answers.to(&json!(["a"]), yes), yes());
    assert_eq!(answers.to(&json!(["a"]), no), yes());
    assert_eq!(answers.to(&json!(["b"]), no), no());
    assert_eq!(answers.to(&json!(["b"]), yes), no());
    fs::remove_dir_all(folder).unwrap();
}
