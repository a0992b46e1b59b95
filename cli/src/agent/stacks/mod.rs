//! What the agent stores about the stacks of this host, and how it detects that a stack was changed by hand. `deploy` writes it.

pub mod drift;
pub mod folder;
pub mod record;
pub mod revision;
