//! What the agent stores about the stacks of this host, and how it notices that one was changed by hand. `deploy` writes here.

pub mod drift;
pub mod folder;
pub mod record;
pub mod revision;
