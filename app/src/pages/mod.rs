//! One file or folder per route: each loads its data and lays it out. `routes.rs` lists the routes.
//!
//! A page that needs several files is a folder: `mod.rs` is the page, and state that its parts share is in a file of its own.

mod agreements;
mod audit;
mod builder;
mod callbacks;
mod clouds;
mod credentials;
mod deployment;
mod deployments;
mod hosts;
mod not_found;
mod people;
mod projects;
mod ratings;
mod rules;
mod sign_in;

pub use agreements::AgreementsPage;
pub use audit::AuditPage;
pub use builder::BuilderPage;
pub use callbacks::CallbacksPage;
pub use clouds::CloudsPage;
pub use credentials::CredentialsPage;
pub use deployment::DeploymentPage;
pub use deployments::DeploymentsPage;
pub use hosts::HostsPage;
pub use not_found::NotFoundPage;
pub use people::PeoplePage;
pub use projects::ProjectsPage;
pub use ratings::RatingsPage;
pub use rules::RulesPage;
pub use sign_in::SignInPage;
