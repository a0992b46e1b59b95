//! Positions as editors count them: lines and UTF-16 code units from 0, converted from and to byte offsets.
//!
//! A line ends with `\n`, `\r\n` or `\r`, as in the
//! [Language Server Protocol](https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/#textDocuments).

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Utf16Position {
    pub line: u32,
    /// In UTF-16 code units: an emoji counts twice.
    pub character: u32,
}

/// Where the lines of a text start, to convert many positions of it.
#[derive(Clone, Debug)]
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub fn of(text: &'t str) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |at: usize| match bytes[at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let after = (0..bytes.len()).filter(|at| ends_line(*at)).map(|at| at + 1);
        Self { text, starts: std::iter::once(0).chain(after).collect() }
    }

    /// The byte offset of a position. Beyond the end of a line, the end of the line; beyond the last line, the end of the
    /// text; inside a character, its start.
    pub fn offset(&self, position: Utf16Position) -> usize {
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        let Some(start) = self.starts.get(line).copied() else { return self.text.len() };
        let content = self.content(line);
        let mut units = 0;
        for (at, character) in content.char_indices() {
            units += character.len_utf16();
            if units > position.character as usize {
                return start + at;
            }
        }
        start + content.len()
    }

    /// The position of a byte offset. Beyond the end, the end of the text; inside a character, its start.
    pub fn position(&self, offset: usize) -> Utf16Position {
        let offset = floor(self.text, offset);
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or_default();
        let units: usize = self.text[start..offset].chars().map(char::len_utf16).sum();
        Utf16Position { line: count(line), character: count(units) }
    }

    /// The line without its end.
    fn content(&self, line: usize) -> &'t str {
        let start = self.starts.get(line).copied().unwrap_or(self.text.len());
        let end = self.starts.get(line + 1).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The greatest character boundary that is not beyond the offset.
pub fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, character: u32) -> Utf16Position {
        Utf16Position { line, character }
    }

    #[test]
    fn an_emoji_counts_twice() {
        let text = "a: 🚢b\nc: é";
        let lines = Lines::of(text);
        assert_eq!(lines.offset(at(0, 5)), text.find('b').unwrap());
        assert_eq!(lines.position(text.find('b').unwrap()), at(0, 5));
        assert_eq!(lines.position(text.len()), at(1, 4));
        // Between the two halves of the emoji.
        assert_eq!(lines.offset(at(0, 4)), 3);
        assert_eq!(lines.position(5), at(0, 3));
    }

    #[test]
    fn every_kind_of_line_end_is_understood() {
        let text = "a\r\nb\nc\rd";
        let lines = Lines::of(text);
        assert_eq!(lines.position(text.find('b').unwrap()), at(1, 0));
        assert_eq!(lines.position(text.find('d').unwrap()), at(3, 0));
        assert_eq!(lines.offset(at(0, 9)), 1);
        assert_eq!(lines.offset(at(3, 0)), text.find('d').unwrap());
        assert_eq!(lines.offset(at(1, 9)), text.find("\nc").unwrap());
    }

    #[test]
    fn nonsense_is_clamped() {
        let lines = Lines::of("a\nb");
        assert_eq!(lines.offset(at(9, 9)), 3);
        assert_eq!(lines.offset(at(u32::MAX, u32::MAX)), 3);
        assert_eq!(lines.position(usize::MAX), at(1, 1));
        assert_eq!(Lines::of("").offset(at(0, 5)), 0);
    }

    proptest::proptest! {
        #[test]
        fn an_offset_comes_back(text in "[a🚢é\r\n ]{0,40}", offset in 0usize..120) {
            let lines = Lines::of(&text);
            let offset = floor(&text, offset);
            // Between `\r` and `\n` there is no position of its own.
            if !(text[..offset].ends_with('\r') && text[offset..].starts_with('\n')) {
                proptest::prop_assert_eq!(lines.offset(lines.position(offset)), offset);
            }
        }
    }
}
