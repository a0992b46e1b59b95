//! Stacks on hosts, grouped by what the user sees. Used by the pages of deployments and hosts and by the Stack Builder.
//!
//! - [`live`]: state, services and the running command, as they happen
//! - [`plan`]: what a deployment would change, and applying it
//! - `history`: revisions, what differs between them, going back
//! - `drift`: what was changed on the host by hand
//! - `logs`: what a service writes
//! - `install`: what the install service does for a deployment to a cloud
//! - `removal`: taking a deployment down
//! - `agreed`: what has to be accepted first
//! - `add_host`: letting a new host join
//! - `host_stream`: the hosts of an account, as they happen
//! - [`differences`]: which services of a project are not deployed yet; pure
//! - [`words`]: names and signs of all states; pure
//!
//! These modules do not depend on pages or on the builder, which place them.

pub mod differences;
pub mod live;
pub mod plan;
pub mod words;

mod add_host;
mod agreed;
mod drift;
mod history;
mod host_stream;
mod install;
mod logs;
mod removal;

pub(crate) use add_host::{AddHost, Joining, MAX_HOST_NAME_CHARACTERS, what_is_missing};
pub use agreed::Agreed;
pub use drift::DriftBanner;
pub use history::History;
pub(crate) use host_stream::{follow_hosts, follow_hosts_and_machines};
pub use install::InstallPanel;
pub use live::{
    Connection, ServiceControls, ServiceStatus, Services, WorkPanel, agent_age, follow, follow_live,
};
pub use logs::Logs;
pub use plan::{PlanDialog, PlanFlow, PlanView, Wish};
pub use removal::Removal;
