//! For programs that use this library to talk to a Stacker server, or to something that speaks as one.

mod agent_client;

pub use agent_client::AgentClient;
