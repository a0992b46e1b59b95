//! Stacks on hosts, as people see them: states, plans, progress, services, logs, history.
//!
//! Used by the pages of deployments and hosts and by the builder. Pure, and tested natively: [`live`], [`differences`],
//! [`words`].

pub mod differences;
pub mod live;
pub mod words;

mod drift;
mod following;
mod history;
mod logs;
mod plan_flow;
mod plan_view;
mod removal;
mod services;
mod stream;
mod work;

pub use drift::DriftBanner;
pub use following::follow_live;
pub use history::{History, PlanDialog};
pub use logs::Logs;
pub use plan_flow::{PlanFlow, Wish};
pub use plan_view::PlanView;
pub use removal::Removal;
pub use services::{ServiceControls, ServiceStatus, Services};
pub use stream::{Connection, follow};
pub use work::WorkPanel;
