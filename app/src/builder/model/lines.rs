//! The compose text as lines of coloured pieces, with findings marked.

use domain::check::{Finding, Severity};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Token {
    Plain,
    Key,
    Text,
    Comment,
    Punctuation,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Piece {
    pub text: String,
    pub token: Token,
    /// The underline of a finding in this piece; see [`mark_of`].
    pub mark: Option<&'static str>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Line {
    pub pieces: Vec<Piece>,
    /// How many equal lines come before this one. Together with the pieces, it is a stable key of the line.
    pub occurrence: usize,
}

pub fn mark_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}

/// Every line of the text, counted as a text area counts them.
pub fn lines(text: &str, findings: &[Finding]) -> Vec<Line> {
    let mut seen = std::collections::HashMap::<Vec<Piece>, usize>::new();
    spans(text)
        .into_iter()
        .map(|(start, end)| {
            let pieces = cut(&text[start..end], &marks(start, end, findings));
            let count = seen.entry(pieces.clone()).or_default();
            let occurrence = *count;
            *count += 1;
            Line { pieces, occurrence }
        })
        .collect()
}

/// Start and end of every line, without the line break. There is one line more than there are line breaks.
fn spans(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let (mut all, mut start, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        let long = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
        if bytes[at] == b'\n' || bytes[at] == b'\r' {
            all.push((start, at));
            at += usize::from(long);
            start = at + 1;
        }
        at += 1;
    }
    all.push((start, text.len()));
    all
}

/// The number of the line that contains a byte offset, counted from 0.
pub fn line_of(text: &str, offset: usize) -> usize {
    spans(text).iter().take_while(|(start, _)| *start <= offset).count().saturating_sub(1)
}

/// The marks of one line, as offsets in that line. A finding that spans several lines is marked in its first line.
fn marks(start: usize, end: usize, findings: &[Finding]) -> Vec<(usize, usize, Severity)> {
    findings
        .iter()
        .filter(|finding| start <= finding.place.start && finding.place.start <= end)
        .map(|finding| {
            (
                finding.place.start - start,
                finding.place.end.clamp(finding.place.start, end) - start,
                finding.severity,
            )
        })
        .collect()
}

fn cut(line: &str, marks: &[(usize, usize, Severity)]) -> Vec<Piece> {
    let tokens = tokens(line);
    let mut edges: Vec<usize> = vec![0, line.len()];
    edges.extend(tokens.iter().map(|(start, _)| *start));
    edges.extend(marks.iter().flat_map(|(start, end, _)| [*start, *end]));
    edges.retain(|edge| line.is_char_boundary(*edge));
    edges.sort_unstable();
    edges.dedup();
    edges
        .windows(2)
        .map(|edge| {
            let (start, end) = (edge[0], edge[1]);
            let token =
                tokens.iter().rev().find(|(at, _)| *at <= start).map_or(Token::Plain, |(_, token)| *token);
            let mark = marks
                .iter()
                .filter(|(from, to, _)| *from <= start && end <= *to)
                .map(|(_, _, severity)| *severity)
                .min()
                .map(mark_of);
            Piece { text: line[start..end].to_owned(), token, mark }
        })
        .collect()
}

/// Where each token of a line begins. It looks at single lines only, which is enough for colours.
fn tokens(line: &str) -> Vec<(usize, Token)> {
    let mut all = vec![(0, Token::Plain)];
    let mut at = line.len() - line.trim_start().len();
    while line[at..].starts_with("- ") || &line[at..] == "-" {
        all.push((at, Token::Punctuation));
        at += 1;
        at += line[at..].len() - line[at..].trim_start().len();
    }
    let comment = comment_start(line, at);
    let body = &line[at..comment];
    match key_end(body) {
        Some(end) => {
            all.extend([(at, Token::Key), (at + end, Token::Punctuation), (at + end + 1, Token::Text)]);
        }
        None => all.push((at, Token::Text)),
    }
    if comment < line.len() {
        all.push((comment, Token::Comment));
    }
    all
}

/// The start of the comment, or the end of the line.
fn comment_start(line: &str, from: usize) -> usize {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line[from..].char_indices() {
        match (quote, c) {
            (None, '#') if before.is_whitespace() => return from + at,
            (None, '"' | '\'') if before.is_whitespace() || matches!(before, '[' | '{' | ',' | ':') => {
                quote = Some(c)
            }
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
        before = c;
    }
    line.len()
}

/// The position of the colon after the key, if the line has the form `key: value`.
fn key_end(body: &str) -> Option<usize> {
    let quote = body.chars().next().filter(|c| matches!(c, '"' | '\''));
    let skip = match quote {
        Some(open) => body[1..].find(open)? + 2,
        None => 0,
    };
    body[skip..]
        .match_indices(':')
        .map(|(at, _)| at + skip)
        .find(|at| body[at + 1..].is_empty() || body[at + 1..].starts_with([' ', '\t']))
}

#[cfg(test)]
mod tests {
    use domain::{check::Basis, compose::Place};

    use super::*;

    fn joined(lines: &[Line]) -> String {
        lines
            .iter()
            .map(|line| line.pieces.iter().map(|piece| piece.text.as_str()).collect::<String>())
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn no_character_is_lost() {
        let text = "a:\n  - \"x: #1\" # why\n\tä: 'ß'\n\n- - b\n:::\n";
        assert_eq!(joined(&lines(text, &[])), text);
    }

    #[test]
    fn lines_are_those_of_a_text_area() {
        assert_eq!(lines("", &[]).len(), 1);
        assert_eq!(lines("a\r\nb\rc\n", &[]).len(), 4);
        assert_eq!(joined(&lines("a\r\nb\rc\n", &[])), "a\nb\nc\n");
        assert_eq!(line_of("a\r\nb\n", 3), 1);
        assert_eq!(line_of("a\r\nb\n", 5), 2);
    }

    #[test]
    fn keys_values_and_comments_have_their_colours() {
        let all = lines("  image: \"a#b:1\" # pinned", &[]);
        let found: Vec<_> = all[0].pieces.iter().map(|piece| (piece.text.as_str(), piece.token)).collect();
        assert_eq!(
            found,
            [
                ("  ", Token::Plain),
                ("image", Token::Key),
                (":", Token::Punctuation),
                (" \"a#b:1\" ", Token::Text),
                ("# pinned", Token::Comment)
            ]
        );
    }

    #[test]
    fn a_finding_is_underlined_where_it_stands() {
        let text = "a: 1\nimage: nginx\n";
        let finding =
            Finding::new("image-unpinned", (Severity::Warning, Basis::Advice), text, Place::new(12, 17), "…");
        let all = lines(text, &[finding]);
        let marked: Vec<_> =
            all.iter().flat_map(|line| &line.pieces).filter(|piece| piece.mark.is_some()).collect();
        assert_eq!(marked.len(), 1);
        assert_eq!((marked[0].text.as_str(), marked[0].mark), ("nginx", Some("warning")));
    }

    #[test]
    fn equal_lines_have_different_keys() {
        let all = lines("- a\n- a\n", &[]);
        assert_eq!((all[0].occurrence, all[1].occurrence), (0, 1));
    }
}
