//! Images: what is at Docker Hub, what registries say about the images of a project, and credentials for private ones.
//!
//! - [`browse`]: namespaces, repositories and tags of Docker Hub
//! - [`while_editing`], [`tags`]: what the builder asks: about single images, and which tags there are
//! - [`check`]: asks registries about the images of a project
//! - [`look_up`]: the questions themselves, many at once within one deadline; deployments ask them too
//! - [`credentials`]: adds and changes credentials, and opens those of a project

mod browse;
mod check;
mod credentials;
mod error;
mod look_up;
mod tags;
mod while_editing;

use std::sync::Arc;

use domain::access::{Action, Caller, Resource, may};

pub use error::ImageError;
pub(super) use look_up::{BeforeDeploying, before_deploying};

use crate::services::core::Core;

#[derive(Clone, Debug)]
pub struct Images {
    core: Arc<Core>,
}

impl Images {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }
}

fn allow(caller: &Caller, action: Action) -> Result<(), ImageError> {
    if may(caller, Resource::Registry, action) { Ok(()) } else { Err(ImageError::Forbidden) }
}
