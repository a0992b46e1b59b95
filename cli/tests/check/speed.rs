//! A thousand files are checked in one run.

use std::time::{Duration, Instant};

use super::*;

#[test]
fn a_thousand_files_are_checked_at_once() {
    let folder = Folder::new();
    for number in 0..1_000 {
        folder.write(&format!("{}/app{number}/compose.yaml", number % 20), CONFLICT);
    }
    let begin = Instant::now();
    let ran = folder.check(&["--format", "json", "."]);
    let took = begin.elapsed();
    println!("1,000 files in {} ms", took.as_millis());
    assert_eq!(ran.json()["errors"], 1_000);
    // A release build takes a fraction of a second; a debug build on a busy machine must end, too.
    assert!(took < Duration::from_secs(30), "{took:?}");
}
