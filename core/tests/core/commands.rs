//! Commands and agents: creating, fetching and reporting commands, and what happens when an agent or a server fails.

mod agents;
mod interleavings;
mod lifecycle;
mod waiting;
pub mod world;
