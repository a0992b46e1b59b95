//! From `connectors.dockerhub_service` in the configuration to Docker Hub.

use std::sync::Arc;

use anyhow::Context as _;

use super::{BrowseCache, BrowseSettings, DockerHub, DockerHubClient, MemoryCache, NoDockerHub, RedisCache};
use crate::config::{DockerHubSettings, Settings};

/// Docker Hub as it is configured, or [`NoDockerHub`]. To be called inside a Tokio runtime. Nothing is connected yet.
pub fn docker_hub(settings: &Settings) -> anyhow::Result<Arc<dyn DockerHub>> {
    let settings = &settings.connectors.dockerhub_service;
    let Some(browse) = browse_settings(settings) else { return Ok(Arc::new(NoDockerHub)) };
    let cache: Arc<dyn BrowseCache> = match &settings.redis_url {
        Some(url) => Arc::new(RedisCache::new(url).context("`connectors.dockerhub_service.redis_url`")?),
        None => Arc::new(MemoryCache::default()),
    };
    let client = DockerHubClient::new(browse, cache).context("preparing to ask Docker Hub")?;
    Ok(Arc::new(client))
}

/// `None`: it is switched off.
fn browse_settings(settings: &DockerHubSettings) -> Option<BrowseSettings> {
    let base_url = settings.base_url.clone().filter(|_| settings.enabled)?;
    Some(BrowseSettings {
        base_url,
        timeout: settings.timeout,
        attempts: settings.retry_attempts,
        page_size: settings.page_size,
        namespaces_ttl: settings.cache_ttl_namespaces,
        repositories_ttl: settings.cache_ttl_repositories,
        tags_ttl: settings.cache_ttl_tags,
        username: settings.username.clone(),
        personal_access_token: settings.personal_access_token.clone(),
    })
}

#[cfg(test)]
mod tests {
    use crate::{
        config::Sources,
        connectors::docker_hub::{BrowseError, docker_hub},
    };

    async fn asked(configuration: &str) -> Option<BrowseError> {
        let sources = Sources::default().with_text("configuration.yaml", configuration);
        let hub = docker_hub(&crate::config::Settings::load(&sources).unwrap()).unwrap();
        hub.namespaces(None).await.err()
    }

    #[tokio::test]
    async fn what_is_switched_off_is_not_asked() {
        let off = "connectors:\n  dockerhub_service:\n    enabled: false\n";
        assert_eq!(asked(off).await, Some(BrowseError::Off));
    }

    #[tokio::test]
    async fn what_is_switched_on_is_asked_at_its_address() {
        // Nothing listens at port 1.
        let on = "connectors:\n  dockerhub_service:\n    enabled: true\n    base_url: http://127.0.0.1:1\n    retry_attempts: 1\n";
        assert_eq!(asked(on).await, Some(BrowseError::Unavailable));
    }
}
