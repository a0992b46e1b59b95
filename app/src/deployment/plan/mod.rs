//! The plan of a deployment: what it would change on the host, shown before anything changes, and the command that applies it.

mod dialog;
mod flow;
mod view;

pub use dialog::PlanDialog;
pub use flow::{PlanFlow, Wish};
pub use view::PlanView;
