//! Work on texts of up to a megabyte takes up to a second: not on the threads that answer everybody else.

use anyhow::Context as _;

use super::error::ProjectError;

pub async fn compute<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ProjectError> + Send + 'static,
) -> Result<T, ProjectError> {
    tokio::task::spawn_blocking(work).await.context("working on a compose file")?
}
