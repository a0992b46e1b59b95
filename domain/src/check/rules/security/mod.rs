//! What an attacker could use. The facts about rights are in [`crate::rights`], where the policy of hosts takes them, too.

pub mod admin_port;
pub mod capabilities;
pub mod engine_socket;
mod engine_tools;
mod host_folders;
pub mod host_namespace;
pub mod new_privileges;
pub mod privileged;
pub mod sensitive_mount;
pub mod unconfined;
pub mod weak_password;
mod weak_values;

use crate::compose::{variables::with_defaults, yaml::Node};

/// The text of a value, with variables replaced by their defaults; `None` if a variable has no default.
fn filled(node: &Node) -> Option<String> {
    with_defaults(&node.text()?)
}

/// The texts of a list of a service, each with its index and its node.
fn texts<'n>(body: &'n Node, key: &str) -> impl Iterator<Item = (usize, &'n Node, String)> {
    let items = body.get(key).map(Node::items).unwrap_or_default();
    items.iter().enumerate().filter_map(|(index, node)| Some((index, node, filled(node)?)))
}

/// Whether a switch is certainly on.
fn is_on(node: &Node) -> bool {
    filled(node).is_some_and(|text| ["true", "yes", "on", "y"].iter().any(|on| text.eq_ignore_ascii_case(on)))
}
