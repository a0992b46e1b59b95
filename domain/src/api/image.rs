//! Images: what registries say about those of a stack, and credentials for private ones.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::FieldError;
use crate::{finding::Severity, stack::SecretText};

/// `POST /project/{id}/images/check`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckImages {
    /// Where the stack is to run, such as `linux/arm64` or `arm64`. Without it, platforms are shown and not judged.
    #[serde(default)]
    pub platform: Option<String>,
}

/// What registries say about the images of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImageCheck {
    /// In the order of the compose file. Services that are built are left out.
    pub services: Vec<ServiceImage>,
    pub findings: Vec<ImageFinding>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceImage {
    pub service: String,
    /// With the values of its variables, where they are known.
    pub image: String,
    /// Of the image in the compose file, from 1.
    pub line: usize,
    pub column: usize,
    pub state: ImageState,
    /// Why nothing is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<ImageDetails>,
    /// The newest tag of the line that the image's tag belongs to, if it is newer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newer_tag: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ImageState {
    Exists,
    /// It certainly does not exist: its repository can be read and has no such tag or digest.
    Missing,
    /// The repository does not exist or is private; registries do not tell which.
    NotReadable,
    /// The registry did not answer, so nothing is known.
    Unreachable,
    /// The registry takes no more questions for a while, so nothing is known.
    RateLimited,
    /// The registry was not asked, or gave an answer that says nothing about the image.
    NotChecked,
}

/// What is known about an image that exists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImageDetails {
    /// `sha256:…`
    pub digest: String,
    /// `linux/amd64`, `linux/arm/v7`. Empty if the registry does not tell.
    pub platforms: Vec<String>,
    /// The compressed size of the layers, for the main platform.
    pub size_bytes: Option<u64>,
    /// When the image was built.
    pub created: Option<DateTime<Utc>>,
}

/// What its registry says about one image, as the builder needs it while a person edits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageAnswer {
    pub state: ImageState,
    /// Of an image that exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<ImageDetails>,
    /// The newest tag of the line that the image's tag belongs to, if it is newer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newer_tag: Option<String>,
}

/// What to know about the images of a project before it is deployed. Each entry names service and image; `field` is a place in
/// the compose file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImagesBeforeDeploying {
    /// Certainly do not exist.
    pub missing: Vec<FieldError>,
    /// Nothing certain is known.
    pub uncertain: Vec<FieldError>,
}

/// What to do something about. It is no finding of the check rules, because it depends on what registries say today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImageFinding {
    /// `image-not-found`, `image-no-platform` or `image-newer-tag`.
    pub code: String,
    pub severity: Severity,
    pub service: String,
    /// Of the image in the compose file, from 1.
    pub line: usize,
    pub column: usize,
    pub message: String,
}

/// `POST /registry` and `PUT /registry/{id}`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveRegistry {
    /// The host of the registry: `ghcr.io`, `registry.example.com:5000`, `docker.io`.
    pub server: String,
    pub username: String,
    /// A password or an access token. Absent, null or exactly the mask: the stored one stays.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, write_only))]
    pub password: Option<SecretText>,
    /// One of your projects, whose images alone the credentials are for. Absent: for all your projects.
    #[serde(default)]
    pub project_id: Option<i32>,
}

/// Credentials for private images. The password is never shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegistryItem {
    pub id: i32,
    pub server: String,
    pub username: String,
    /// The mask: at most the last four characters.
    pub password: String,
    pub project_id: Option<i32>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A tag of an image, with what is known about it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageTag {
    pub name: String,
    /// When the tag was pushed or, where the registry does not tell, when its image was built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<DateTime<Utc>>,
    /// Compressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u64>,
    /// `linux/amd64`, `linux/arm/v7`. Empty if it is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
}

/// The tags of a repository that a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageTags {
    /// The newest versions first.
    pub tags: Vec<ImageTag>,
    /// How many were found; more than in `tags` if the limit cut them.
    pub found: usize,
    /// Whether every tag of the repository was searched.
    pub is_complete: bool,
}

/// A namespace of Docker Hub, as existing clients know it and as it is kept in the cache. So are the next two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DockerHubNamespace {
    pub name: String,
    /// Always null: Docker Hub does not tell. So are the two flags.
    pub namespace_type: Option<String>,
    /// Of the first repository that was found in it.
    pub description: Option<String>,
    pub is_user: bool,
    pub is_organization: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DockerHubRepository {
    pub name: String,
    pub namespace: String,
    pub description: Option<String>,
    /// A time as Docker Hub writes it: RFC 3339.
    pub last_updated: Option<String>,
    pub is_private: bool,
    pub star_count: Option<u64>,
    pub pull_count: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DockerHubTag {
    pub name: String,
    pub digest: Option<String>,
    /// A time as Docker Hub writes it: RFC 3339.
    pub last_updated: Option<String>,
    /// `active` or `inactive`
    pub tag_status: Option<String>,
    pub content_type: Option<String>,
    /// Compressed, of all platforms together or of one, as Docker Hub counts it. Absent from answers of older servers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u64>,
    /// `linux/amd64`, `linux/arm/v7`. Absent where Docker Hub does not tell, and from answers of older servers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
}
