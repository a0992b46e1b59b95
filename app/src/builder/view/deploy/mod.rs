//! From the canvas to a host and back: deploying the stack, and the state of the running services on the same canvas.

mod cloud_order;
mod dialog;
mod images;
mod live_service;
mod live_state;
mod live_strip;
mod switch;
mod target;

pub use dialog::DeployDialog;
pub use live_service::{LiveLogs, LiveService};
pub use live_state::LiveLine;
pub use live_strip::LiveStrip;
pub use switch::{DeployButton, ModeSwitch};
