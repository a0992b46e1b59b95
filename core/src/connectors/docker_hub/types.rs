//! The entries of the lists, as they are answered to clients and kept in the cache.

pub use domain::api::{
    DockerHubNamespace as Namespace, DockerHubRepository as Repository, DockerHubTag as Tag,
};
