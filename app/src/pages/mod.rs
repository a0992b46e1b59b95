//! One file per route: load, lay out. `routes.rs` lists them.

mod builder;
mod failure;
mod new_project;
mod not_found;
mod notice_line;
mod project_row;
mod projects;
mod sign_in;
mod signed_in;

pub use builder::BuilderPage;
pub use not_found::NotFoundPage;
pub use projects::ProjectsPage;
pub use sign_in::SignInPage;
pub use signed_in::SignedIn;
