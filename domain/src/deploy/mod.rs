//! Stacks on hosts: requests to Stacker's agent, the plan it computes, the state it reports, and the life of a
//! deployment.
//!
//! Server, agent and browser share these types.

mod compose_missing;
mod compute;
mod compute_reasons;
#[cfg(test)]
mod compute_tests;
#[cfg(test)]
mod corpus;
mod effective;
#[cfg(test)]
mod effective_tests;
mod engine_missing;
mod env_file;
mod extends;
mod host;
mod interpolate;
mod inventory;
mod life;
mod passed_variables;
mod paths;
mod plan;
mod requests;

pub use compose_missing::{ComposeMissing, ComposePackages};
pub use compute::{Desired, Pull, compute};
pub use effective::Effective;
pub use engine_missing::{EngineMissing, WhyMissing};
pub use env_file::{read_env_file, write_env_file};
pub use host::{
    ContainerState, Drift, DriftKind, Health, HostResources, HostState, ServiceState, StackState,
};
pub(crate) use interpolate::Interpolation;
pub use inventory::{FoundContainer, Inventory, TakenPort};
pub use life::DeploymentStatus;
pub use plan::{Blocker, Plan, PlannedPort, PlannedVolume, ServiceAction, ServicePlan, VolumeAction};
pub use requests::{DeployOutcome, DeployResult, DeployStack, PlanResult, PlanStack, RemoveStack, StackName};

/// A value as the engine reads it: in the effective file each dollar sign is doubled.
pub(crate) fn literal(text: &str) -> String {
    text.replace("$$", "$")
}
