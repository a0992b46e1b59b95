//! The policy rules about files of the host that compose reads.

use super::{
    paths::Reach,
    policy_input::{PolicyInput, text, texts},
};
use crate::compose::yaml::Node;

const RULE: &str = "allow_outside_files";

/// Forbids `include`: the agent receives only one file, and the others have not been checked.
pub fn includes(input: &mut PolicyInput<'_>) {
    let included = input.model.root.get("include").is_some_and(|include| !include.is_null());
    if included && !input.policy.allow_outside_files {
        input.refuse(
            RULE,
            "`include` reads compose files that aren't checked; `allow_outside_files: true` would allow it",
        );
    }
}

/// The top-level `secrets` and `configs`.
pub fn declared(input: &mut PolicyInput<'_>) {
    for kind in ["secrets", "configs"] {
        let Some(resources) = input.model.root.get(kind) else { continue };
        for entry in resources.entries() {
            if let Some(file) = entry.value.get("file") {
                inside(input, &format!("{kind} `{}`", entry.key), text(file));
            }
            for unknown in entry.value.entries() {
                let known = ["file", "environment", "content", "external", "name", "labels"];
                if !known.contains(&unknown.key.as_str()) && !unknown.key.starts_with("x-") {
                    input.refuse(
                        "allow_keys",
                        format!(
                            "{kind} `{}`: this agent doesn't know what `{}` does",
                            entry.key, unknown.key
                        ),
                    );
                }
            }
        }
    }
}

pub fn look(input: &mut PolicyInput<'_>, node: &Node) {
    if let Some(extends) = node.get("extends")
        && extends.get("file").is_some_and(|file| !file.is_null())
        && !input.policy.allow_outside_files
    {
        input.refuse(
            RULE,
            "`extends` with a `file` reads a compose file that isn't checked; `allow_outside_files: true` would allow it",
        );
    }
    for key in ["env_file", "label_file"] {
        let Some(value) = node.get(key) else { continue };
        let items = if value.items().is_empty() { std::slice::from_ref(value) } else { value.items() };
        for item in items.iter().filter(|item| !item.is_null()) {
            inside(input, &format!("`{key}`"), text(item.get("path").unwrap_or(item)));
        }
    }
    for kind in ["secrets", "configs"] {
        // Both the short and the long form contain only names here. A list of anything else is refused.
        let Some(value) = node.get(kind) else { continue };
        let readable = texts(value).is_some()
            || value.items().iter().all(|item| item.get("source").unwrap_or(item).text().is_some());
        if !readable {
            input.refuse(RULE, format!("`{kind}` can't be read"));
        }
    }
}

/// Forbids a file outside the stack's folder. The paths in the effective file are already absolute.
fn inside(input: &mut PolicyInput<'_>, what: &str, path: Option<String>) {
    if input.policy.allow_outside_files {
        return;
    }
    let path = path.unwrap_or_default();
    if input.around.reach(&path, &input.policy.bind_roots) != Reach::Allowed {
        input.refuse(
            RULE,
            format!("{what}: the file `{path}` is outside the stack's folder; `allow_outside_files: true` would allow it"),
        );
    }
}
