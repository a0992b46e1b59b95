//! Projects as the form of existing clients.

use domain::{access::Caller, api::Project};
use serde_json::Value;

use super::{Projects, error::ProjectError};

impl Projects {
    pub async fn create_from_form(&self, _caller: &Caller, _body: Value) -> Result<Project, ProjectError> {
        Err(ProjectError::Internal(anyhow::anyhow!("form")))
    }

    pub async fn update_from_form(
        &self,
        _caller: &Caller,
        _id: i32,
        _body: Value,
        _expected: Option<i32>,
    ) -> Result<Project, ProjectError> {
        Err(ProjectError::Internal(anyhow::anyhow!("form")))
    }
}
