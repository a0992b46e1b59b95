//! Stacks on hosts: what is asked of our agent, the plan it makes, what it says about the host, and the life of a deployment.
//!
//! The same types travel through server, agent and browser.

mod compute;
mod compute_reasons;
#[cfg(test)]
mod compute_tests;
#[cfg(test)]
mod corpus;
mod effective;
mod env_file;
mod extends;
mod host;
mod interpolate;
mod inventory;
mod life;
mod paths;
mod plan;
mod requests;

pub use compute::{Desired, Pull, compute};
pub use effective::Effective;
pub use env_file::read_env_file;
pub use host::{
    ContainerState, Drift, DriftKind, Health, HostResources, HostState, ServiceState, StackState,
};
pub use inventory::{FoundContainer, Inventory, TakenPort};
pub use life::DeploymentStatus;
pub use plan::{Plan, PlannedPort, PlannedVolume, Refused, ServiceAction, ServicePlan, VolumeAction};
pub use requests::{DeployOutcome, DeployResult, DeployStack, PlanResult, PlanStack, RemoveStack, StackName};

/// A value as the engine takes it: in the effective file each dollar sign stands twice.
pub(crate) fn literal(text: &str) -> String {
    text.replace("$$", "$")
}
