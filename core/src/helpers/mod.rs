//! For programs that use this library to talk to a Stacker server, or to something that speaks as one.

mod agent_client;

pub use agent_client::AgentClient;

/// What the README shows compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
