//! Writes the files of the revision into the stack's folder, before images are pulled.

use super::{deployment::Deployment, plan::Ready, render, variables};
use crate::agent::{engine::compose::Compose, failure::Failure, stacks::revision::StagedFile};

pub fn revision(deployment: &Deployment<'_>, ready: &Ready, compose: &Compose) -> Result<(), Failure> {
    let (folder, request) = (&deployment.folder, &deployment.request);
    folder.make()?;
    let text = render::render(&ready.effective, &ready.extras.fingerprints, compose.dialect)?;
    let env = variables::env_file(&ready.effective, &folder.project(), &request.variables)?;
    let files: Vec<StagedFile> = deployment.additions.files.iter().cloned().chain(env).collect();
    Ok(deployment.files().write(&request.compose, &text, &ready.extras, &files)?)
}
