//! One file per route: load, lay out. `routes.rs` lists them.

mod access;
mod access_row;
mod add_host;
mod builder;
mod deployment;
mod deployments;
mod failure;
mod host_row;
mod hosts;
mod invite;
mod join_project;
mod new_credential;
mod new_project;
mod not_found;
mod notice_line;
mod people;
mod people_row;
mod project_row;
mod projects;
mod refresh;
mod sessions;
mod sign_in;
mod signed_in;

pub use access::AccessPage;
pub(crate) use add_host::{AddHost, Joining};
pub use builder::BuilderPage;
pub use deployment::DeploymentPage;
pub use deployments::DeploymentsPage;
pub use hosts::HostsPage;
pub use not_found::NotFoundPage;
pub use people::PeoplePage;
pub use projects::ProjectsPage;
pub use sign_in::SignInPage;
pub use signed_in::SignedIn;
