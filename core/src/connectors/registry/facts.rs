//! What is known about an image.

use chrono::{DateTime, Utc};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageFacts {
    /// Of what the reference names: an index of platforms, or a single image. `sha256:…`, computed from what was received.
    pub digest: String,
    /// Empty if the registry does not tell.
    pub platforms: Vec<PlatformFacts>,
    /// The compressed size of the layers, for the main platform: `linux/amd64`, or the first one.
    pub size_bytes: Option<u64>,
    /// When the image was built. Registries do not tell when it was pushed.
    pub created: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformFacts {
    /// `linux`
    pub os: String,
    /// `amd64`, `arm64`, `arm`, …
    pub architecture: String,
    /// `v7` of `arm/v7`.
    pub variant: Option<String>,
    /// Of this platform's image, if it is part of an index.
    pub digest: Option<String>,
}

impl ImageFacts {
    /// Whether the image runs on a platform such as `linux`, `arm64`. `None` if the registry does not tell.
    pub fn runs_on(&self, os: &str, architecture: &str) -> Option<bool> {
        let matches = |platform: &PlatformFacts| platform.os == os && platform.architecture == architecture;
        (!self.platforms.is_empty()).then(|| self.platforms.iter().any(matches))
    }

    pub(super) fn main_platform(&self) -> Option<&PlatformFacts> {
        let usual = |platform: &&PlatformFacts| platform.os == "linux" && platform.architecture == "amd64";
        self.platforms.iter().find(usual).or_else(|| self.platforms.first())
    }
}
