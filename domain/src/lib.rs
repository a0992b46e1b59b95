//! What Stacker knows about stacks, without doing anything: no I/O, no async, no clock, no SQL.
//!
//! The same code runs in the browser, on the server, in the command line and in the agent.
//!
//! - [`compose`] reads a compose file into a [`compose::Model`] and makes lossless changes to its text
//! - [`stack`] is the stack a person works on: text, model, canvas, and the [`stack::Edit`]s on it
//! - [`check`] is the rule engine
//! - [`form`] is the wire form of existing clients
//! - [`catalog`] holds the apps and how they are wired
//! - [`command`] is what agents are told: types, parameters, and the life of one command
//! - [`deploy`] is a stack on a host: plans, revisions' outcomes, what the agent sees there
//! - [`policy`] is what a host lets stacks do
//! - [`access`] names roles, resources and actions
//! - [`audit`] is the log of who did what: its lines, what can be asked of it, how it leaves as a file
//! - [`confirm`] is the name that is typed before something goes for good
//! - [`problem`] is what a client is told when a use case fails
//! - [`api`] holds the bodies of requests and answers

pub mod access;
pub mod api;
pub mod audit;
pub mod catalog;
pub mod check;
pub mod command;
pub mod compose;
pub mod confirm;
pub mod deploy;
pub mod form;
pub mod policy;
pub mod problem;
pub mod stack;
