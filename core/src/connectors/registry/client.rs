//! The real client.

use std::{future::Future, time::Instant};

use async_trait::async_trait;
use domain::compose::ImageReference;
use oci_spec::image::ImageManifest;
use reqwest::{Response, StatusCode};

use super::{
    Registry,
    credential::Credential,
    endpoint::Endpoint,
    error::{InvalidImage, LookUpError},
    facts::{ImageFacts, PlatformFacts},
    manifest::{self, Configuration, Manifest},
    place::Place,
    session::{Redirects, Session, Shared, unexpected},
    settings::RegistrySettings,
    tags::{self, Tags},
};
use crate::connectors::outbound::{OutboundClient, read_at_most};

/// The limit that registries themselves have for manifests.
const MAX_MANIFEST_BYTES: usize = 4 * 1024 * 1024;
/// Configurations hold the history of the image.
const MAX_CONFIGURATION_BYTES: usize = 1024 * 1024;

/// Asks registries without remembering anything but tokens and rate limits.
#[derive(Debug)]
pub struct RegistryClient {
    shared: Shared,
    settings: RegistrySettings,
}

impl RegistryClient {
    pub fn new(outbound: OutboundClient, settings: RegistrySettings) -> Self {
        Self { shared: Shared::new(outbound), settings }
    }

    fn session<'a>(
        &'a self,
        place: &'a Place,
        credential: Option<&'a Credential>,
    ) -> Result<Session<'a>, LookUpError> {
        let endpoint = Endpoint::of(&self.settings, &place.registry)?;
        Ok(Session { shared: &self.shared, place, endpoint, credential })
    }
}

#[async_trait]
impl Registry for RegistryClient {
    async fn look_up(
        &self,
        image: &ImageReference,
        credential: Option<&Credential>,
        deadline: Instant,
    ) -> Result<ImageFacts, LookUpError> {
        let place = Place::of(image)?;
        let session = self.session(&place, credential)?;
        within(deadline, look_up(&session)).await
    }

    async fn tags(
        &self,
        image: &ImageReference,
        credential: Option<&Credential>,
        deadline: Instant,
    ) -> Result<Tags, LookUpError> {
        let place = Place::of(image)?;
        let session = self.session(&place, credential)?;
        within(deadline, tags::read(&session)).await
    }
}

async fn within<T>(
    deadline: Instant,
    answer: impl Future<Output = Result<T, LookUpError>>,
) -> Result<T, LookUpError> {
    tokio::time::timeout_at(deadline.into(), answer).await.unwrap_or(Err(LookUpError::TimedOut))
}

async fn look_up(session: &Session<'_>) -> Result<ImageFacts, LookUpError> {
    let response = get_manifest(session, &session.place.version).await?;
    let body = match response.status() {
        status if status.is_success() => read_at_most(response, MAX_MANIFEST_BYTES).await?,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Err(LookUpError::NotReadable),
        StatusCode::NOT_FOUND => return Err(missing(session).await),
        status => return Err(unexpected(status)),
    };
    let digest = manifest::digest_of(&body);
    let wanted = session.place.digest().filter(|wanted| wanted.starts_with("sha256:"));
    if wanted.is_some_and(|wanted| wanted != digest) {
        return Err(InvalidImage::OtherDigest.into());
    }
    facts(session, Manifest::read(&body)?, digest).await
}

async fn get_manifest(session: &Session<'_>, version: &str) -> Result<Response, LookUpError> {
    let url = session.endpoint.url(session.place, &format!("manifests/{version}"));
    session.get(url, manifest::ACCEPT, Redirects::WhenAnonymous).await
}

/// Why a manifest answers 404. Registries answer the same for repositories that they hide, so the tag is certainly missing only
/// if other tags of the repository can be seen.
async fn missing(session: &Session<'_>) -> LookUpError {
    match tags::has_any(session).await {
        Ok(true) => LookUpError::CertainlyMissing,
        Ok(false) => LookUpError::NotReadable,
        Err(error) => error,
    }
}

async fn facts(session: &Session<'_>, manifest: Manifest, digest: String) -> Result<ImageFacts, LookUpError> {
    let mut facts = ImageFacts { digest, platforms: Vec::new(), size_bytes: None, created: None };
    match manifest {
        Manifest::Index(index) => {
            facts.platforms = manifest::platforms(&index);
            let main = facts.main_platform().and_then(|platform| platform.digest.clone());
            facts.created = manifest::created_of(&index, main.as_deref());
            // The rest is worth having but not worth failing for.
            if let Some(image) = image_of(session, main).await {
                facts.size_bytes = manifest::size(&image);
                if facts.created.is_none() {
                    facts.created = configuration(session, &image).await.unwrap_or_default().created();
                }
            }
        }
        Manifest::Image(image) => {
            facts.size_bytes = manifest::size(&image);
            let configuration = configuration(session, &image).await.unwrap_or_default();
            facts.platforms.extend(configuration.platform());
            facts.created = configuration.created();
        }
        Manifest::Old { architecture, .. } => facts.platforms.extend(architecture.map(|architecture| {
            PlatformFacts { os: "linux".to_owned(), architecture, variant: None, digest: None }
        })),
    }
    Ok(facts)
}

async fn image_of(session: &Session<'_>, digest: Option<String>) -> Option<ImageManifest> {
    let response = get_manifest(session, &digest?).await.ok()?.error_for_status().ok()?;
    let body = read_at_most(response, MAX_MANIFEST_BYTES).await.ok()?;
    match Manifest::read(&body).ok()? {
        Manifest::Image(image) => Some(*image),
        _ => None,
    }
}

async fn configuration(session: &Session<'_>, image: &ImageManifest) -> Option<Configuration> {
    let url = session.endpoint.url(session.place, &format!("blobs/{}", image.config().digest()));
    let response = session.get(url, "*/*", Redirects::WithoutSigningIn).await.ok()?;
    let body = read_at_most(response.error_for_status().ok()?, MAX_CONFIGURATION_BYTES).await.ok()?;
    serde_json::from_slice(&body).ok()
}
