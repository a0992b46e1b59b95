//! The state of an open builder: signals, the functions that change them, and saving to the server and the browser's storage.
//!
//! Start with [`session`]: its fields are the parts of the state, one file each. Nothing here draws anything.

pub mod actions;
pub mod catching_up;
pub mod document;
pub mod image_checks;
pub mod local_draft;
pub mod new_text;
pub mod notices;
pub mod operation;
pub mod panel_sizes;
pub mod panels;
pub mod saving;
pub mod selected;
pub mod server_copy;
pub mod session;
pub mod shortcuts;
pub mod view_port;
