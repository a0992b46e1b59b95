//! Writes the entries.

use super::build::{Document, Entry, Line, STEP};

pub fn print(document: &Document) -> String {
    let mut out = Printer { text: String::new(), after_blank: true, value_open: false };
    out.lines(&document.head, 0);
    for entry in &document.entries {
        out.entry(entry, 0, None);
    }
    out.lines(&document.tail, 0);
    out.text
}

struct Printer {
    text: String,
    /// Whether the last line is blank, or there is none.
    after_blank: bool,
    /// Whether a blank line would become part of the last value.
    value_open: bool,
}

impl Printer {
    /// `before` is what precedes the first line instead of its indentation.
    fn entry(&mut self, entry: &Entry, indent: usize, before: Option<String>) {
        if before.is_none() && entry.blank {
            self.blank();
        }
        for (index, line) in entry.lead.iter().enumerate() {
            if index > 0 && line.blank {
                self.blank();
            }
            self.line(&spaces(indent), &line.text, None);
        }
        if entry.gap && !entry.lead.is_empty() {
            self.blank();
        }
        let before = before.unwrap_or_else(|| spaces(indent));
        let mut children = entry.children.iter();
        let is_compact =
            entry.is_item && entry.first == "-" && entry.trail.is_none() && entry.head.is_empty();
        match children.as_slice().first() {
            Some(first) if is_compact && first.lead.is_empty() => {
                children.next();
                self.entry(first, indent + STEP, Some(format!("{before}- ")));
            }
            _ => self.line(&before, &entry.first, entry.trail.as_deref()),
        }
        for line in &entry.more {
            self.line("", line, None);
        }
        self.value_open |= entry.keeps_blanks;
        self.lines(&entry.head, indent + STEP);
        for child in children {
            self.entry(child, indent + STEP, None);
        }
        self.lines(&entry.tail, indent + STEP);
    }

    fn lines(&mut self, lines: &[Line], indent: usize) {
        for line in lines {
            if line.blank {
                self.blank();
            }
            self.line(&spaces(indent), &line.text, None);
        }
    }

    fn line(&mut self, before: &str, text: &str, trail: Option<&str>) {
        self.text.push_str(before);
        self.text.push_str(text);
        if let Some(trail) = trail {
            self.text.push(' ');
            self.text.push_str(trail);
        }
        self.text.push('\n');
        self.after_blank = false;
        self.value_open = false;
    }

    fn blank(&mut self) {
        if !self.after_blank && !self.value_open {
            self.text.push('\n');
            self.after_blank = true;
        }
    }
}

fn spaces(count: usize) -> String {
    " ".repeat(count)
}
