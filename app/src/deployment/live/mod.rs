//! A deployment while it runs: what its agent reports, followed as it happens.
//!
//! [`Live`] is the state, [`follow_live`] keeps it up to date from the server's event stream, and the rest draws it.

mod agent_age;
mod follow;
mod services;
mod state;
mod steps;
mod stream;
mod work;

pub use agent_age::agent_age;
pub use follow::follow_live;
pub use services::{ServiceControls, ServiceStatus, Services};
pub use state::{EndedCommand, Live};
pub use steps::{Step, steps};
pub use stream::{Connection, follow};
pub use work::WorkPanel;
