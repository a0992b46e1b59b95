//! What a host lets stacks do: the policy file of our agent, and the rules it sets.
//!
//! The rule of thumb: what reaches out of its container is refused unless the file allows it, the rest is allowed. Keys
//! of a compose file that nobody here has thought about are refused too.
//!
//! The rules look at the *effective* file ([`crate::deploy::Effective`]): variables put in, aliases and merges resolved,
//! the very text that is given to the engine, so that nothing can mean one thing here and another there.
//!
//! Another rule: a function in the file it belongs to, called from [`check`]; if it can be allowed, a key in
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
mod ports;
mod subject;

#[cfg(test)]
mod tests;

pub(crate) use images::is_pinned;
pub use paths::{Surroundings, is_within, normal};
pub use policy_file::{Policy, PolicyProblem};

use crate::{
    compose::yaml::Value,
    deploy::{Effective, Refused},
};
use subject::Subject;

/// As many are reported; who sees them mends those first.
const MOST_REFUSALS: usize = 100;

/// Everything the policy forbids about a stack. Empty: it may be deployed.
pub fn check(policy: &Policy, effective: &Effective, around: &Surroundings<'_>) -> Vec<Refused> {
    let mut subject =
        Subject { policy, around, model: effective.model(), service: None, refused: Vec::new() };
    keys::top_level(&mut subject);
    files::includes(&mut subject);
    mounts::declared_volumes(&mut subject);
    networks::declared(&mut subject);
    files::declared(&mut subject);
    for service in &effective.model().services {
        let Some(node) = effective.model().root.at(&["services", &service.name]) else { continue };
        subject.service = Some(service.name.clone());
        if !matches!(node.value, Value::Mapping(_)) {
            subject.refuse("unknown_keys", "it is no mapping: nobody can say what it would do");
            continue;
        }
        keys::of_service(&mut subject, node);
        containers::look(&mut subject, node);
        mounts::look(&mut subject, service, node);
        networks::look(&mut subject, service, node);
        files::look(&mut subject, node);
        images::look(&mut subject, service);
        ports::look(&mut subject, service);
        logging::look(&mut subject, node);
    }
    let mut refused = subject.refused;
    refused.truncate(MOST_REFUSALS);
    refused
}
