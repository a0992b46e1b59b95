//! Makes the fixes of findings, and prints what they change.

use std::{
    collections::HashSet,
    io::{self, Write},
    path::Path,
    sync::Arc,
};

use anyhow::bail;
use domain::{
    check::{Finding, Report, Settings, Severity, report},
    stack::Stack,
};
use similar::TextDiff;

use super::{fix_merged, look::Checked};
use crate::{complain, edit, write};

/// A fix may bring a finding with another fix, but not for ever.
const MOST_ROUNDS: usize = 50;

/// What the fixes make of a file.
pub struct Fixed {
    pub stack: Stack,
    pub report: Report,
    pub count: usize,
}

/// Whether files are checked each on its own, or merged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Single,
    Merged,
}

/// What the fixes make of the files; `None` for files that stay.
fn all_fixed(files: &[(Checked, Arc<Settings>)], way: Way) -> Vec<Option<Fixed>> {
    if way == Way::Single {
        return files.iter().map(|(checked, settings)| fixed(checked, settings)).collect();
    }
    let all = fix_merged::fixed(files);
    let is_fixed = all.iter().flatten().any(|fixed| fixed.count > 0);
    let is_left = files.iter().any(|(checked, _)| !checked.report.findings.is_empty());
    if is_left && !is_fixed {
        complain(
            "nothing can be fixed in one of these files alone: change them by hand, or check one file without -f",
        );
    }
    all
}

/// Prints what the fixes would change, and returns how many files that is.
pub fn print_differences(files: &[(Checked, Arc<Settings>)], way: Way) -> anyhow::Result<usize> {
    let mut count = 0;
    for ((checked, _), fixed) in files.iter().zip(all_fixed(files, way)) {
        let Some(fixed) = fixed.filter(|fixed| fixed.count > 0) else { continue };
        let (before, after) = (checked.source.text.as_str(), fixed.stack.text());
        let names = new_values(&fixed.stack).iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        if !names.is_empty() {
            complain(&format!("--fix would also write to .env: {names}"));
        }
        count += 1;
        let name = &checked.source.name;
        let difference = TextDiff::from_lines(before, after);
        let text = difference.unified_diff().header(name, name).to_string();
        io::stdout().lock().write_all(text.as_bytes())?;
    }
    Ok(count)
}

/// Makes the fixes in all files. Each one then has the report of its new text.
pub fn fix_all(files: &mut [(Checked, Arc<Settings>)], way: Way) -> anyhow::Result<()> {
    let (mut fixes, mut changed) = (0, 0);
    let all = all_fixed(files, way);
    for ((checked, _), fixed) in files.iter_mut().zip(all) {
        let Some(fixed) = fixed else { continue };
        checked.report = fixed.report.clone();
        if fixed.count == 0 {
            continue;
        }
        save(checked, &fixed)?;
        fixes += fixed.count;
        changed += 1;
        fixed.stack.text().clone_into(&mut checked.source.text);
        if way == Way::Single {
            checked.stack = Some(fixed.stack);
        }
    }
    let plural = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    if changed > 0 {
        let way = if fixes == 1 { "fix" } else { "fixes" };
        complain(&format!("made {fixes} {way} in {}", plural(changed, "file")));
    }
    Ok(())
}

fn save(checked: &Checked, fixed: &Fixed) -> anyhow::Result<()> {
    if checked.is_standard_input {
        bail!("standard input cannot be written: add --diff to print what would change");
    }
    let file = Path::new(&checked.source.name);
    // Before anything is written.
    write::target(file)?;
    let values = new_values(&fixed.stack);
    if !values.is_empty() {
        // First, so that no value is lost.
        let beside = file.with_file_name(".env");
        edit::write_values(&write::target(&beside)?, &values)?;
    }
    write::replace(file, &checked.source.text, fixed.stack.text())
}

pub fn new_values(stack: &Stack) -> Vec<(&str, &str)> {
    stack.values().iter().filter_map(edit::new_value).collect()
}

/// The stack after the fixes, or `None` if there is nothing to change.
fn fixed(checked: &Checked, settings: &Settings) -> Option<Fixed> {
    let first = checked.stack.as_ref()?;
    let mut now = Fixed { stack: first.clone(), report: checked.report.clone(), count: 0 };
    for _ in 0..MOST_ROUNDS {
        let (stack, made) = round(&now);
        if made == 0 {
            break;
        }
        let report = report(&stack, settings);
        // Two fixes that are right alone may be wrong together.
        if errors(&report) > errors(&now.report) {
            break;
        }
        now = Fixed { stack, report, count: now.count + made };
    }
    (now.count > 0 && now.stack.text() != first.text()).then_some(now)
}

/// Makes one fix for each service: a second one may be about an entry that has moved.
fn round(now: &Fixed) -> (Stack, usize) {
    let mut stack = now.stack.clone();
    let mut done: HashSet<Option<&str>> = HashSet::new();
    let mut made = 0;
    for finding in &now.report.findings {
        let service = finding.service.as_deref();
        let Some(fix) = finding.fix.as_ref().or(finding.fix_all.as_ref()) else { continue };
        if done.contains(&service) {
            continue;
        }
        if let Ok(next) = stack.apply(&fix.edit)
            && !next.is_same(&stack)
        {
            stack = next;
            done.insert(service);
            made += 1;
        }
    }
    (stack, made)
}

fn errors(report: &Report) -> usize {
    report.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
}

/// What a fix replaces: the byte range of the text, and the new text. `None` if the fix is not about the text alone.
pub fn replacement(stack: &Stack, finding: &Finding) -> Option<(usize, usize, String)> {
    let next = stack.apply(&finding.fix.as_ref()?.edit).ok()?;
    if !new_values(&next).is_empty() {
        return None;
    }
    let (before, after) = (stack.text(), next.text());
    let same = |(a, b): &(char, char)| a == b;
    let start: usize = before.chars().zip(after.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old, new) = (&before[start..], &after[start..]);
    let end: usize =
        old.chars().rev().zip(new.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    (before != after).then(|| (start, before.len() - end, new[..new.len() - end].to_owned()))
}
