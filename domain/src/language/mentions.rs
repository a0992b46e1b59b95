//! Every place of a file where a service, network, volume, secret, config or anchor is declared or named.

use std::collections::HashMap;

use super::names::{self, Named};
use crate::{
    compose::{
        Place,
        browse::Step,
        syntax::{NodeKind, Style, Tree},
    },
    stack::Stack,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention<'t> {
    pub named: Named,
    pub name: &'t str,
    pub place: Place,
    pub is_declaration: bool,
    /// The service that the mention is in, and its key there.
    pub user: Option<(&'t str, &'t str)>,
}

/// All mentions, in the order of the text.
pub fn mentions(stack: &Stack) -> Vec<Mention<'_>> {
    let mut walk = Walk { text: stack.text(), path: Vec::new(), anchors: HashMap::new(), found: Vec::new() };
    walk.node(stack.tree());
    walk.found.sort_by_key(|mention| mention.place.start);
    walk.found
}

/// The mention that covers an offset, or ends there.
pub fn mention_at<'t>(mentions: &[Mention<'t>], offset: usize) -> Option<Mention<'t>> {
    let covers = |mention: &&Mention<'_>| mention.place.start <= offset && offset <= mention.place.end;
    // An anchor before a name ends where nothing else begins; the last one is the innermost.
    mentions.iter().rev().find(covers).copied()
}

/// Where the name at the offset is declared.
pub fn definition(stack: &Stack, offset: usize) -> Option<Place> {
    let all = mentions(stack);
    let here = mention_at(&all, offset)?;
    all.iter().find(|other| other.is_declaration && is_same(other, &here)).map(|found| found.place)
}

/// Every place that means the same as the name at the offset, in the order of the text.
pub fn references(stack: &Stack, offset: usize, with_declaration: WithDeclaration) -> Vec<Place> {
    let all = mentions(stack);
    let Some(here) = mention_at(&all, offset) else { return Vec::new() };
    let wanted = |other: &&Mention<'_>| {
        is_same(other, &here) && (with_declaration == WithDeclaration::Yes || !other.is_declaration)
    };
    all.iter().filter(wanted).map(|found| found.place).collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithDeclaration {
    Yes,
    No,
}

/// The service that is named or declared at the offset, and where its name stands.
pub fn service_at(stack: &Stack, offset: usize) -> Option<(&str, Place)> {
    let here = mention_at(&mentions(stack), offset)?;
    (here.named == Named::Service).then_some((here.name, here.place))
}

pub fn is_same(one: &Mention<'_>, other: &Mention<'_>) -> bool {
    one.named == other.named && (one.name == other.name || matches!(one.named, Named::Anchor(_)))
}

struct Walk<'t> {
    text: &'t str,
    path: Vec<Step<'t>>,
    /// The names of anchors, by number.
    anchors: HashMap<usize, &'t str>,
    found: Vec<Mention<'t>>,
}

impl<'t> Walk<'t> {
    fn node(&mut self, node: &'t Tree) {
        if let Some((number, place)) = node.anchor {
            let name = place.slice(self.text).trim_start_matches('&');
            self.anchors.insert(number, name);
            self.add(Named::Anchor(number), name, place, true);
        }
        match &node.kind {
            NodeKind::Missing => {}
            NodeKind::Alias(number) => {
                let name = self.anchors.get(number).copied().unwrap_or_default();
                self.add(Named::Anchor(*number), name, node.place, false);
            }
            NodeKind::Scalar { .. } => self.scalar(node),
            NodeKind::Sequence { items, .. } => {
                self.path.push(Step::Item);
                items.iter().for_each(|item| self.node(&item.node));
                self.path.pop();
            }
            NodeKind::Mapping { pairs, .. } => {
                for pair in pairs {
                    let Some(key) = pair.key.scalar() else { continue };
                    self.path.push(Step::Key(key));
                    self.key(&pair.key);
                    if !self.is_of_another_file(&pair.value) {
                        self.node(&pair.value);
                    }
                    self.path.pop();
                }
            }
        }
    }

    /// `extends` with `file` names a service of that file.
    fn is_of_another_file(&self, value: &Tree) -> bool {
        self.path.len() == 3
            && self.path.last() == Some(&Step::Key("extends"))
            && value.pair("file").is_some()
    }

    fn key(&mut self, key: &'t Tree) {
        let declared = names::declared(&self.path);
        let named = declared.or_else(|| names::used(&self.path).map(|(named, _)| named));
        // The value of such a key is no name.
        let is_name =
            declared.is_some() || matches!(self.path.get(2), Some(Step::Key("depends_on" | "networks")));
        if let (Some(named), true, Some((name, place))) = (named, is_name, written(self.text, key)) {
            self.add(named, name, place, declared.is_some());
        }
    }

    fn scalar(&mut self, node: &'t Tree) {
        let is_key_named =
            matches!(self.path.as_slice(), [_, _, Step::Key("depends_on" | "networks"), Step::Key(_)]);
        let Some((named, part)) = names::used(&self.path).filter(|_| !is_key_named) else { return };
        let Some((text, place)) = written(self.text, node) else { return };
        let Some((start, name)) = part.of(text) else { return };
        let start = place.start + start;
        let is_path = named == Named::Volume && name.starts_with(['.', '/', '~']);
        if !is_path {
            self.add(named, name, Place::new(start, start + name.len()), false);
        }
    }

    fn add(&mut self, named: Named, name: &'t str, place: Place, is_declaration: bool) {
        let user = match self.path.as_slice() {
            [Step::Key("services"), Step::Key(service), Step::Key(key), ..] => Some((*service, *key)),
            _ => None,
        };
        self.found.push(Mention { named, name, place, is_declaration, user });
    }
}

/// The text of a scalar and where it stands, without quotes. `None` if it is written in another way than it is read.
fn written<'t>(text: &'t str, node: &'t Tree) -> Option<(&'t str, Place)> {
    let NodeKind::Scalar { text: read, style } = &node.kind else { return None };
    let place = match style {
        Style::Plain => node.place,
        Style::Single | Style::Double => {
            Place::new(node.place.start + 1, node.place.end.saturating_sub(1).max(node.place.start + 1))
        }
        Style::Literal | Style::Folded => return None,
    };
    (place.slice(text) == read).then_some((read.as_str(), place))
}
