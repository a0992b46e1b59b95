//! Commands and agents: made, fetched, reported, and what happens when somebody does not do their part.

mod agents;
mod interleavings;
mod lifecycle;
mod waiting;
pub mod world;
