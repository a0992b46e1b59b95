//! After any edits, nothing has changed as Compose sees it except what was intended.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use domain::{
    check::{Basis, Severity, check},
    stack::{Edit, Stack},
};
use serde_json::Value;

use crate::{
    edits::{self, Walk},
    expected::{blurred, expected, unexpected, uniform},
    files,
    opinion::AS_WRITTEN,
    program::{Answer, Program},
    times,
};

/// How many edits are compared in every run of the tests.
const EDITS: usize = 300;

#[test]
fn an_edit_changes_nothing_else_for_compose() {
    let edits = times("STACKER_DIFFERENTIAL_EDITS", EDITS);
    run(edits, edits::seed());
}

/// The long form, with other edits in each run: `STACKER_DIFFERENTIAL_SEED` repeats one.
#[test]
#[ignore = "takes minutes; scripts/bench.sh runs it"]
#[expect(clippy::disallowed_methods, reason = "a seed that differs in every run; it is printed")]
fn thousands_of_edits_change_nothing_else_for_compose() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let seed = match std::env::var("STACKER_DIFFERENTIAL_SEED") {
        Ok(_) => edits::seed(),
        Err(_) => now.as_secs(),
    };
    run(times("STACKER_DIFFERENTIAL_EDITS", 3_000), seed);
}

fn run(edits: usize, seed: u64) {
    let Some(program) = Program::find() else { return };
    let begin = Instant::now();
    let mut all = files::cases();
    all.extend(files::corpus());
    let walks = edits::walks(&all, edits, seed);
    let (compared, wrong) = compare_all(&program, &walks);
    let seconds = begin.elapsed().as_secs_f32();
    println!("{compared} edits in {seconds:.1} s, seed {seed}, {} with an unintended change", wrong.len());
    if let Some(file) = std::env::var_os("BENCH_JSON") {
        let figures = serde_json::json!({"edits": compared, "unintended": wrong.len(), "seconds": seconds, "seed": seed});
        std::fs::write(file, figures.to_string()).unwrap();
    }
    assert!(compared * 2 > edits, "only {compared} of {edits} edits could be compared");
    assert!(wrong.is_empty(), "seed {seed}:\n{}", wrong.join("\n"));
}

/// How many edits were compared, and what is wrong. Each walk is compared on one processor, so that what Compose says
/// about the text after an edit also serves as the text before the next one.
fn compare_all(program: &Program, walks: &[Walk]) -> (usize, Vec<String>) {
    let (next, compared, wrong) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(Vec::new()));
    let workers = thread::available_parallelism().map_or(1, |count| count.get());
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(walk) = walks.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (count, stories) = compare_walk(program, walk);
                    compared.fetch_add(count, Ordering::Relaxed);
                    wrong.lock().unwrap().extend(stories);
                }
            });
        }
    });
    (compared.into_inner(), wrong.into_inner().unwrap())
}

fn compare_walk(program: &Program, walk: &Walk) -> (usize, Vec<String>) {
    let (mut count, mut wrong) = (0, Vec::new());
    let mut last = meant(program, &walk.start);
    let mut before = &walk.start;
    for (edit, after) in &walk.steps {
        let meaning = meant(program, after);
        if let Ok(was) = &last {
            count += 1;
            let story = match &meaning {
                Ok(is) => change(before, edit, was, is),
                Err(reason) => (!has_error(after)).then(|| format!("Compose rejects it now: {reason}")),
            };
            wrong.extend(story.map(|story| {
                format!(
                    "{}: {}: {story}\n{}",
                    walk.name,
                    serde_json::to_string(edit).unwrap(),
                    shown(before, after)
                )
            }));
        }
        (last, before) = (meaning, after);
    }
    (count, wrong)
}

fn meant(program: &Program, stack: &Stack) -> Result<Value, String> {
    match program.config(stack.text(), &[], &AS_WRITTEN) {
        Answer::Accepted(document) => Ok(uniform(document)),
        Answer::Rejected(reason) => Err(reason),
    }
}

fn change(before: &Stack, edit: &Edit, was: &Value, is: &Value) -> Option<String> {
    match (edit, expected(before, edit)) {
        (_, Some(expected)) => unexpected(was, is, &expected),
        (Edit::RenameService { service, to, .. }, None) => {
            let names = [service.as_str(), to.as_str()];
            unexpected(&blurred(was, &names), &blurred(is, &names), &[])
        }
        _ => None,
    }
}

fn has_error(stack: &Stack) -> bool {
    check(stack).iter().any(|finding| finding.severity == Severity::Error && finding.basis == Basis::Compose)
}

/// The lines that an edit changes.
fn shown(before: &Stack, after: &Stack) -> String {
    similar::TextDiff::from_lines(before.text(), after.text()).unified_diff().context_radius(3).to_string()
}
