//! Commands for agents: their types, parameters and results, and the life of a command.
//!
//! To add a known type, add a variant to [`CommandKind`], its parameters to [`parameters`], and its result to
//! [`result`] if clients rely on the shape. A type that only third-party agents run is a line in [`foreign`]. Unknown
//! types pass through unchanged, as existing clients expect.

pub mod code;
mod failure;
mod foreign;
mod kind;
mod life;
mod parameters;
mod priority;
mod report;
mod result;

pub use failure::{failure_text, has_failure_code};
pub use kind::{CommandKind, CommandType, InvalidCommandType, names_of_looks};
pub use life::{Ending, Event, Lease, MAX_DELIVERIES, State, Step, step};
pub use parameters::{CancelCommand, InvalidParameters, normalise_parameters};
pub use priority::Priority;
pub use report::{ReportedOutcome, outcome_of};
pub use result::check_result;
