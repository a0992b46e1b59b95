//! Stacks on this host: their folders, and how one is brought up.

pub mod deploy;
pub mod drift;
mod ending;
pub mod gate;
mod host;
pub mod planning;
pub mod prepare;
pub mod real_path;
pub mod record;
pub mod render;
pub mod staged;
mod variables;
