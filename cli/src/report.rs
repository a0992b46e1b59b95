//! Prints findings in the style of a compiler: code and message, place, the line with the place marked, and the fix.

use std::{env, fmt::Write};

use domain::{
    check::{Finding, Severity},
    compose::Position,
};

use crate::source::Source;

/// Longer lines are cut around the place.
const WIDEST: usize = 120;

pub struct Report<'s> {
    pub source: &'s Source,
    pub colours: Colours,
}

#[derive(Clone, Copy)]
pub struct Colours {
    on: bool,
}

impl Colours {
    /// Colours on terminals, unless `NO_COLOR` is set (<https://no-color.org>).
    pub fn wanted(terminal: bool) -> Self {
        Self { on: terminal && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) }
    }

    pub fn paint(self, code: &str, text: &str) -> String {
        if self.on { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

impl Report<'_> {
    pub fn finding(&self, finding: &Finding) -> String {
        let severity = match finding.severity {
            Severity::Error => ("error", "1;31"),
            Severity::Warning => ("warning", "1;33"),
            Severity::Hint => ("hint", "1;36"),
        };
        let fix = finding.fix.as_ref().map(|fix| ("fix", fix.label.as_str()));
        self.message(finding, severity, fix)
    }

    /// A finding that is switched off, and by what.
    pub fn suppressed(&self, finding: &Finding, by: &str) -> String {
        self.message(finding, ("suppressed", "2"), Some(("by", by)))
    }

    fn message(&self, finding: &Finding, (word, colour): (&str, &str), note: Option<(&str, &str)>) -> String {
        let Position { line, column } = finding.position;
        let number = line.to_string();
        let margin = " ".repeat(number.len());
        let bar = self.colours.paint("2", "|");
        let (text, before, marked) = self.excerpt(finding);
        let mut out = String::new();
        let mut say = |line: String| {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{}", line.trim_end());
        };
        say(format!(
            "{}: {}",
            self.colours.paint(colour, &format!("{word}[{}]", finding.code)),
            self.colours.paint("1", &printable(&finding.message))
        ));
        say(format!("{margin}--> {}:{line}:{column}", printable(&self.source.name)));
        say(format!("{margin} {bar}"));
        say(format!("{} {bar} {text}", self.colours.paint("2", &number)));
        say(format!(
            "{margin} {bar} {}{}",
            " ".repeat(before),
            self.colours.paint(colour, &"^".repeat(marked))
        ));
        if let Some((what, text)) = note {
            say(format!("{margin} = {}: {}", self.colours.paint("1", what), printable(text)));
        }
        out
    }

    /// The line of the finding, the number of columns before its place, and the number of columns that the place covers.
    fn excerpt(&self, finding: &Finding) -> (String, usize, usize) {
        let text = &self.source.text;
        let start = finding.place.start.min(text.len());
        let line_start = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let line = text.get(line_start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let before = finding.position.column.saturating_sub(1);
        let marked = finding.place.slice(text).lines().next().unwrap_or_default();
        let covered = marked.chars().take(WIDEST).count().max(1);
        let first = if line.chars().nth(WIDEST).is_some() { before.saturating_sub(WIDEST / 3) } else { 0 };
        let shown: String = line.chars().skip(first).take(WIDEST).collect();
        let width = shown.chars().count();
        let before = (before - first).min(width);
        (printable(&shown), before, covered.min(width.saturating_sub(before).max(1)))
    }
}

/// Replaces control characters, which could steer a terminal. Each character keeps its column.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' => ' ',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}
