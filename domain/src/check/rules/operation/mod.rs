//! What makes a stack hard to run: limits, restarts, health, and lines without effect.

pub mod build_and_image;
pub mod environment_duplicate;
pub mod healthcheck_missing;
pub mod key_deprecated;
pub mod key_recent;
pub mod limits_missing;
pub mod port_base_60;
pub mod restart_missing;
pub mod version_obsolete;
pub mod volume_anonymous;
pub mod volume_shared;
