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
//! - [`rights`] knows what gives a container rights on its host
//! - [`finding`] is what reading and the check rules report about a file
//! - [`reporting`] is what of it a project wants to see
//! - [`refusal`] is why an edit is declined, and what can be done instead
//! - [`stack`] is the stack a user works on, and the edits on it
//! - [`catalog`] holds the well-known apps, how they are wired, and which settings they require
//! - [`check`] is the rule engine
//! - [`format`] gives a compose file its canonical form
//! - [`difference`] compares two compose files in meaning
//! - [`language`] is what editors ask about a text: completion, hover, definitions
//! - [`docker_run`] turns `docker run` commands into edits
//! - [`deploy`] describes a stack on a host: the effective file, the plan, the agent's reports, and the life of a
//!   deployment
//! - [`policy`] checks a stack against the policy file of a host
//! - [`command`] holds the commands for agents: types, parameters, results, and the life of a command
//! - [`access`] holds roles, resources and actions
//! - [`problem`] is what a client is told when a use case fails
//! - [`api`] holds the bodies of requests and answers
//! - [`form`] is the project form of existing clients, a view of the stack
//! - [`cloud`] holds clouds, their keys and servers, and the request to deploy to one
//! - [`install`] is what the install service is sent, and what its reports mean
//! - [`images`] is what registries are asked about a stack
//! - [`marketplace`] is what templates ask of the people who deploy them, and what the User Service is told
//! - [`rating`] holds ratings of products, and what many of them say together
//! - [`agreement`] holds texts that people accept
//! - [`audit`] is the audit log: its lines, its queries, its export
//! - [`confirm`] checks the name that a user types to confirm a deletion
//!
//! Dependencies between files form no cycle, and a module depends only on modules listed before it, with two exceptions:
//! - `finding.rs`, `refusal.rs` and `compose/shape/walk.rs` name `stack/edit.rs`, because a finding may offer an edit as
//!   its fix, and a refusal the edits to choose from. They hold only data; of the modules above they use
//!   `compose/place.rs` and `compose/model.rs`.
//! - `stack/apply` names the catalogue: an edit may add an app, and must know which variables name a host and which
//!   services use each other. The catalogue depends on the stack as data (`stack/state.rs`, `stack/edit.rs`,
//!   `stack/canvas.rs`, `stack/values.rs`) and never applies an edit.

pub mod access;
pub mod agreement;
pub mod api;
pub mod audit;
pub mod callback;
pub mod catalog;
pub mod check;
pub mod cloud;
pub mod command;
pub mod compose;
pub mod confirm;
pub mod deploy;
pub mod difference;
pub mod docker_run;
pub mod finding;
pub mod form;
pub mod format;
pub mod images;
pub mod install;
pub mod language;
pub mod marketplace;
pub mod policy;
pub mod problem;
pub mod rating;
pub mod refusal;
pub mod reporting;
pub mod rights;
pub mod stack;
