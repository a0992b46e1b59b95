//! Commands for agents: their types, what they take and give, and the life of one.
//!
//! A new known type: a variant of [`Kind`], its parameters in [`parameters`], its result in [`result`] where clients rely
//! on the shape; one that only agents of others run is a line in [`foreign`]. Types that are not known here pass through
//! unchanged, as existing clients expect.

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
pub use kind::{CommandType, CommandTypeProblem, Kind, names_of_looks};
pub use life::{Ending, Event, Lease, MAX_DELIVERIES, State, Step, step};
pub use parameters::{CancelCommand, ParameterProblem, normalise_parameters};
pub use priority::Priority;
pub use report::{ReportedOutcome, outcome_of};
pub use result::check_result;
