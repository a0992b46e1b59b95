//! From `connectors.registry` in the configuration to the registries.

use std::{sync::Arc, time::Instant};

use async_trait::async_trait;
use domain::compose::ImageReference;

use super::{
    CachedRegistry, Credential, ImageFacts, LookUpError, Registry, RegistryClient, RegistrySettings, Tags,
};
use crate::{config::Settings, connectors::outbound::OutboundClient};

/// The client behind its cache, or [`NoRegistry`]. One for the whole server.
pub fn registry(settings: &Settings) -> reqwest::Result<Arc<dyn Registry>> {
    let settings = &settings.connectors.registry;
    if !settings.enabled {
        return Ok(Arc::new(NoRegistry));
    }
    let outbound = OutboundClient::new(settings.outbound.clone())?;
    Ok(image_registry(outbound, settings.registry.clone()))
}

/// The real client behind its cache.
pub fn image_registry(outbound: OutboundClient, settings: RegistrySettings) -> Arc<dyn Registry> {
    Arc::new(CachedRegistry::new(Arc::new(RegistryClient::new(outbound, settings))))
}

/// What is there when registries are switched off.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRegistry;

#[async_trait]
impl Registry for NoRegistry {
    async fn look_up(
        &self,
        _image: &ImageReference,
        _credential: Option<&Credential>,
        _deadline: Instant,
    ) -> Result<ImageFacts, LookUpError> {
        Err(LookUpError::Off)
    }

    async fn tags(
        &self,
        _image: &ImageReference,
        _credential: Option<&Credential>,
        _deadline: Instant,
    ) -> Result<Tags, LookUpError> {
        Err(LookUpError::Off)
    }
}
