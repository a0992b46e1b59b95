//! A configuration file as a flat list of keys and values with their lines.

use granit_parser::{Event, Parser, ScalarStyle, Span};

/// A value as written in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// `key:`, `~` or `null`: treated as if the key were absent.
    Null,
    Text(String),
    /// A list; no key accepts one.
    List,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The key with the names of its sections: `database.port`.
    pub key: String,
    pub value: Scalar,
    /// The line number, from 1.
    pub line: usize,
}

/// Why a file could not be read. The message never quotes the file, because the line may contain a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub line: usize,
    pub message: String,
}

/// The settings in the order of the file; sections have no line of their own.
pub fn read(text: &str) -> Result<Vec<Line>, Unreadable> {
    let mut reader = Reader::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| Unreadable {
            line: error.marker().line(),
            message: format!("this is not YAML: {}", error.info()),
        })?;
        reader.take(event, span)?;
    }
    Ok(reader.lines)
}

#[derive(Default)]
struct Reader {
    lines: Vec<Line>,
    /// The names of the open sections; the first one stands for the file.
    sections: Vec<String>,
    /// The key whose value follows.
    key: Option<String>,
    /// The number of open lists.
    lists: usize,
    documents: usize,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Unreadable> {
        let line = span.start.line();
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(unreadable(line, "a configuration file is one document"));
                }
            }
            Event::Alias(..) => {
                return Err(unreadable(line, "aliases are not understood here: write the value out"));
            }
            Event::SequenceStart(..) => {
                if self.lists == 0 {
                    let key = self
                        .key
                        .take()
                        .ok_or_else(|| unreadable(line, "a configuration file is `key: value` lines"))?;
                    self.push(key, Scalar::List, line);
                }
                self.lists += 1;
            }
            Event::SequenceEnd => self.lists -= 1,
            // The contents of lists are skipped: no key accepts a list.
            _ if self.lists > 0 => {}
            Event::MappingStart(..) => match self.key.take() {
                Some(key) => self.sections.push(key),
                None if self.sections.is_empty() => self.sections.push(String::new()),
                None => return Err(unreadable(line, "a mapping cannot be a key")),
            },
            Event::MappingEnd => {
                self.sections.pop();
            }
            Event::Scalar(value, style, ..) => self.scalar(&value, style, line)?,
            _ => {}
        }
        Ok(())
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, line: usize) -> Result<(), Unreadable> {
        let plain = style == ScalarStyle::Plain;
        let is_null = plain && matches!(value, "" | "~" | "null" | "Null" | "NULL");
        if self.sections.is_empty() {
            // The parser may report an empty file, or one with comments only, as a null.
            return if is_null {
                Ok(())
            } else {
                Err(unreadable(line, "a configuration file is `key: value` lines"))
            };
        }
        match self.key.take() {
            None => {
                let section = self.sections.last().map_or("", String::as_str);
                self.key =
                    Some(if section.is_empty() { value.to_owned() } else { format!("{section}.{value}") });
            }
            Some(key) => {
                let value = if is_null { Scalar::Null } else { Scalar::Text(value.to_owned()) };
                self.push(key, value, line);
            }
        }
        Ok(())
    }

    fn push(&mut self, key: String, value: Scalar, line: usize) {
        self.lines.push(Line { key, value, line });
    }
}

fn unreadable(line: usize, message: &str) -> Unreadable {
    Unreadable { line, message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(key: &str, value: &str, line: usize) -> Line {
        Line { key: key.to_owned(), value: Scalar::Text(value.to_owned()), line }
    }

    #[test]
    fn every_value_knows_its_key_and_line() {
        let lines = read(
            "# head\napp_port: 8000\n\ndatabase:\n  host: db # here\n  port: '5432'\nlog: {level: info}\n",
        );
        let expected = [
            line("app_port", "8000", 2),
            line("database.host", "db", 5),
            line("database.port", "5432", 6),
            line("log.level", "info", 7),
        ];
        assert_eq!(lines.unwrap(), expected);
    }

    #[test]
    fn an_empty_file_says_nothing() {
        assert_eq!(read(""), Ok(vec![]));
        assert_eq!(read("# only this\n"), Ok(vec![]));
        assert_eq!(read("---\n"), Ok(vec![]));
    }

    #[test]
    fn a_key_without_a_value_is_as_if_it_were_not_there() {
        assert_eq!(read("vault:\n").unwrap()[0].value, Scalar::Null);
        assert_eq!(read("vault: ''\n").unwrap()[0].value, Scalar::Text(String::new()));
    }

    #[test]
    fn what_is_no_configuration_is_said_with_its_line_and_not_quoted() {
        for text in ["- a\n", "hunter2\n", "a: 1\n---\nb: 2\n", "a: [hunter2\n", "a: *b\n"] {
            let error = read(text).unwrap_err();
            assert!(error.line >= 1);
            assert!(!error.message.contains("hunter2"), "{}", error.message);
        }
    }
}
