//! Reading manifests: an index of platforms, or the image of one platform.

use chrono::{DateTime, Utc};
use oci_spec::image::{Descriptor, ImageIndex, ImageManifest};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{error::InvalidImage, facts::PlatformFacts};

/// Everything that can be read. Docker's own types are older and have the same fields.
pub(super) const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.v2+json";

/// The Docker images of all platforms that exist are fewer.
const MAX_PLATFORMS: usize = 64;
const CREATED: &str = "org.opencontainers.image.created";

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Manifest {
    Index(Box<ImageIndex>),
    Image(Box<ImageManifest>),
    /// Docker's first format, which few registries still have.
    Old {
        #[serde(rename = "fsLayers")]
        _layers: serde::de::IgnoredAny,
        architecture: Option<String>,
    },
}

/// The part of an image's configuration that says what it runs on.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Configuration {
    os: Option<String>,
    architecture: Option<String>,
    variant: Option<String>,
    created: Option<DateTime<Utc>>,
}

impl Manifest {
    pub fn read(body: &[u8]) -> Result<Self, InvalidImage> {
        serde_json::from_slice(body).map_err(|_| InvalidImage::NoManifest)
    }
}

pub(super) fn digest_of(body: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(body)))
}

/// The platforms of an index, with when their images were built as far as the index says so.
pub(super) fn platforms(index: &ImageIndex) -> Vec<PlatformFacts> {
    index.manifests().iter().filter_map(of_entry).take(MAX_PLATFORMS).collect()
}

/// When the image with a digest was built, according to the index or to the entry.
pub(super) fn created_of(index: &ImageIndex, digest: Option<&str>) -> Option<DateTime<Utc>> {
    let entry = index.manifests().iter().find(|entry| Some(entry.digest().as_ref()) == digest);
    let annotations =
        entry.and_then(|entry| entry.annotations().as_ref()).or(index.annotations().as_ref())?;
    plausible(annotations.get(CREATED)?.parse().ok()?)
}

/// The compressed size.
pub(super) fn size(image: &ImageManifest) -> Option<u64> {
    image.layers().iter().try_fold(0u64, |sum, layer| sum.checked_add(layer.size()))
}

fn of_entry(entry: &Descriptor) -> Option<PlatformFacts> {
    let platform = entry.platform().as_ref()?;
    // Attestations stand in the index as images for no platform.
    let unknown = |text: &str| text.is_empty() || text == "unknown";
    let (os, architecture) = (platform.os().to_string(), platform.architecture().to_string());
    if unknown(&os) || unknown(&architecture) {
        return None;
    }
    let variant = platform.variant().clone().filter(|variant| !variant.is_empty());
    Some(PlatformFacts { os, architecture, variant, digest: Some(entry.digest().to_string()) })
}

impl Configuration {
    pub fn platform(&self) -> Option<PlatformFacts> {
        let architecture = self.architecture.clone().filter(|name| !name.is_empty())?;
        let os = self.os.clone().unwrap_or_else(|| "linux".to_owned());
        Some(PlatformFacts { os, architecture, variant: self.variant.clone(), digest: None })
    }

    pub fn created(&self) -> Option<DateTime<Utc>> {
        self.created.and_then(plausible)
    }
}

/// Reproducible builds write the beginning of some calendar instead of a time.
fn plausible(time: DateTime<Utc>) -> Option<DateTime<Utc>> {
    const YEAR_2010: i64 = 1_262_304_000;
    (time.timestamp() > YEAR_2010).then_some(time)
}
