//! Compares what we say about compose files with what Compose itself says.
//!
//! The program is `docker-compose` of the version that `scripts/setup/compose-reference.sh` installs. It is asked about the
//! real files in `../shared/corpus`, about `domain/tests/cases`, and about such files after edits. Without the
//! program, or without the corpus, the test says so and leaves that part out. What it has answered before is kept (`answers`).
//!
//! - What Compose rejects has an error. What it accepts has no error on the basis of Compose.
//! - What `stacker render` prints has the same meaning as the file.
//! - After an edit, Compose still reads the file, and nothing has changed for it except what was intended.
//! - Several files merge into what Compose makes of them.
//! - A file whose variables were replaced says what it said with their values.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod answers;
mod edits;
mod expected;
mod files;
mod filling;
mod merging;
mod opinion;
mod program;
mod score;
mod unchanged;

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Instant,
};

use files::File;
use opinion::{Outcome, compare, compare_edited};
use program::Program;
use score::Score;

/// How many edits are tried. They are the same in every run.
const EDITS: usize = 300;

#[test]
fn files_are_read_as_compose_reads_them() {
    let Some(program) = Program::find() else { return };
    let begin = Instant::now();
    let mut files = files::cases();
    files.extend(files::corpus());
    let edits = edits::edited(&files, times("STACKER_DIFFERENTIAL_EDITS", EDITS));
    let mut score = Score::default();
    each(&files, &|file| compare(&program, file), &mut score);
    each(&edits, &|file| compare_edited(&program, file), &mut score);
    println!("{score}\n{} files in {:.1} s", files.len() + edits.len(), begin.elapsed().as_secs_f32());
    assert!(score.is_perfect(), "Compose and we disagree:\n{}", score.disagreements());
}

/// Compares all files, on all processors.
fn each(files: &[File], compare: &(dyn Fn(&File) -> Outcome + Sync), score: &mut Score) {
    let (next, all) = (AtomicUsize::new(0), Mutex::new(score));
    let workers = thread::available_parallelism().map_or(1, |count| count.get());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = compare(file);
                    all.lock().unwrap().add(file, outcome);
                }
            });
        }
    });
}

/// A count that an environment variable can raise for a longer run.
fn times(variable: &str, usual: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}
