//! Cuts a pasted text into commands and words, as a shell does. The library `shlex` does the words; what it does not know is
//! done before: several commands, continued lines whose line end was lost in copying, and `$`.

use std::{iter::Peekable, str::Chars};

/// The commands of the text, in words; empty ones are left out. `None` if a quote is open at the end.
///
/// A `$` that the shell would not have expanded becomes `$$`, which is how compose writes a plain `$`.
pub fn commands(text: &str) -> Option<Vec<Vec<String>>> {
    let mut all = vec![String::new()];
    let mut quote = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let at_word_start = all.last().is_none_or(|now| now.is_empty() || now.ends_with(char::is_whitespace));
        if let (None, '\n' | ';' | '|' | '&') = (quote, c) {
            all.push(String::new());
            continue;
        }
        let Some(now) = all.last_mut() else { break };
        match (quote, c) {
            (None, '#') if at_word_start => skip_comment(&mut chars),
            (None, '`' | '^') if matches!(chars.peek(), Some('\r' | '\n')) => skip_line_end(&mut chars),
            (None | Some('"'), '\\') => escaped(now, &mut chars, quote.is_none() && at_word_start),
            (None, '\'' | '"') => {
                quote = Some(c);
                now.push(c);
            }
            (Some(open), c) if open == c => {
                quote = None;
                now.push(c);
            }
            (Some('\''), '$') => now.push_str("$$"),
            _ => now.push(c),
        }
    }
    if quote.is_some() {
        return None;
    }
    let words: Option<Vec<Vec<String>>> = all.iter().map(|command| shlex::split(command)).collect();
    Some(words?.into_iter().filter(|command| !command.is_empty()).collect())
}

/// What follows a backslash.
fn escaped(now: &mut String, chars: &mut Peekable<Chars<'_>>, at_word_start: bool) {
    match chars.peek() {
        None => {}
        Some('\r' | '\n') => skip_line_end(chars),
        // `\` and a space between words: a line that goes on, with a space after its `\` or pasted as one line.
        Some(next) if at_word_start && next.is_whitespace() => {
            while chars.next_if(|c| c.is_whitespace() && *c != '\n').is_some() {}
            chars.next_if_eq(&'\n');
        }
        Some('$') => {
            chars.next();
            now.push_str("$$");
        }
        Some(next) => {
            now.extend(['\\', *next]);
            chars.next();
        }
    }
}

fn skip_line_end(chars: &mut Peekable<Chars<'_>>) {
    chars.next_if_eq(&'\r');
    chars.next_if_eq(&'\n');
}

fn skip_comment(chars: &mut Peekable<Chars<'_>>) {
    while chars.next_if(|c| *c != '\n').is_some() {}
}

/// What the engine is asked to do: the words after `docker`, if the line calls a container engine.
pub fn engine_of(line: &str) -> Option<Vec<&str>> {
    let words: Vec<&str> = line.split_whitespace().collect();
    after_engine(&words).map(<[&str]>::to_vec)
}

pub fn is_run(line: &str) -> bool {
    engine_of(line).is_some_and(|words| after_verb(&words).is_some())
}

/// The words after `docker run`; `None` if the command is another one.
pub fn run_arguments(command: &[String]) -> Option<&[String]> {
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    let rest = after_verb(after_engine(&words)?)?.len();
    command.get(command.len() - rest..)
}

fn after_engine<'w, 's>(words: &'w [&'s str]) -> Option<&'w [&'s str]> {
    // The prompt of a shell is often copied too.
    let words = words.strip_prefix(&["$"]).unwrap_or(words);
    let words = words.strip_prefix(&["sudo"]).unwrap_or(words);
    let (engine, rest) = words.split_first()?;
    matches!(*engine, "docker" | "podman" | "nerdctl").then_some(rest)
}

fn after_verb<'w, 's>(words: &'w [&'s str]) -> Option<&'w [&'s str]> {
    let words = words.strip_prefix(&["container"]).unwrap_or(words);
    let (verb, rest) = words.split_first()?;
    matches!(*verb, "run" | "create").then_some(rest)
}
