//! What a host allows stacks to do: the policy file of Stacker's agent, and the rules that enforce it.
//!
//! In general, anything that reaches outside its container is refused unless the policy file allows it; everything
//! else is allowed. Keys of a compose file that are not known here are refused, too.
//!
//! The rules check the *effective* file ([`crate::deploy::Effective`]): exactly the text that the engine receives,
//! with variables replaced and aliases and merges resolved. Therefore no other interpretation of the file is
//! possible.
//!
//! To add a rule, write a function in the file it belongs to and call it in [`check`]. If the policy file can allow
//! what the rule forbids, also add a key to [`Policy`] and a line to `docs/agents.md`.

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

pub use crate::rights::is_within;
pub use paths::Surroundings;
pub use policy_file::{Policy, PolicyFileError};

use crate::{
    compose::yaml::Value,
    deploy::{Blocker, Effective},
};
use policy_input::PolicyInput;

/// The maximum number of reported blockers. These must be fixed before any others matter.
const MOST_REFUSALS: usize = 100;

/// Everything in the stack that the policy forbids. If the list is empty, the stack can be deployed.
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
