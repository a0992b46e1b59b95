//! `logs`: oldest line first, with a cursor for the next call.
//!
//! The cursor is the time of the last line in nanoseconds, and the number of lines with exactly that time already returned.

use std::time::Duration;

use bollard::{container::LogOutput, query_parameters::LogsOptions};
use chrono::{DateTime, Utc};
use futures::StreamExt;
use serde_json::{Value, json};

use super::{health::head, parameters, target::Target};
use crate::agent::{engine::containers::Container, failure::Failure, redact::redact, work::Work};

const LONGEST_LINE: usize = 8 * 1024;
/// Limit for all lines together, because servers limit the size of a report.
const MOST_BYTES: usize = 400 * 1024;
/// Limit of the lines that are read, in case a container has written a lot since the cursor.
const MOST_LOOKED_AT: usize = 50_000;
/// How many lines with the same time a cursor can skip.
const MOST_OF_ONE_MOMENT: usize = 1_000;

struct Line {
    at: DateTime<Utc>,
    stream: &'static str,
    message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cursor {
    nanos: i64,
    given: usize,
}

pub async fn run(work: &Work) -> Result<Value, Failure> {
    let target = Target::find(work).await?;
    let limit = usize::try_from(parameters::number(work, "limit", 400, 1, 1000)).unwrap_or(400);
    let cursor = parameters::text(work, "cursor").and_then(read_cursor);
    let mut lines = Vec::new();
    for container in &target.containers {
        let read = collect(&target, container, options(work, cursor, limit), cursor, limit);
        let read = tokio::select! {
            () = work.cancel.cancelled() => return Err(Failure::cancelled()),
            read = tokio::time::timeout(Duration::from_secs(60), read) => read,
        };
        lines.extend(read.map_err(|_| Failure::new("engine", "the engine did not give the lines in time"))??);
    }
    lines.sort_by_key(|line| line.at);
    let skipped = skip_given(&mut lines, cursor);
    let truncated = lines.len() > limit;
    if truncated && cursor.is_none() {
        // Without a cursor, the command returns the newest lines; with one, the next lines.
        lines.drain(..lines.len() - limit);
    }
    lines.truncate(limit);
    let truncated = within_budget(&mut lines, cursor.is_none()) || truncated;
    let next = next_cursor(&lines, cursor, skipped);
    let hides = parameters::flag(work, "redact", true);
    let lines: Vec<Value> = lines
        .into_iter()
        .map(|line| {
            let (message, redacted) = if hides { redact(&line.message) } else { (line.message, false) };
            json!({"ts": line.at, "stream": line.stream, "message": message, "redacted": redacted})
        })
        .collect();
    let mut result = head(work, "logs", &target.app_code);
    result["cursor"] = next.into();
    result["truncated"] = truncated.into();
    result["lines"] = lines.into();
    Ok(result)
}

fn options(work: &Work, cursor: Option<Cursor>, limit: usize) -> LogsOptions {
    let streams =
        work.command.parameters.get("streams").and_then(Value::as_array).filter(|list| !list.is_empty());
    let wanted = |name: &str| streams.is_none_or(|list| list.iter().any(|stream| stream == name));
    LogsOptions {
        stdout: wanted("stdout"),
        stderr: wanted("stderr"),
        timestamps: true,
        since: cursor.and_then(|cursor| i32::try_from(cursor.nanos / 1_000_000_000).ok()).unwrap_or(0),
        // Reads one line more than the limit, to detect whether there are more.
        tail: if cursor.is_some() { "all".to_owned() } else { (limit + 1).to_string() },
        ..LogsOptions::default()
    }
}

async fn collect(
    target: &Target,
    container: &Container,
    options: LogsOptions,
    cursor: Option<Cursor>,
    limit: usize,
) -> Result<Vec<Line>, Failure> {
    let mut stream = std::pin::pin!(target.engine.docker.logs(&container.id, Some(options)));
    let mut lines = Vec::new();
    let mut looked_at = 0;
    while let Some(output) = stream.next().await {
        let (stream, bytes) = match output? {
            LogOutput::StdErr { message } => ("stderr", message),
            LogOutput::StdOut { message } | LogOutput::Console { message } => ("stdout", message),
            LogOutput::StdIn { .. } => continue,
        };
        for text in String::from_utf8_lossy(&bytes).lines() {
            looked_at += 1;
            let line = read_line(text, stream)
                .filter(|line| cursor.is_none_or(|cursor| nanos(line.at) >= cursor.nanos));
            lines.extend(line);
        }
        if looked_at > MOST_LOOKED_AT || cursor.is_some() && lines.len() > limit + MOST_OF_ONE_MOMENT {
            break;
        }
    }
    Ok(lines)
}

/// Parses a line of the form `2026-01-01T00:00:00.000000000Z text`.
fn read_line(text: &str, stream: &'static str) -> Option<Line> {
    let (time, message) = text.split_once(' ').unwrap_or((text, ""));
    let at = DateTime::parse_from_rfc3339(time).ok()?.with_timezone(&Utc);
    let message: String =
        message.chars().filter(|c| *c == '\t' || !c.is_control()).take(LONGEST_LINE).collect();
    Some(Line { at, stream, message })
}

fn nanos(at: DateTime<Utc>) -> i64 {
    at.timestamp_nanos_opt().unwrap_or(0)
}

fn read_cursor(text: &str) -> Option<Cursor> {
    let (nanos, given) = text.split_once('.').unwrap_or((text, "0"));
    Some(Cursor { nanos: nanos.parse().ok()?, given: given.parse().ok()? })
}

/// Drops lines that were returned before, and returns how many.
fn skip_given(lines: &mut Vec<Line>, cursor: Option<Cursor>) -> usize {
    let Some(cursor) = cursor else { return 0 };
    let of_that_moment = lines.iter().take_while(|line| nanos(line.at) == cursor.nanos).count();
    let skipped = of_that_moment.min(cursor.given);
    lines.drain(..skipped);
    skipped
}

/// Drops lines until the rest is small enough: the oldest lines if `wants_end`, otherwise the newest.
fn within_budget(lines: &mut Vec<Line>, wants_end: bool) -> bool {
    let mut left = MOST_BYTES;
    let mut fits = |line: &&Line| {
        let fits = line.message.len() <= left;
        left = left.saturating_sub(line.message.len() + 80);
        fits
    };
    let kept = if wants_end {
        lines.iter().rev().take_while(|line| fits(line)).count()
    } else {
        lines.iter().take_while(|line| fits(line)).count()
    };
    let dropped = lines.len() - kept;
    if wants_end {
        lines.drain(..dropped);
    } else {
        lines.truncate(kept);
    }
    dropped > 0
}

fn next_cursor(lines: &[Line], cursor: Option<Cursor>, skipped: usize) -> Option<String> {
    let Some(last) = lines.last() else {
        return cursor.map(|cursor| format!("{}.{}", cursor.nanos, cursor.given));
    };
    let last = nanos(last.at);
    let mut given = lines.iter().rev().take_while(|line| nanos(line.at) == last).count();
    if cursor.is_some_and(|cursor| cursor.nanos == last) {
        given += skipped;
    }
    Some(format!("{last}.{given}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(times: &[i64]) -> Vec<Line> {
        times
            .iter()
            .map(|nanos| Line {
                at: DateTime::from_timestamp_nanos(*nanos),
                stream: "stdout",
                message: String::new(),
            })
            .collect()
    }

    #[test]
    fn going_on_from_a_cursor_neither_repeats_nor_leaves_out_lines() {
        let all = [1, 2, 2, 2, 3];
        let mut cursor: Option<String> = Some("0.0".to_owned());
        let mut given = Vec::new();
        for _ in 0..5 {
            let from = cursor.as_deref().and_then(read_cursor);
            let mut rest = lines(&all);
            rest.retain(|line| from.is_none_or(|from| nanos(line.at) >= from.nanos));
            let skipped = skip_given(&mut rest, from);
            rest.truncate(2);
            given.extend(rest.iter().map(|line| nanos(line.at)));
            cursor = next_cursor(&rest, from, skipped);
        }
        assert_eq!(given, all);
        assert_eq!(cursor.as_deref(), Some("3.1"));
    }

    #[test]
    fn a_line_of_the_engine_is_taken_apart() {
        let line = read_line("2026-01-01T00:00:00.5Z a\u{1b}[31mb", "stderr").unwrap();
        assert_eq!((line.stream, line.message.as_str()), ("stderr", "a[31mb"));
        assert!(read_line("no time", "stdout").is_none());
    }
}
