//! The values marked `!reset` or `!override`. Both remove what the files before say about the key; only the second one has a
//! value of its own.

use std::collections::HashMap;

use crate::compose::syntax::{CoreTag, NodeKind, Tree};

/// More marks are an accident or an attack.
const MOST_TAGS: usize = 10_000;

/// The paths of the marked values, as keys from the top.
#[derive(Default)]
pub struct Tags {
    paths: Vec<Vec<String>>,
    /// For each anchor, the marks inside it, as seen from there.
    anchors: HashMap<usize, Vec<Vec<String>>>,
}

impl Tags {
    pub fn paths(&self) -> impl Iterator<Item = &[String]> {
        self.paths.iter().map(Vec::as_slice)
    }

    fn walk(&mut self, tree: &Tree, path: &mut Vec<String>) {
        let before = self.paths.len();
        if matches!(tree.tag, Some(CoreTag::Reset | CoreTag::Override)) {
            self.add(path.clone());
        }
        match &tree.kind {
            NodeKind::Mapping { pairs, .. } => {
                for pair in pairs {
                    let Some(key) = pair.key.scalar() else { continue };
                    // What is merged in through `<<` stands beside the keys of the mapping.
                    let is_merge = key == "<<";
                    if !is_merge {
                        path.push(key.to_owned());
                    }
                    self.walk(&pair.value, path);
                    if !is_merge {
                        path.pop();
                    }
                }
            }
            NodeKind::Alias(number) => {
                for inside in self.anchors.get(number).cloned().unwrap_or_default() {
                    self.add(path.iter().cloned().chain(inside).collect());
                }
            }
            // Compose removes no single entries of lists.
            NodeKind::Sequence { .. } | NodeKind::Missing | NodeKind::Scalar { .. } => {}
        }
        if let Some((number, _)) = tree.anchor {
            let inside = self.paths[before..].iter().map(|found| found[path.len()..].to_vec()).collect();
            self.anchors.insert(number, inside);
        }
    }

    fn add(&mut self, path: Vec<String>) {
        if self.paths.len() < MOST_TAGS && !path.is_empty() {
            self.paths.push(path);
        }
    }
}

pub fn of(tree: &Tree) -> Tags {
    let mut tags = Tags::default();
    tags.walk(tree, &mut Vec::new());
    tags
}
