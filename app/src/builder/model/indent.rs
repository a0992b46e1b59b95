//! Indentation in the text editor: Enter keeps it, Tab and Shift+Tab change it.

/// A text with a selection, in bytes. Line ends are `\n`, as in a text area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    pub text: String,
    pub start: usize,
    pub end: usize,
}

impl Selected {
    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |end| end + 1)
    }

    /// The starts of the lines that the selection touches, the last one first.
    fn lines(&self) -> Vec<usize> {
        // A selection that ends at the start of a line does not touch that line.
        let last = if self.end > self.start { self.end - 1 } else { self.end };
        let first = self.line_start(self.start);
        let ends = (first..last).filter(|at| self.text.as_bytes().get(*at) == Some(&b'\n'));
        let mut starts: Vec<usize> = ends.map(|end| end + 1).collect();
        starts.insert(0, first);
        starts.reverse();
        starts
    }
}

/// A new line with the indentation of this one, and one step deeper after a key without a value.
pub fn new_line(now: &Selected) -> Selected {
    let before = &now.text[now.line_start(now.start)..now.start];
    let mut indentation = before[..before.len() - before.trim_start_matches([' ', '\t']).len()].to_owned();
    if before.trim_end().ends_with(':') && !before.trim_start().starts_with('#') {
        indentation.push_str(&" ".repeat(step(&now.text)));
    }
    replaced(now, &format!("\n{indentation}"))
}

/// Spaces up to the next step; with a selection, each of its lines moves one step to the right.
pub fn indent(now: &Selected) -> Selected {
    let step = step(&now.text);
    if now.start == now.end {
        let column = now.text[now.line_start(now.start)..now.start].chars().count();
        return replaced(now, &" ".repeat(step - column % step));
    }
    let mut after = now.clone();
    for line in now.lines() {
        after.text.insert_str(line, &" ".repeat(step));
        after.end += step;
        if line < now.start {
            after.start += step;
        }
    }
    after
}

/// Each line of the selection moves one step to the left, as far as it is indented.
pub fn outdent(now: &Selected) -> Selected {
    let step = step(&now.text);
    let mut after = now.clone();
    for line in now.lines() {
        let rest = &now.text[line..];
        let spaces = rest.bytes().take(step).take_while(|byte| *byte == b' ').count();
        let gone = if rest.starts_with('\t') { 1 } else { spaces };
        after.text.replace_range(line..line + gone, "");
        after.end = after.end.saturating_sub(gone).max(line);
        if line < now.start {
            after.start = after.start.saturating_sub(gone).max(line);
        }
    }
    after.end = after.end.max(after.start);
    after
}

fn replaced(now: &Selected, new: &str) -> Selected {
    let mut text = now.text.clone();
    text.replace_range(now.start..now.end, new);
    let at = now.start + new.len();
    Selected { text, start: at, end: at }
}

/// The step of the file: the smallest difference between a line and a deeper one after it.
fn step(text: &str) -> usize {
    const USUAL: usize = 2;
    let lines = text.lines().map(|line| (line, line.trim_start_matches(' ')));
    let indentations: Vec<usize> = lines
        .filter(|(_, rest)| !rest.trim().is_empty() && !rest.starts_with('#'))
        .map(|(line, rest)| line.len() - rest.len())
        .collect();
    let steps = indentations.windows(2).filter_map(|pair| pair[1].checked_sub(pair[0]));
    steps.filter(|step| (1..=8).contains(step)).min().unwrap_or(USUAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `|` marks the start and the end of the selection; a single one is the cursor.
    fn at(marked: &str) -> Selected {
        let start = marked.find('|').unwrap();
        let text = marked.replacen('|', "", 1);
        match text.find('|') {
            Some(end) => Selected { text: text.replacen('|', "", 1), start, end },
            None => Selected { text, start, end: start },
        }
    }

    #[test]
    fn a_new_line_is_indented_like_the_one_before() {
        assert_eq!(
            new_line(&at("services:\n  web:\n    image: nginx|\n")),
            at("services:\n  web:\n    image: nginx\n    |\n")
        );
        assert_eq!(new_line(&at("services:\n  web:|")), at("services:\n  web:\n    |"));
        assert_eq!(new_line(&at("a:\n    b:|")), at("a:\n    b:\n        |"));
        assert_eq!(new_line(&at("# note:|")), at("# note:\n|"));
        assert_eq!(new_line(&at("  ä: |x|y")), at("  ä: \n    |y"));
    }

    #[test]
    fn tab_goes_to_the_next_step_and_moves_whole_lines() {
        assert_eq!(indent(&at("a|")), at("a |"));
        assert_eq!(indent(&at("|")), at("  |"));
        assert_eq!(indent(&at("a:\n|b:\n  c|\nd")), at("a:\n|  b:\n    c|\nd"));
        assert_eq!(indent(&at("a:\n b|:\n c:|\nd")), at("a:\n  b|:\n  c:|\nd"));
    }

    #[test]
    fn shift_tab_takes_one_step_back_and_stops_at_the_margin() {
        assert_eq!(outdent(&at("a:\n    b|")), at("a:\nb|"));
        assert_eq!(outdent(&at("a:\n  b:\n    c|")), at("a:\n  b:\n  c|"));
        assert_eq!(outdent(&at("|a")), at("|a"));
        assert_eq!(outdent(&at("x:\n  a|:\n\tb|")), at("x:\na|:\nb|"));
    }

    #[test]
    fn what_tab_does_shift_tab_undoes() {
        let before = at("s:\n  a|:\n    b: 1\n  c|: 2\n");
        assert_eq!(outdent(&indent(&before)), before);
    }
}
