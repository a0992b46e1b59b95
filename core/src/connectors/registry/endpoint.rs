//! The addresses of one registry, and which hosts may see its credentials.

use std::collections::BTreeSet;

use reqwest::Url;

use super::{
    error::InvalidImage,
    place::{DOCKER_HUB, Place},
    settings::RegistrySettings,
};

#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    base: Url,
    token_hosts: BTreeSet<String>,
}

impl Endpoint {
    pub fn of(settings: &RegistrySettings, registry: &str) -> Result<Self, InvalidImage> {
        let base = if registry == DOCKER_HUB {
            settings.docker_hub.clone()
        } else if settings.plain_http.contains(registry) {
            format!("http://{registry}")
        } else {
            format!("https://{registry}")
        };
        let base = Url::parse(&base)
            .map_err(|_| InvalidImage::Reference(format!("`{registry}` isn't a valid registry")))?;
        let token_hosts = settings.token_hosts.get(registry).cloned().unwrap_or_default();
        Ok(Self { base, token_hosts })
    }

    /// `rest` is what follows the repository, such as `manifests/latest`.
    pub fn url(&self, place: &Place, rest: &str) -> Url {
        let mut url = self.base.clone();
        // A tag, a digest and a repository hold only letters that a path may have.
        url.set_path(&format!("/v2/{}/{rest}", place.repository));
        url
    }

    /// Whether credentials of this registry may be sent to an address that the registry names.
    pub fn trusts(&self, url: &Url) -> bool {
        let own = authority(url) == authority(&self.base);
        let listed = authority(url).is_some_and(|authority| self.token_hosts.contains(&authority));
        (own || listed) && self.keeps_tls(url)
    }

    /// Whether an address is as secure as the registry's own.
    pub fn keeps_tls(&self, url: &Url) -> bool {
        url.scheme() == "https" || self.base.scheme() == "http"
    }
}

/// Host and port; the port only if it is not the one of the scheme.
fn authority(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusts(registry: &str, url: &str) -> bool {
        let settings = RegistrySettings {
            plain_http: BTreeSet::from(["plain.example.com:5000".to_owned()]),
            ..RegistrySettings::default()
        };
        Endpoint::of(&settings, registry).unwrap().trusts(&url.parse().unwrap())
    }

    #[test]
    fn credentials_go_to_the_registry_and_its_token_host_only() {
        assert!(trusts("docker.io", "https://auth.docker.io/token"));
        assert!(trusts("ghcr.io", "https://ghcr.io/token"));
        assert!(!trusts("ghcr.io", "https://auth.docker.io/token"));
        assert!(!trusts("ghcr.io", "https://ghcr.io.evil.example.com/token"));
        assert!(!trusts("ghcr.io", "https://ghcr.io:8443/token"));
        assert!(!trusts("docker.io", "https://auth.docker.io@evil.example.com/token"));
    }

    #[test]
    fn credentials_of_a_registry_with_tls_never_leave_without_it() {
        assert!(!trusts("docker.io", "http://auth.docker.io/token"));
        assert!(trusts("plain.example.com:5000", "http://plain.example.com:5000/token"));
    }
}
