//! What surrounds every page: the header, the title, and what is shown in place of a page.
//!
//! - [`SignedIn`]: the header of all pages behind the sign-in
//! - [`Loading`], [`Failure`]: shown in place of a page that is still loading or could not be loaded
//! - [`NeedsScripts`]: what a page says when scripts are switched off
//! - [`StartFailure`]: the notice shown when the page's code did not start

mod failure;
mod header;
mod loading;
mod needs_scripts;
mod start_failure;
mod title;

pub(crate) use failure::Failure;
pub(crate) use header::SignedIn;
pub(crate) use loading::Loading;
pub(crate) use needs_scripts::NeedsScripts;
#[cfg(feature = "ssr")]
pub(crate) use start_failure::START_FAILURE_ID;
pub(crate) use start_failure::StartFailure;
#[cfg(feature = "hydrate")]
pub use start_failure::show_start_failure;
pub(crate) use title::page_title;
