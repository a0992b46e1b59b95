//! Stacks on hosts, as people see them: states, plans, progress, services, logs, history.
//!
//! Used by the pages of deployments and hosts and by the builder. Pure, and tested natively: [`live`], [`differences`],
//! [`words`].

pub mod differences;
pub mod live;
pub mod words;

mod stream;

pub use stream::{Connection, follow};
