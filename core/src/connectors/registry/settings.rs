//! What the operator decides about registries. Which private addresses are reachable is decided by the outbound client.

use std::collections::{BTreeMap, BTreeSet};

/// Hosts are written as in image references: `registry.example.com:5000`; without a port, it is the one of the scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistrySettings {
    /// Where Docker Hub's registry is: scheme and host, without a path.
    pub docker_hub: String,
    /// By registry: other hosts that its credentials may be sent to, to get a token. A registry's own host needs no entry.
    pub token_hosts: BTreeMap<String, BTreeSet<String>>,
    /// Registries without TLS. Credentials for them travel in the clear.
    pub plain_http: BTreeSet<String>,
}

impl Default for RegistrySettings {
    fn default() -> Self {
        let known = [
            ("docker.io", "auth.docker.io"),
            ("registry.gitlab.com", "gitlab.com"),
            ("docker.elastic.co", "docker-auth.elastic.co"),
        ];
        let entry = |(registry, host): (&str, &str)| (registry.to_owned(), BTreeSet::from([host.to_owned()]));
        Self {
            docker_hub: "https://registry-1.docker.io".to_owned(),
            token_hosts: known.into_iter().map(entry).collect(),
            plain_http: BTreeSet::new(),
        }
    }
}
