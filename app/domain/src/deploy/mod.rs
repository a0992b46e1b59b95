//! Stacks on hosts: what is asked of our agent, the plan it makes, what it says about the host, and the life of a deployment.
//!
//! The same types travel through server, agent and browser.

mod host;
mod life;
mod plan;
mod requests;

pub use host::{
    ContainerState, Drift, DriftKind, Health, HostResources, HostState, ServiceState, StackState,
};
pub use life::DeploymentStatus;
pub use plan::{Plan, PlannedPort, PlannedVolume, Refused, ServiceAction, ServicePlan, VolumeAction};
pub use requests::{DeployOutcome, DeployResult, DeployStack, PlanResult, PlanStack, RemoveStack, StackName};
