//! What arrives from the message broker: decode, call a use case, acknowledge.

mod progress;

pub use progress::ProgressConsumer;
