//! Bodies of requests and answers, shared by server, browser and command line.

mod envelope;
mod project;

pub use envelope::{Envelope, ErrorBody, FieldError};
pub use project::*;
