//! The state of an open builder: signals, what changes them, and how it reaches the server and this browser's storage.
//!
//! Start with [`session`]. Nothing here draws anything.

pub mod actions;
pub mod frame;
pub mod local_draft;
pub mod operation;
pub mod saving;
pub mod session;
pub mod shortcuts;
