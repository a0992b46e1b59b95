//! Deploying to a cloud through the install service: what is sent to it, and what it reports.
//!
//! - [`what_a_cloud_cannot_carry`] refuses what needs files that only the user has
//! - [`filled`] makes the copy that is sent: without variables
//! - [`InstallMessage`] is the message, key by key as installers of 0.2.1 read it
//! - [`Progress`] is what the install service reports
//! - [`transition`] decides what a report does to the deployment

mod carry;
mod filled;
#[cfg(test)]
mod filled_tests;
mod message;
#[cfg(test)]
mod message_tests;
mod progress;
#[cfg(test)]
mod progress_tests;
mod transition;

pub use carry::{Refused, what_a_cloud_cannot_carry};
pub use filled::{MissingVariable, filled};
pub use message::{ConfigFile, InstallMessage, MessageCloud, RegistryCredentials, config_files};
pub use progress::{Progress, ProgressError};
pub use transition::{Ignored, Outcome, transition};
