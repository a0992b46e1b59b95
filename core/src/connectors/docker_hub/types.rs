//! The entries of the lists, as they are answered to clients and kept in the cache.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namespace {
    pub name: String,
    /// Always null: Docker Hub does not tell. So are the two flags.
    pub namespace_type: Option<String>,
    /// Of the first repository that was found in it.
    pub description: Option<String>,
    pub is_user: bool,
    pub is_organization: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
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
pub struct Tag {
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
}
