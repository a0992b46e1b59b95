//! What is being typed at the cursor, read from its line alone: an alias, or the path of a file.

use std::collections::BTreeSet;

use super::{
    cursor::{Role, cursor},
    lines,
    positions::floor,
};
use crate::compose::{Place, browse::Step};

/// A path that is being typed where a compose file is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedFile {
    /// The folders typed so far, with a slash at the end; empty for the folder of the document.
    pub folder: String,
    /// The rest of the path, which a completion replaces.
    pub place: Place,
}

/// The place of the name after `*`, if an alias is being typed.
pub fn alias(text: &str, offset: usize) -> Option<Place> {
    let offset = floor(text, offset);
    let start = lines::line_start(text, offset);
    let line = lines::line_text(text, start);
    if lines::comment_start(line).is_some_and(|comment| start + comment < offset) {
        return None;
    }
    let typed = text.get(start..offset)?;
    let star = typed.rfind('*')?;
    let before = typed[..star].chars().next_back();
    let begins = before.is_none_or(|c| c.is_whitespace() || matches!(c, '[' | '{' | ','));
    if !begins || !typed[star + 1..].chars().all(is_name) {
        return None;
    }
    let behind = text[offset..].find(|c| !is_name(c)).unwrap_or(text.len() - offset);
    Some(Place::new(start + star + 1, offset + behind))
}

/// The anchors before an offset. Only these can be referred to there.
pub fn anchors_before(text: &str, offset: usize) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for line in text[..floor(text, offset)].lines() {
        let line = &line[..lines::comment_start(line).unwrap_or(line.len())];
        for (at, _) in line.match_indices('&') {
            let before = line[..at].chars().next_back();
            let begins = before.is_none_or(|c| c.is_whitespace() || matches!(c, '[' | '{' | ','));
            let rest = &line[at + 1..];
            let name = &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())];
            if begins && !name.is_empty() {
                found.insert(name);
            }
        }
    }
    found
}

fn is_name(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '[' | ']' | '{' | '}' | ',' | '&' | '*' | '\'' | '"' | ':')
}

/// The path that is being typed at an offset, where `extends` or `include` names a file.
pub fn file(text: &str, offset: usize) -> Option<TypedFile> {
    use Step::{Item, Key};
    let offset = floor(text, offset);
    let cursor = cursor(text, offset)?;
    let is_file = match cursor.path.as_slice() {
        [Key("services"), Key(_), Key("extends"), Key("file")] | [Key("include"), Item, Key("path")] => {
            cursor.role == Role::Value
        }
        [Key("include"), Item] | [Key("include"), Item, Key("path"), Item] => {
            !matches!(cursor.role, Role::Entry { has_colon: true, .. })
        }
        _ => false,
    };
    let typed = text.get(cursor.word.start..offset)?;
    if !is_file || cursor.needs_blank || !typed.chars().all(is_of_path) {
        return None;
    }
    let folder = typed.rfind('/').map_or("", |slash| &typed[..=slash]);
    Some(TypedFile {
        folder: folder.to_owned(),
        place: Place::new(cursor.word.start + folder.len(), cursor.word.end.max(offset)),
    })
}

/// What needs no quotes in a path.
pub fn is_of_path(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_above_the_alias_are_offered() {
        let text = "x-a: &one {A: b} # &no\nx-b: &two\n  c: 'x&y'\nservices:\n  web: *o\nx-c: &later\n";
        let offset = text.find("*o").unwrap() + 2;
        assert_eq!(alias(text, offset), Some(Place::new(offset - 1, offset)));
        assert_eq!(anchors_before(text, offset).into_iter().collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(alias("a: b*", 5), None);
        assert_eq!(alias("a: b # *", 8), None);
        assert_eq!(alias("a: [*", 5), Some(Place::at(5)));
    }

    #[test]
    fn files_are_typed_where_compose_files_are_named() {
        let typed = |text: &str| file(text, text.len()).map(|typed| typed.folder);
        assert_eq!(typed("include:\n  - co").as_deref(), Some(""));
        assert_eq!(typed("include:\n  - parts/co").as_deref(), Some("parts/"));
        assert_eq!(typed("include:\n  - path: ../").as_deref(), Some("../"));
        assert_eq!(typed("services:\n  a:\n    extends:\n      file: ./").as_deref(), Some("./"));
        assert_eq!(typed("services:\n  a:\n    extends: {file: b/").as_deref(), Some("b/"));
        assert_eq!(typed("services:\n  a:\n    image: b/"), None);
    }
}
