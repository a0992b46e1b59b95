//! What a host allows stacks to do: the policy file of Stacker's agent, and the rules that enforce it.
//!
//! In general, whatever reaches out of its container is refused unless the policy file allows it; the rest is
//! allowed. Keys of a compose file that are not known here are refused, too.
//!
//! The rules check the *effective* file ([`crate::deploy::Effective`]): variables replaced, aliases and merges
//! resolved, exactly the text that the engine receives, so that no other interpretation is possible.
//!
//! To add a rule: a function in the file it belongs to, called from [`check`]; if it can be allowed, a key in
//! [`Policy`], a line in `docs/agents.md`.

mod containers;
mod files;
mod images;
mod keys;
mod logging;
mod mounts;
mod networks;
mod paths;
mod policy_file;
mod policy_input;
mod ports;

#[cfg(test)]
mod tests;

pub use paths::{Surroundings, is_within};
pub use policy_file::{Policy, PolicyFileError};

use crate::{
    compose::yaml::Value,
    deploy::{Blocker, Effective},
};
use policy_input::PolicyInput;

/// At most this many are reported: they have to be fixed first.
const MOST_REFUSALS: usize = 100;

/// Everything that the policy forbids about a stack. Empty: it can be deployed.
pub fn check(policy: &Policy, effective: &Effective, around: &Surroundings<'_>) -> Vec<Blocker> {
    let mut input =
        PolicyInput { policy, around, model: effective.model(), service: None, refused: Vec::new() };
    keys::top_level(&mut input);
    files::includes(&mut input);
    mounts::declared_volumes(&mut input);
    networks::declared(&mut input);
    files::declared(&mut input);
    for service in &effective.model().services {
        let Some(node) = effective.model().root.at(&["services", &service.name]) else { continue };
        input.service = Some(service.name.clone());
        if !matches!(node.value, Value::Mapping(_)) {
            input.refuse("unknown_keys", "it is no mapping: nobody can say what it would do");
            continue;
        }
        keys::of_service(&mut input, node);
        containers::look(&mut input, node);
        mounts::look(&mut input, service, node);
        networks::look(&mut input, service, node);
        files::look(&mut input, node);
        images::look(&mut input, service);
        ports::look(&mut input, service);
        logging::look(&mut input, node);
    }
    let mut refused = input.refused;
    refused.truncate(MOST_REFUSALS);
    refused
}
