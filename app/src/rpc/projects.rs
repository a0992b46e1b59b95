//! Projects: list, open, save, import.

use domain::{
    api::{ProjectDraft, ProjectSummary},
    check::Finding,
    stack::{Canvas, Values},
};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

use super::RpcError;

/// A project created from a compose file, and its findings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    pub id: i32,
    pub findings: Vec<Finding>,
}

/// The caller's projects, last changed first. `search` looks in names and services.
#[server(endpoint = "projects/list", prefix = "/rpc")]
pub async fn list_projects(search: Option<String>) -> Result<Vec<ProjectSummary>, RpcError> {
    let caller = super::caller()?;
    let search = search.as_deref().map(str::trim).filter(|search| !search.is_empty());
    Ok(super::services()?.projects().summaries(&caller, search).await?)
}

/// Loads a project for the builder.
#[server(endpoint = "projects/load", prefix = "/rpc")]
pub async fn load_project(id: i32) -> Result<ProjectDraft, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.projects().get_draft(&caller, id).await?)
}

/// The builder's autosave. `values` holds the texts that were just typed or generated, and the numbers of stored ones. `version` is the version that the text is based on; returns the new version. Text that is not valid
/// YAML is not stored ([`RpcError::Unreadable`]). A project that was changed elsewhere is not overwritten
/// ([`RpcError::VersionConflict`], with the current draft).
#[server(endpoint = "projects/save", prefix = "/rpc", input = Json)]
pub async fn save_project(
    id: i32,
    version: i32,
    compose: String,
    canvas: Canvas,
    values: Values,
) -> Result<i32, RpcError> {
    let caller = super::caller()?;
    let draft = stacker::services::SaveDraft { version, compose, canvas, values };
    Ok(super::services()?.projects().save_draft(&caller, id, draft).await?)
}

#[server(endpoint = "projects/rename", prefix = "/rpc")]
pub async fn rename_project(id: i32, name: String) -> Result<ProjectDraft, RpcError> {
    let caller = super::caller()?;
    Ok(super::services()?.projects().rename(&caller, id, &name).await?)
}

/// Creates a project from a compose file, which is stored byte for byte.
#[server(endpoint = "projects/import", prefix = "/rpc", input = Json)]
pub async fn import_project(name: String, compose: String) -> Result<Imported, RpcError> {
    let caller = super::caller()?;
    let import = domain::api::ImportProject { name, compose };
    let (project, findings) = super::services()?.projects().import(&caller, import).await?;
    Ok(Imported { id: project.id, findings })
}
