//! `${VARIABLE}` as compose reads it:
//! <https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md>.

use super::{
    place::Place,
    yaml::{Node, Value},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariableUse {
    pub name: String,
    pub fallback: Fallback,
    /// The place of the scalar that contains the variable.
    pub place: Place,
}

/// What compose does when the variable has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// Compose inserts empty text and prints a warning.
    None,
    /// `${VAR:-text}` or `${VAR-text}`: compose inserts the text.
    Default(String),
    /// `${VAR:?text}` or `${VAR?text}`: compose does not start.
    Required(String),
    /// `${VAR:+text}` or `${VAR+text}`: compose inserts empty text without a warning.
    Alternative(String),
}

/// One piece of a text that may contain variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    Text(&'t str),
    Variable {
        name: &'t str,
        fallback: Fallback,
    },
    /// `${` without an end or without a valid name: compose rejects the file.
    Invalid(&'t str),
}

/// Splits a text into plain text and variables. `$$` becomes a dollar sign; a single one that starts no variable, as in
/// `$1`, stays one.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        if at > 0 {
            out.push(Piece::Text(&rest[..at]));
        }
        let after = &rest[at + 1..];
        let used = if after.starts_with('$') {
            out.push(Piece::Text("$"));
            2
        } else if after.starts_with('{') {
            braced(&rest[at..], &mut out)
        } else {
            let length = name_length(after);
            out.push(match length {
                0 => Piece::Text(&rest[at..=at]),
                _ => Piece::Variable { name: &after[..length], fallback: Fallback::None },
            });
            1 + length
        };
        rest = &rest[at + used..];
    }
    if !rest.is_empty() {
        out.push(Piece::Text(rest));
    }
    out
}

/// Reads `${…}` at the start of `text`; returns the number of bytes read.
fn braced<'t>(text: &'t str, out: &mut Vec<Piece<'t>>) -> usize {
    let mut depth = 0usize;
    let end = text.char_indices().find_map(|(at, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        (c == '}' && depth == 0).then_some(at)
    });
    let Some(end) = end else {
        out.push(Piece::Invalid(text));
        return text.len();
    };
    let inside = &text[2..end];
    let (name, rest) = inside.split_at(name_length(inside));
    let fallback = match rest.strip_prefix(':').unwrap_or(rest) {
        "" if rest.is_empty() => Some(Fallback::None),
        word if word.starts_with('-') => Some(Fallback::Default(word[1..].to_owned())),
        word if word.starts_with('?') => Some(Fallback::Required(word[1..].to_owned())),
        word if word.starts_with('+') => Some(Fallback::Alternative(word[1..].to_owned())),
        _ => None,
    };
    out.push(match fallback {
        Some(fallback) if !name.is_empty() => Piece::Variable { name, fallback },
        _ => Piece::Invalid(&text[..=end]),
    });
    end + 1
}

fn name_length(text: &str) -> usize {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return 0;
    }
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// The text with its variables replaced by their defaults; `None` if a variable has no default.
pub fn with_defaults(text: &str) -> Option<String> {
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => Some(text.to_owned()),
            Piece::Variable { fallback: Fallback::Default(default), .. } => with_defaults(&default),
            Piece::Variable { fallback: Fallback::Alternative(_), .. } => Some(String::new()),
            Piece::Variable { .. } | Piece::Invalid(_) => None,
        })
        .collect()
}

/// Every variable below a node, in the order of the text. Variables in aliased or merged nodes are listed once.
pub fn uses(root: &Node) -> (Vec<VariableUse>, Vec<Place>) {
    let mut found = (Vec::new(), Vec::new());
    collect(root, &mut found);
    found.0.sort_by_key(|variable| variable.place.start);
    found
}

fn collect(node: &Node, found: &mut (Vec<VariableUse>, Vec<Place>)) {
    if node.alias.is_some() {
        return;
    }
    match &node.value {
        Value::String(text) if text.contains('$') => collect_text(text, node.place, found),
        Value::Sequence(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Mapping(entries) => {
            entries.iter().filter(|entry| !entry.merged).for_each(|entry| collect(&entry.value, found));
        }
        _ => {}
    }
}

fn collect_text(text: &str, place: Place, found: &mut (Vec<VariableUse>, Vec<Place>)) {
    for piece in pieces(text) {
        match piece {
            Piece::Variable { name, fallback } => {
                if let Fallback::Default(inner) | Fallback::Alternative(inner) = &fallback
                    && inner.contains('$')
                {
                    collect_text(inner, place, found);
                }
                found.0.push(VariableUse { name: name.to_owned(), fallback, place });
            }
            Piece::Invalid(_) => found.1.push(place),
            Piece::Text(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable<'t>(name: &'t str, fallback: Fallback) -> Piece<'t> {
        Piece::Variable { name, fallback }
    }

    #[test]
    fn every_form_is_understood() {
        assert_eq!(
            pieces("a$B-${C}${D:-x}${E?no}$$F${G+y}"),
            [
                Piece::Text("a"),
                variable("B", Fallback::None),
                Piece::Text("-"),
                variable("C", Fallback::None),
                variable("D", Fallback::Default("x".into())),
                variable("E", Fallback::Required("no".into())),
                Piece::Text("$"),
                Piece::Text("F"),
                variable("G", Fallback::Alternative("y".into())),
            ]
        );
    }

    #[test]
    fn defaults_may_hold_variables() {
        assert_eq!(with_defaults("${A:-${B:-c}}:80").as_deref(), Some("c:80"));
        assert_eq!(with_defaults("${A:-${B}}"), None);
    }

    #[test]
    fn broken_ones_are_named_and_nothing_panics() {
        assert_eq!(pieces("${A"), [Piece::Invalid("${A")]);
        assert_eq!(pieces("${}"), [Piece::Invalid("${}")]);
    }

    #[test]
    fn a_dollar_sign_that_starts_no_variable_is_text() {
        assert_eq!(pieces("$1"), [Piece::Text("$"), Piece::Text("1")]);
        assert_eq!(pieces("a$"), [Piece::Text("a"), Piece::Text("$")]);
    }
}
