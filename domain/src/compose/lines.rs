//! Lines of a file that is no valid YAML, looked at one by one.

pub fn is_key(content: &str) -> bool {
    content.contains(": ") || content.ends_with(':')
}

pub fn is_item(content: &str) -> bool {
    content.starts_with("- ") || content == "-"
}

/// Whether a key of the line has its value in the same line.
pub fn has_value(line: &str) -> bool {
    let content = content(line);
    content.split_once(": ").is_some_and(|(_, value)| {
        let value = value.trim();
        !value.is_empty() && !value.starts_with(['|', '>', '&', '!'])
    })
}

/// The line without indentation and comment.
pub fn content(line: &str) -> &str {
    let line = line.trim();
    if line.starts_with('#') {
        return "";
    }
    line.split(" #").next().unwrap_or(line).trim_end()
}

pub fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

pub fn indented_with_tab(line: &str) -> bool {
    line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).any(|byte| byte == b'\t')
}

pub fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

pub fn line_at(text: &str, offset: usize) -> &str {
    text[line_start(text, offset)..].split('\n').next().unwrap_or_default().trim_end_matches('\r')
}

/// The nearest line above that is neither blank nor a comment, and its start.
pub fn above(text: &str, offset: usize) -> Option<(usize, &str)> {
    let mut end = line_start(text, offset);
    while end > 0 {
        let start = line_start(text, end - 1);
        let line = text[start..end].trim_end();
        if !content(line).is_empty() {
            return Some((start + indentation(line), line));
        }
        end = start;
    }
    None
}
