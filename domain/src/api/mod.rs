//! Bodies of requests and answers, shared by server, browser, command line and agent.

mod access;
mod account;
mod agent;
mod agent_place;
mod cloud_machine;
mod command;
mod deployment;
mod envelope;
mod event;
mod host;
mod host_setup;
mod image;
mod logs;
mod policy;
mod project;
mod sharing;
mod stored_json;

pub use access::*;
pub use account::{AccountUsage, Used};
pub use agent::*;
pub use agent_place::AgentPlace;
pub use cloud_machine::{CloudMachine, HostLists};
pub use command::*;
pub use deployment::*;
pub use envelope::{Envelope, ErrorBody, FieldError};
pub use event::*;
pub use host::*;
pub use host_setup::{HostProgram, HostSetup, SetupCommands, SetupWay, quoted};
pub use image::*;
pub use logs::*;
pub use policy::*;
pub use project::*;
pub use sharing::*;
pub use stored_json::StoredJson;
