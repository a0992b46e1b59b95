//! Values that an edit has written out, because they were shared: through an alias (`*name`) or a merge (`<<`).
//!
//! The edit changes one service only, so the value becomes its own. From then on, changes of the shared value no longer
//! reach it; people should know that before they make such an edit.

use super::Stack;
use crate::compose::{
    Place, Position,
    yaml::{Entry, Node, Value},
};

/// A value that was shared before an edit and is a service's own after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenOut {
    pub service: String,
    /// The key in the service, `environment` or `deploy.resources`.
    pub key: String,
    /// Where it is shared in the text before the edit: the alias, or the merged entry where it is written.
    pub place: Place,
    pub position: Position,
}

/// What the edit that led from `before` to `after` wrote out. A value that the edit replaced by another one is not
/// among it.
pub fn written_out(before: &Stack, after: &Stack) -> Vec<WrittenOut> {
    let entries = |stack: &Stack| {
        stack.model().root.get("services").map_or_else(Vec::new, |node| node.entries().to_vec())
    };
    let mut found = Vec::new();
    let now = entries(after);
    for was in &entries(before) {
        let Some(is) = now.iter().find(|entry| entry.key == was.key) else { continue };
        let mut places = Vec::new();
        compare(&mut Vec::new(), Shared::of(was), Shared::of(is), &mut places);
        found.extend(places.into_iter().map(|(key, place)| WrittenOut {
            service: was.key.clone(),
            key,
            place,
            position: Position::of(before.text(), place.start),
        }));
    }
    found
}

/// A value, and where it is shared.
#[derive(Clone, Copy)]
struct Shared<'n> {
    node: &'n Node,
    shared: Option<Place>,
}

impl<'n> Shared<'n> {
    fn of(entry: &'n Entry) -> Self {
        Self { node: &entry.value, shared: entry.value.alias.or(entry.merged.then_some(entry.key_place)) }
    }
}

fn compare(path: &mut Vec<String>, was: Shared<'_>, is: Shared<'_>, found: &mut Vec<(String, Place)>) {
    if let Some(place) = was.shared {
        let is_copy = matches!(was.node.value, Value::Mapping(_) | Value::Sequence(_))
            || was.node.value == is.node.value;
        if is.shared.is_none() && is_copy && !is.node.is_null() {
            // The entries of one merge are one copy.
            let is_merged = was.node.alias.is_none();
            let key =
                if is_merged && path.len() > 1 { path[..path.len() - 1].join(".") } else { path.join(".") };
            if found.iter().all(|(other, _)| *other != key) {
                found.push((key, place));
            }
        }
        return;
    }
    for own in was.node.entries() {
        let Some(new) = is.node.entry(&own.key) else { continue };
        path.push(own.key.clone());
        compare(path, Shared::of(own), Shared::of(new), found);
        path.pop();
    }
    for (index, (own, new)) in was.node.items().iter().zip(is.node.items()).enumerate() {
        path.push(index.to_string());
        let shared = |node: &Node| node.alias;
        compare(
            path,
            Shared { node: own, shared: shared(own) },
            Shared { node: new, shared: shared(new) },
            found,
        );
        path.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stack::Edit;

    const TEXT: &str = "x-base: &base\n  restart: always\n  networks: [front]\nservices:\n  a:\n    <<: *base\n    image: x\n    environment: &env\n      A: 1\n      B: 2\n  b:\n    image: y\n    environment: *env\n  c:\n    image: z\n    environment:\n      <<: *env\n      C: 3\nnetworks:\n  front:\n  back:\n";

    fn keys(edit: &Edit) -> Vec<(String, String, usize)> {
        let before = Stack::read(TEXT);
        let after = before.apply(edit).unwrap();
        let written = written_out(&before, &after);
        written.into_iter().map(|one| (one.service, one.key, one.position.line)).collect()
    }

    fn set(service: &str, key: &str) -> Edit {
        Edit::SetEnvironment { service: service.into(), key: key.into(), value: Some("new".into()) }
    }

    #[test]
    fn an_alias_or_a_merge_that_is_written_out_is_named_with_its_line() {
        let join = Edit::JoinNetwork { service: "a".into(), network: "back".into(), keep_default: None };
        assert_eq!(keys(&join), [("a".to_owned(), "networks".to_owned(), 3)]);
        assert_eq!(keys(&set("b", "C")), [("b".to_owned(), "environment".to_owned(), 13)]);
        let remove = Edit::RemoveEnvironment { service: "c".into(), key: "A".into() };
        assert_eq!(keys(&remove), [("c".to_owned(), "environment".to_owned(), 10)]);
    }

    #[test]
    fn a_value_of_ones_own_is_no_copy() {
        assert_eq!(keys(&set("c", "A")), []);
        assert_eq!(keys(&set("c", "D")), []);
        assert_eq!(keys(&Edit::SetRestart { service: "a".into(), restart: Some("no".into()) }), []);
        let rename = Edit::RenameService { service: "b".into(), to: "d".into(), uncertain: None };
        assert_eq!(keys(&rename), []);
    }
}
