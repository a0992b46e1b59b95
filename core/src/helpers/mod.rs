//! For programs that use this library to talk to a Stacker server or to a compatible one.

mod agent_client;

pub use agent_client::AgentClient;

/// Checks that the example in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
