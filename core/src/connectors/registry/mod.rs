//! Image registries (OCI distribution, Docker Hub): does an image exist, for which platforms, how big is it, which tags are
//! there.
//!
//! - [`Registry`]: the questions; [`RegistryClient`] asks, [`CachedRegistry`] asks once for many, [`FakeRegistry`] is for tests
//! - [`registry`]: the client behind its cache, as it is configured; [`NoRegistry`] says that it is switched off
//!
//! Why not `oci-client`: it builds its own HTTP clients (version 0.18) and takes neither ours nor a resolver, so the addresses
//! that it connects to could not be checked. The types of manifests are those of `oci-spec`; the requests are ours.
//!
//! Source of the requests: <https://github.com/opencontainers/distribution-spec/blob/main/spec.md>, and for tokens
//! <https://distribution.github.io/distribution/spec/auth/token/>.

mod cache;
mod challenge;
mod client;
mod configured;
mod credential;
mod endpoint;
mod error;
mod facts;
mod fake;
mod line;
mod manifest;
mod place;
mod rate_limit;
mod session;
mod settings;
mod tags;
#[cfg(test)]
mod tests;

use std::{fmt::Debug, time::Instant};

use async_trait::async_trait;
use domain::compose::ImageReference;

pub use cache::CachedRegistry;
pub use client::RegistryClient;
pub use configured::{NoRegistry, image_registry, registry};
pub use credential::Credential;
pub use error::{InvalidImage, LookUpError};
pub use facts::{ImageFacts, PlatformFacts};
pub use fake::FakeRegistry;
pub use line::newest_of_line;
pub use place::{docker_hub_name, registry_named, registry_of};
pub use settings::RegistrySettings;
pub use tags::{TagPage, Tags};

/// Every question has a deadline: what is not known by then is [`LookUpError::TimedOut`].
#[async_trait]
pub trait Registry: Debug + Send + Sync {
    /// What the registry says about an image. A reference with a digest is looked up by its digest.
    async fn look_up(
        &self,
        image: &ImageReference,
        credential: Option<&Credential>,
        deadline: Instant,
    ) -> Result<ImageFacts, LookUpError>;

    /// Every tag of the image's repository, up to a limit.
    async fn tags(
        &self,
        image: &ImageReference,
        credential: Option<&Credential>,
        deadline: Instant,
    ) -> Result<Tags, LookUpError>;

    /// The tags that contain `search`, the newest versions first, `limit` at most.
    async fn list_tags(
        &self,
        image: &ImageReference,
        credential: Option<&Credential>,
        search: &str,
        limit: usize,
        deadline: Instant,
    ) -> Result<TagPage, LookUpError> {
        Ok(self.tags(image, credential, deadline).await?.search(search, limit))
    }

    /// The newest tag of the line that the image's tag belongs to ([`newest_of_line`]); `None` if there is no newer one.
    async fn newest_tag(
        &self,
        image: &ImageReference,
        credential: Option<&Credential>,
        deadline: Instant,
    ) -> Result<Option<String>, LookUpError> {
        let Some(tag) = &image.tag else { return Ok(None) };
        let tags = self.tags(image, credential, deadline).await?;
        Ok(newest_of_line(tag, tags.names()).map(str::to_owned))
    }
}
