//! The domain of Stacker: compose files, stacks, deployment plans, commands and permissions, as pure types and rules.
//!
//! The same code runs in the browser, on the server, in the command line and in the agent. Therefore this crate must
//! not use I/O, async, the clock, randomness, SQL or HTTP: everything a rule needs is a parameter.
//!
//! # Where to start reading
//! [`stack::Stack`] is the centre: a compose text, the [`compose::Model`] read from it, and the canvas. Follow one change
//! from there: [`stack::Edit`] → [`stack::Stack::apply`] → [`compose::change`] → [`check::check`].
//!
//! # Modules, lowest first
//! - [`compose`] reads a compose file into a model and makes lossless changes to its text
//! - [`finding`] is what reading and the check rules report about a file
//! - [`stack`] is the stack a user works on, and the edits on it
//! - [`catalog`] holds the well-known apps, how they are wired, and which settings they require
//! - [`check`] is the rule engine
//! - [`deploy`] describes a stack on a host: the effective file, the plan, the agent's reports, and the life of a
//!   deployment
//! - [`policy`] checks a stack against the policy file of a host
//! - [`command`] holds the commands for agents: types, parameters, results, and the life of a command
//! - [`access`] holds roles, resources and actions
//! - [`problem`] is what a client is told when a use case fails
//! - [`api`] holds the bodies of requests and answers
//! - [`form`] is the project form of existing clients, a view of the stack
//! - [`audit`] is the audit log: its lines, its queries, its export
//! - [`confirm`] checks the name that a user types to confirm a deletion
//!
//! Dependencies between files form no cycle, and a module depends only on modules listed before it, with two exceptions:
//! - `finding.rs` and `compose/shape/walk.rs` name `stack/edit.rs`, because a finding may offer an edit as its fix. It
//!   holds only data; of the modules above it uses `compose/place.rs` and `compose/model.rs`.
//! - `stack/apply/services.rs` names `catalog/definition.rs`, because an edit may add an app of the catalogue. The files
//!   of the catalogue that this needs do not depend on the stack.

pub mod access;
pub mod api;
pub mod audit;
pub mod catalog;
pub mod check;
pub mod command;
pub mod compose;
pub mod confirm;
pub mod deploy;
pub mod finding;
pub mod form;
pub mod policy;
pub mod problem;
pub mod stack;
