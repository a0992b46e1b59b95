//! The text in the middle of an edit, between two of its changes.

use serde_json::Value;

use super::{
    Change, Path, Refusal, Splice,
    find::{Found, Step, find, leaves_only_resets, reset_on},
    habits::Habits,
    intended, remove, rename,
    respell::{self, Respelling},
    set::{self, Way},
};
use crate::compose::{
    resolve::resolve,
    scalar,
    syntax::{self, NodeKind, Style, Tree},
};

pub struct Draft {
    text: String,
    tree: Tree,
    /// The values that the text must have after the changes so far.
    intended: Value,
}

impl Draft {
    /// `values` are the values of the text, with anchors and merges resolved.
    pub fn new(text: &str, tree: &Tree, values: Value) -> Self {
        Self { text: text.to_owned(), tree: tree.clone(), intended: values }
    }

    /// The values that the text must have after the changes so far.
    pub fn values(&self) -> &Value {
        &self.intended
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    pub fn change(&mut self, change: &Change) -> Result<(), Refusal> {
        if let Change::Set { path, value } = change
            && at(&self.intended, path) == Some(value)
        {
            return Ok(());
        }
        if let Some(tree) = reset_on(&self.tree, change.path()) {
            let message = format!(
                "`{}` is marked `!reset`, so Compose ignores what is written there. Remove the tag in the text first",
                change.path().join(".")
            );
            return Err(Refusal::new("reset-value", message).with_place(Some(tree.place)));
        }
        if let Change::Remove { path } = change
            && !(path.len() == 2 && path[0] == "services")
            && leaves_only_resets(&self.tree, path)
        {
            let message = format!(
                "`{}` is the last entry beside some that are marked `!reset`. Remove them in the text first",
                path.join(".")
            );
            return Err(Refusal::new("reset-value", message));
        }
        intended::apply(&mut self.intended, change)?;
        let splice = self.splice(change)?;
        self.replace(&splice);
        Ok(())
    }

    /// Quotes the text that the change sets, if it stands there without quotes and some readers of YAML take it for something
    /// else, such as a number.
    pub fn spell_out(&mut self, change: &Change) -> Result<(), Refusal> {
        let Change::Set { path, value } = change else { return Ok(()) };
        let Found::Value(chain) = find(&self.tree, path) else { return Ok(()) };
        let Some(NodeKind::Scalar { text, style: Style::Plain }) =
            chain.last().map(|step| &step.value().kind)
        else {
            return Ok(());
        };
        if at(&self.intended, path) == Some(value) && scalar::plain_or_quoted(text) != *text {
            let splice = self.splice(change)?;
            self.replace(&splice);
        }
        Ok(())
    }

    /// Inserts a text unchanged. `change` describes the intended effect on the values.
    pub fn insert(&mut self, splice: &Splice, change: &Change) -> Result<(), Refusal> {
        intended::apply(&mut self.intended, change)?;
        self.replace(splice);
        Ok(())
    }

    /// A value that an earlier change has changed too, because it is written in the same place.
    pub fn follows(&mut self, change: &Change) -> Result<(), Refusal> {
        intended::apply(&mut self.intended, change)
    }

    /// Replaces words inside scalars where they are written, so that shared values stay shared. `intended` are the
    /// values that the text must have then.
    pub fn respell(&mut self, respellings: &[Respelling], intended: Value) {
        let mut splices = respell::splices(&self.text, &self.tree, respellings);
        splices.sort_by_key(|splice| std::cmp::Reverse(splice.place.start));
        for splice in splices {
            self.text.replace_range(splice.place.start..splice.place.end, &splice.text);
        }
        self.tree = syntax::parse(&self.text).tree;
        self.intended = intended;
    }

    /// The text, if its values are exactly the intended ones.
    pub fn finish(self) -> Result<String, Refusal> {
        let parsed = syntax::parse(&self.text);
        let resolved = resolve(&parsed.tree);
        let broken = parsed.error.is_some() || resolved.error.is_some();
        if broken || resolved.root.to_json() != self.intended {
            return Err(if has_alias(&self.tree) {
                Refusal::new(
                    "shared-value",
                    "this can't be changed alone: other lines share it through an anchor (`&name`). Change it in the text",
                )
            } else {
                Refusal::new(
                    "not-possible",
                    "the way this is written can't be changed without changing something else. Change it in the text",
                )
            });
        }
        Ok(self.text)
    }

    fn replace(&mut self, splice: &Splice) {
        self.text.replace_range(splice.place.start..splice.place.end, &splice.text);
        self.tree = syntax::parse(&self.text).tree;
    }

    fn splice(&self, change: &Change) -> Result<Splice, Refusal> {
        let habits = Habits::of(&self.text, &self.tree);
        match change {
            Change::Set { path, value } => self.set(path, value, &habits),
            Change::Remove { path } => match find(&self.tree, path) {
                Found::Value(_) => remove::remove(&self.text, &self.tree, path),
                Found::Until { depth, .. } | Found::Blocked { depth, .. } if depth > 2 => {
                    let holder = &path[..depth];
                    let emptied = at(&self.intended, holder).is_none();
                    if emptied && matches!(find(&self.tree, holder), Found::Value(_)) {
                        // The removed value was the last entry of the aliased value, so the key with the alias is
                        // removed.
                        remove::remove(&self.text, &self.tree, holder)
                    } else {
                        self.copy(path, depth, &habits)
                    }
                }
                // Writing out a whole service only to omit one of its keys would change more than requested.
                _ => Err(Refusal::new(
                    "shared-value",
                    format!(
                        "`{}` comes from a merge (`<<`) or an alias, so it can't be removed here alone. Change what is \
                         merged, in the text, or set another value here",
                        path.join(".")
                    ),
                )),
            },
            Change::Rename { path, to } => match find(&self.tree, path) {
                // The value is shared, so the service gets its own copy with the new name.
                Found::Until { depth, .. } | Found::Blocked { depth, .. } if path.len() > 3 => {
                    let depth = depth.max(3);
                    if self.has_comments(&path[..depth]) {
                        return Err(Refusal::new(
                            "shared-value",
                            format!(
                                "`{}` comes from a merge (`<<`) or an alias. Writing out its copy here would lose the comments \
                                 beside it. Change it in the text",
                                path.join(".")
                            ),
                        ));
                    }
                    self.copy(path, depth, &habits)
                }
                _ => rename::rename(&self.tree, path, to, &habits),
            },
        }
    }

    /// Whether comments stand between the entries of this value.
    fn has_comments(&self, path: &[String]) -> bool {
        let Found::Value(chain) = find(&self.tree, path) else { return false };
        let Some(Step::Pair { pair, .. }) = chain.last() else { return false };
        let written = self.text.get(pair.key.end()..pair.end()).unwrap_or_default();
        written.lines().any(|line| line.trim_start().starts_with('#') || line.contains(" #"))
    }

    fn set(&self, path: &Path, value: &Value, habits: &Habits) -> Result<Splice, Refusal> {
        if let Found::Until { depth, .. } = find(&self.tree, path) {
            // If the step comes from a merge, the entries below it must not get lost.
            let merged = at(&self.resolved(), &path[..=depth]).is_some();
            if merged && depth + 1 < path.len() {
                return self.copy(path, depth + 1, habits);
            }
        }
        match set::set(&self.text, &self.tree, path, value, habits)? {
            Way::Splice(splice) => Ok(splice),
            Way::Copy { depth } => self.copy(path, depth, habits),
        }
    }

    /// Writes out the changed value at `depth`, where the document only has an alias or a merge.
    fn copy(&self, path: &Path, depth: usize, habits: &Habits) -> Result<Splice, Refusal> {
        let path = path[..depth.max(1).min(path.len())].to_vec();
        let Some(value) = at(&self.intended, &path) else {
            return Err(Refusal::missing(&path));
        };
        match set::set(&self.text, &self.tree, &path, value, habits)? {
            Way::Splice(splice) => Ok(splice),
            Way::Copy { .. } => Err(Refusal::missing(&path)),
        }
    }

    fn resolved(&self) -> Value {
        resolve(&self.tree).root.to_json()
    }
}

/// Whether anything is shared: through an alias, which a merge needs too.
fn has_alias(tree: &Tree) -> bool {
    matches!(tree.kind, NodeKind::Alias(_))
        || tree.pairs().iter().any(|pair| has_alias(&pair.key) || has_alias(&pair.value))
        || tree.items().iter().any(|item| has_alias(&item.node))
}

fn at<'v>(root: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(root, |value, step| match value {
        Value::Object(entries) => entries.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}
