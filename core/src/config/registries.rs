//! `connectors.registry`: the registries that images are looked up in, and which private addresses they may
//! have.

use std::{collections::BTreeSet, time::Duration};

use url::Url;

use super::{
    fields::{Fields, Key},
    networks::Networks,
    values::{BOOLEAN, boolean, http_url},
};
use crate::connectors::{
    outbound::{AllowList, OutboundSettings},
    registry::RegistrySettings,
};

const SECTION: &str = "connectors.registry";
const HOSTS: &str = "hosts like registry.example.com:5000, separated by commas";
const ENABLED: Key = Key::new("connectors.registry.enabled", BOOLEAN);
const DOCKER_HUB: Key =
    Key::new("connectors.registry.docker_hub_url", "an address like https://registry.example.com, no path");
const TIMEOUT: Key = Key::new("connectors.registry.timeout_secs", "a number of seconds, 1 to 60");
const ALLOWED_NETWORKS: Key =
    Key::new("connectors.registry.allowed_networks", "networks like 10.0.0.0/8, separated by commas");
const ALLOWED_HOSTS: Key = Key::new("connectors.registry.allowed_hosts", "host names, separated by commas");
const PLAIN_HTTP: Key = Key::new("connectors.registry.plain_http", HOSTS);
const TOKEN_HOSTS: Key = Key::new(
    "connectors.registry.token_hosts",
    "pairs like registry.example.com=auth.example.com, separated by commas",
);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageLookUpSettings {
    /// Whether registries are asked at all.
    pub enabled: bool,
    pub outbound: OutboundSettings,
    pub registry: RegistrySettings,
}

impl ImageLookUpSettings {
    pub(super) fn read(fields: &mut Fields) -> Self {
        fields.ignore_empty_section(SECTION);
        let networks = fields.read(ALLOWED_NETWORKS, Networks::parse).unwrap_or_default();
        let hosts = fields.read(ALLOWED_HOSTS, hosts).unwrap_or_default();
        let timeout = fields.read(TIMEOUT, timeout).unwrap_or(OutboundSettings::default().timeout);
        let mut registry = RegistrySettings::default();
        if let Some(address) = fields.read(DOCKER_HUB, origin) {
            registry.docker_hub = address;
        }
        for (host, token_host) in fields.read(TOKEN_HOSTS, pairs).unwrap_or_default() {
            registry.token_hosts.entry(host).or_default().insert(token_host);
        }
        registry.plain_http = fields.read(PLAIN_HTTP, hosts_of_registries).unwrap_or_default();
        Self {
            enabled: fields.read(ENABLED, boolean).unwrap_or(true),
            outbound: OutboundSettings { allowed: AllowList::new(networks, hosts), timeout },
            registry,
        }
    }
}

fn timeout(text: &str) -> Option<Duration> {
    text.parse().ok().filter(|seconds| (1..=60).contains(seconds)).map(Duration::from_secs)
}

/// Scheme, host and port, as [`RegistrySettings::docker_hub`] wants them.
fn origin(text: &str) -> Option<String> {
    let url: Url = http_url(text)?;
    let plain = url.path() == "/" && url.query().is_none() && url.username().is_empty();
    plain.then(|| url.origin().ascii_serialization())
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// Names without a port: an opened host is open on every port.
fn hosts(text: &str) -> Option<Vec<String>> {
    parts(text).map(|part| host(part).filter(|host| !host.contains(':'))).collect()
}

fn hosts_of_registries(text: &str) -> Option<BTreeSet<String>> {
    parts(text).map(host).collect()
}

/// One registry can have several.
fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    parts(text)
        .map(|part| {
            let (registry, token_host) = part.split_once('=')?;
            Some((host(registry)?, host(token_host)?))
        })
        .collect()
}

/// A host, perhaps with a port, in lower case.
fn host(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let url = Url::parse(&format!("https://{text}")).ok()?;
    let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let plain = plain && url.username().is_empty() && url.password().is_none() && !text.contains('/');
    plain.then_some(text)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn the_address_of_docker_hub_has_no_path() {
        assert_eq!(origin("http://127.0.0.1:5000/").as_deref(), Some("http://127.0.0.1:5000"));
        for text in ["registry-1.docker.io", "https://a.example/v2", "https://u@a.example", "ftp://a.example"]
        {
            assert_eq!(origin(text), None, "{text}");
        }
    }

    #[rstest]
    #[case("Registry.Example.com:5000", Some("registry.example.com:5000"))]
    #[case("https://registry.example.com", None)]
    #[case("registry.example.com/v2", None)]
    #[case("ada@registry.example.com", None)]
    #[case("a b", None)]
    fn a_registry_is_a_host_with_or_without_a_port(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(host(text).as_deref(), expected);
    }

    #[test]
    fn an_opened_host_has_no_port() {
        assert_eq!(hosts("a.internal, b.internal").unwrap(), ["a.internal", "b.internal"]);
        assert_eq!(hosts("a.internal:5000"), None);
    }

    #[test]
    fn a_token_host_belongs_to_one_registry() {
        let read = pairs("a.example=auth.a.example, b.example:5000=auth.b.example").unwrap();
        assert_eq!(read[1], ("b.example:5000".to_owned(), "auth.b.example".to_owned()));
        assert_eq!(pairs("a.example"), None);
    }
}
