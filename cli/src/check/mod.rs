//! `stacker check`: prints the findings for compose files, or makes their fixes.
//!
//! - `args.rs` holds the arguments, `inputs.rs` finds the files, `settings.rs` the settings of each file
//! - `look.rs` checks one input; this file checks them all
//! - `format` has one file for each way of printing the findings
//! - `fix.rs` makes fixes and prints differences, `fix_merged.rs` finds those of merged files

pub mod args;
mod fix;
mod fix_merged;
mod format;
mod inputs;
mod look;
mod settings;

use std::{
    collections::BTreeMap,
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use domain::check::{Settings, Severity};

use crate::{complain, exit_status::ExitStatus, source};
use args::CheckArguments;
use fix::Way;
use format::{Counts, Outcome};
use inputs::{Input, Inputs};
use look::{Checked, Reading};
use settings::SettingsFinder;

/// More threads wait for the disk.
const MOST_THREADS: usize = 8;

pub fn run(arguments: &CheckArguments) -> anyhow::Result<ExitStatus> {
    let mut finder = SettingsFinder::new(arguments)?;
    let inputs = Inputs::of(arguments)?;
    let reading =
        Reading { stdin_name: arguments.stdin_name.as_deref(), values: values(&arguments.env_file)? };
    let mut asked = Vec::with_capacity(inputs.list.len());
    for input in inputs.list {
        let first = match input.files.first().map(String::as_str) {
            Some("-") | None => arguments.stdin_name.as_deref().unwrap_or("-"),
            Some(file) => file,
        };
        let settings = finder.of_file(first)?;
        asked.push((input, settings));
    }
    let mut unread = 0;
    let mut files = Vec::with_capacity(asked.len());
    for (outcome, (_, settings)) in look_at_all(&reading, &asked).into_iter().zip(&asked) {
        match outcome {
            Ok(checked) => files.extend(checked.into_iter().map(|checked| (checked, settings.clone()))),
            Err(error) if asked.len() == 1 => return Err(error),
            Err(error) => {
                complain(&format!("{error:#}"));
                unread += 1;
            }
        }
    }
    // Merged files are the only input.
    let is_merged = asked.iter().any(|(input, _)| input.files.len() > 1);
    let way = if is_merged { Way::Merged } else { Way::Single };
    if arguments.diff {
        let changes = fix::print_differences(&files, way)?;
        let counts = Counts::of(files.iter().map(|(checked, _)| checked));
        return Ok(status(arguments, &counts, unread, changes > 0));
    }
    if arguments.fix {
        fix::fix_all(&mut files, way)?;
    }
    let files: Vec<Checked> = files.into_iter().map(|(checked, _)| checked).collect();
    let outcome = Outcome {
        counts: Counts::of(&files),
        files: &files,
        several: inputs.several,
        show_suppressed: arguments.show_suppressed,
        rules_url: arguments.rules_url.as_deref(),
    };
    if !files.is_empty() {
        let text = format::print(arguments.format, &outcome)?;
        io::stdout().lock().write_all(text.as_bytes())?;
    }
    Ok(status(arguments, &outcome.counts, unread, false))
}

fn status(arguments: &CheckArguments, counts: &Counts, unread: usize, changes: bool) -> ExitStatus {
    let too_many = arguments.max_warnings.is_some_and(|most| counts.of_severity(Severity::Warning) > most);
    if unread > 0 {
        ExitStatus::CannotRead
    } else if counts.of_severity(Severity::Error) > 0 || too_many || changes {
        ExitStatus::Errors
    } else {
        ExitStatus::Fine
    }
}

/// The values of all files, the last one of a name counts. `None` without files.
fn values(files: &[String]) -> anyhow::Result<Option<BTreeMap<String, String>>> {
    if files.is_empty() {
        return Ok(None);
    }
    let mut all = BTreeMap::new();
    for file in files {
        all.extend(source::read_values(file)?);
    }
    Ok(Some(all))
}

/// Checks the inputs on all processors, and answers in their order.
fn look_at_all(reading: &Reading<'_>, asked: &[(Input, Arc<Settings>)]) -> Vec<anyhow::Result<Vec<Checked>>> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS).min(asked.len());
    if threads < 2 {
        return asked.iter().map(|(input, settings)| reading.look(input, settings)).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some((input, settings)) = asked.get(at) else { return done };
            done.push((at, reading.look(input, settings)));
        }
    };
    let done = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().filter_map(|worker| worker.join().ok()).flatten().collect::<Vec<_>>()
    });
    let lost = || Err(anyhow::anyhow!("a file could not be checked"));
    let mut outcomes: Vec<_> = asked.iter().map(|_| lost()).collect();
    for (at, outcome) in done {
        outcomes[at] = outcome;
    }
    outcomes
}
