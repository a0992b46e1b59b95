//! The state of an open builder: signals, what changes them, and how it reaches the server and this browser's storage.
//!
//! Start with [`session`]: its fields are the parts, one file each. Nothing here draws anything.

pub mod actions;
pub mod document;
pub mod local_draft;
pub mod notices;
pub mod operation;
pub mod panels;
pub mod saving;
pub mod selected;
pub mod server_copy;
pub mod session;
pub mod shortcuts;
pub mod view_port;
