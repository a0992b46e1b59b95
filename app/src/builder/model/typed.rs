//! Converts between the compose text, byte for byte, and the value of a text area.
//!
//! A text area turns every line end into `\n` and counts in UTF-16 units. Typing one letter must not rewrite all the Windows
//! line ends of a file.

/// The value of a text area that shows `text`.
pub fn shown(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// The text after the user has changed the value of the text area to `value`. All other bytes stay the same.
pub fn typed(text: &str, value: &str) -> String {
    let before = shown(text);
    let start = common_start(&before, value);
    let end = common_end(&before[start..], &value[start..]);
    let from = in_text(text, start);
    let to = in_text(text, before.len() - end);
    let new = value[start..value.len() - end].replace('\n', line_end(text));
    [&text[..from], &new, &text[to..]].concat()
}

/// Converts a text area's cursor into a byte offset of the text.
pub fn byte_of_cursor(text: &str, cursor: usize) -> usize {
    let shown = shown(text);
    let mut units = 0;
    for (at, c) in shown.char_indices() {
        if units >= cursor {
            return in_text(text, at);
        }
        units += c.len_utf16();
    }
    text.len()
}

/// Converts a byte offset of the text into a text area's cursor.
pub fn cursor_of_byte(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    shown(&text[..offset]).encode_utf16().count()
}

/// Where a text area's cursor belongs after `before` was replaced by `after`: at the end of the changed part.
pub fn changed_until(before: &str, after: &str) -> usize {
    let start = common_start(before, after);
    let end = common_end(&before[start..], &after[start..]);
    after[..after.len() - end].encode_utf16().count()
}

/// Where a text area's cursor is after `before` was replaced by `after`: it stays with the text around it.
pub fn moved_cursor(before: &str, after: &str, cursor: u32) -> u32 {
    let units = |text: &str| text.encode_utf16().count();
    let start = common_start(before, after);
    let end = common_end(&before[start..], &after[start..]);
    let (at, before_all, after_all) = (usize::try_from(cursor).unwrap_or(0), units(before), units(after));
    let (same_start, same_end) = (units(&before[..start]), units(&before[before.len() - end..]));
    let moved = if at <= same_start {
        at
    } else if at + same_end >= before_all {
        (at + after_all).saturating_sub(before_all)
    } else {
        after_all - same_end
    };
    u32::try_from(moved).unwrap_or(cursor)
}

fn common_start(a: &str, b: &str) -> usize {
    a.char_indices()
        .zip(b.chars())
        .find(|((_, x), y)| x != y)
        .map_or_else(|| a.len().min(b.len()), |((at, _), _)| at)
}

fn common_end(a: &str, b: &str) -> usize {
    a.chars().rev().zip(b.chars().rev()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum()
}

/// Converts a byte offset of the text area's value into a byte offset of the text.
fn in_text(text: &str, shown_offset: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut seen) = (0, 0);
    while seen < shown_offset && at < bytes.len() {
        at += if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') { 2 } else { 1 };
        seen += 1;
    }
    at
}

/// The line end that most lines of the file have.
fn line_end(text: &str) -> &'static str {
    let windows = text.matches("\r\n").count();
    if windows * 2 > text.matches('\n').count() { "\r\n" } else { "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_changes_one_letter_in_a_file_with_windows_line_ends() {
        let text = "a: 1\r\nb: 2\r\nc: 3\r\n";
        assert_eq!(typed(text, "a: 1\nb: 25\nc: 3\n"), "a: 1\r\nb: 25\r\nc: 3\r\n");
        assert_eq!(typed(text, "a: 1\nb: 2\nx: 9\nc: 3\n"), "a: 1\r\nb: 2\r\nx: 9\r\nc: 3\r\n");
    }

    #[test]
    fn mixed_line_ends_stay_mixed() {
        assert_eq!(typed("a: 1\r\nb: 2\nc: 3\n", "a: 1\nb: 2\nc: 4\n"), "a: 1\r\nb: 2\nc: 4\n");
    }

    #[test]
    fn the_same_value_is_the_same_text() {
        for text in ["", "a: 1", "a: 1\r\n", "ä: \"ß\"\n\n"] {
            assert_eq!(typed(text, &shown(text)), text);
        }
    }

    #[test]
    fn all_can_be_taken_away_and_typed_again() {
        assert_eq!(typed("a: 1\n", ""), "");
        assert_eq!(typed("", "a: 1\n"), "a: 1\n");
        assert_eq!(typed("aaa", "aa"), "aa");
        assert_eq!(typed("aa", "aaa"), "aaa");
    }

    #[test]
    fn after_an_undo_the_cursor_is_behind_the_change() {
        assert_eq!(changed_until("a: 12\nb: 1\n", "a: 1\nb: 1\n"), 4);
        assert_eq!(changed_until("a: 1\n", "a: 1\nb: 2\n"), 10);
    }

    #[test]
    fn a_cursor_stays_with_the_text_around_it() {
        let (before, after) = ("a: 1\nb: 1\nc: 1\n", "a: 1\nb: 😀2\nc: 1\n");
        assert_eq!(moved_cursor(before, after, 3), 3);
        assert_eq!(moved_cursor(before, after, 12), 14);
        assert_eq!(moved_cursor(before, "", 12), 0);
        assert_eq!(moved_cursor("", "a: 1\n", 0), 0);
    }

    #[test]
    fn cursors_and_bytes_agree_beyond_ascii() {
        let text = "ä: 😀\r\nb: 2\r\n";
        let b = text.find('b').unwrap();
        assert_eq!(cursor_of_byte(text, b), 6);
        assert_eq!(byte_of_cursor(text, 6), b);
        assert_eq!(byte_of_cursor(text, 99), text.len());
    }
}
