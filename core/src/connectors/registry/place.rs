//! Where an image is: a reference with everything that it leaves out.

use std::fmt;

use domain::compose::ImageReference;

use super::error::InvalidImage;

pub(super) const DOCKER_HUB: &str = "docker.io";
/// Other names that references give Docker Hub.
const ALSO_DOCKER_HUB: [&str; 3] = ["index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"];
/// Longer ones are refused by the reference grammar.
const MAX_REPOSITORY: usize = 255;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    /// Host and port, in lower case.
    pub registry: String,
    pub repository: String,
    /// A tag, or a digest if the reference has one.
    pub version: String,
}

impl Place {
    pub fn of(image: &ImageReference) -> Result<Self, InvalidImage> {
        if image.text.contains('$') {
            return Err(InvalidImage::Reference("the image contains variables without a value".to_owned()));
        }
        if let Some(problem) = image.problem() {
            return Err(InvalidImage::Reference(problem));
        }
        let registry = registry(image.registry.as_deref())?;
        let repository = match image.repository.as_str() {
            // Only Docker Hub has official images, which are written without a namespace.
            name if registry == DOCKER_HUB && !name.contains('/') => format!("library/{name}"),
            name => name.to_owned(),
        };
        if repository.len() > MAX_REPOSITORY {
            return Err(InvalidImage::Reference("the name of the image is too long".to_owned()));
        }
        let version = match (&image.digest, &image.tag) {
            (Some(digest), _) => plain_digest(digest)?,
            (None, Some(tag)) => tag.clone(),
            (None, None) => "latest".to_owned(),
        };
        Ok(Self { registry, repository, version })
    }

    pub fn digest(&self) -> Option<&str> {
        self.version.contains(':').then_some(self.version.as_str())
    }
}

/// The registry of an image as credentials name it: its host, perhaps with a port, in lower case; `docker.io` for Docker Hub.
pub fn registry_of(image: &ImageReference) -> Result<String, InvalidImage> {
    registry(image.registry.as_deref())
}

/// The namespace and the name of an image at Docker Hub, as its pages call it; `None` for images of other registries.
pub fn docker_hub_name(image: &ImageReference) -> Option<(String, String)> {
    let place = Place::of(image).ok().filter(|place| place.registry == DOCKER_HUB)?;
    let (namespace, name) = place.repository.split_once('/')?;
    Some((namespace.to_owned(), name.to_owned()))
}

/// A registry as a person or `docker login` writes it: `ghcr.io`, `https://index.docker.io/v1/`.
pub fn registry_named(text: &str) -> Result<String, InvalidImage> {
    let text = text.trim();
    let host = text.strip_prefix("https://").unwrap_or(text);
    let host = host.split_once('/').map_or(host, |(host, _)| host);
    registry(Some(host))
}

fn registry(written: Option<&str>) -> Result<String, InvalidImage> {
    let registry = written.unwrap_or(DOCKER_HUB).to_ascii_lowercase();
    if registry == DOCKER_HUB || ALSO_DOCKER_HUB.contains(&registry.as_str()) {
        return Ok(DOCKER_HUB.to_owned());
    }
    if !is_host_with_port(&registry) {
        return Err(InvalidImage::Reference(format!("`{registry}` isn't a valid registry")));
    }
    Ok(registry)
}

/// The letters of a digest are part of a path.
fn plain_digest(digest: &str) -> Result<String, InvalidImage> {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'_' | b'-' | b':');
    if !digest.bytes().all(is_plain) {
        return Err(InvalidImage::Reference(format!("`{digest}` isn't a valid digest")));
    }
    Ok(digest.to_ascii_lowercase())
}

/// Stricter than what a URL may hold, so that nothing in it can become a path, a query or a user name.
fn is_host_with_port(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let valid_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let valid_host = match inner {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        }
    };
    valid_port && valid_host
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = if self.digest().is_some() { '@' } else { ':' };
        write!(formatter, "{}/{}{separator}{}", self.registry, self.repository, self.version)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const DIGEST: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[rstest]
    #[case("nginx", "docker.io/library/nginx:latest")]
    #[case("nginx:1.27", "docker.io/library/nginx:1.27")]
    #[case("acme/nginx", "docker.io/acme/nginx:latest")]
    #[case("docker.io/nginx:1", "docker.io/library/nginx:1")]
    #[case("index.docker.io/library/nginx:1", "docker.io/library/nginx:1")]
    #[case("ghcr.io/acme/shop/api:2", "ghcr.io/acme/shop/api:2")]
    #[case("localhost/app", "localhost/app:latest")]
    #[case("Registry.Example.com:5000/app:1", "registry.example.com:5000/app:1")]
    #[case("[::1]:5000/app:1", "[::1]:5000/app:1")]
    fn what_a_reference_leaves_out_is_filled_in(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(Place::of(&ImageReference::read(text)).unwrap().to_string(), expected);
    }

    #[rstest]
    #[case("ghcr.io", Some("ghcr.io"))]
    #[case("https://index.docker.io/v1/", Some("docker.io"))]
    #[case(" Registry.Example.com:5000/ ", Some("registry.example.com:5000"))]
    #[case("http://registry.example.com", None)]
    #[case("ada@ghcr.io", None)]
    #[case("", None)]
    fn a_registry_has_one_name(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(registry_named(text).ok().as_deref(), expected);
    }

    #[test]
    fn a_digest_counts_more_than_the_tag_beside_it() {
        let place = Place::of(&ImageReference::read(&format!("nginx:1.27@{DIGEST}"))).unwrap();
        assert_eq!(place.to_string(), format!("docker.io/library/nginx@{DIGEST}"));
        assert_eq!(place.digest(), Some(DIGEST));
    }

    #[rstest]
    #[case("")]
    #[case("Nginx")]
    #[case("nginx:")]
    #[case("nginx@sha256:12")]
    #[case("nginx@../../x:0123456789abcdef0123456789abcdef")]
    #[case("nginx@sha256?x:0123456789abcdef0123456789abcdef")]
    #[case("nginx:${TAG}")]
    #[case("evil.example.com?x=/app")]
    #[case("example.com#/app")]
    #[case("example.com:99999/app")]
    #[case("example.com:0/app")]
    #[case("a.b/../app")]
    #[case("[fe80::1%25eth0]:5000/app")]
    fn what_is_no_reference_is_not_asked_for(#[case] text: &str) {
        let error = Place::of(&ImageReference::read(text)).unwrap_err();
        assert!(matches!(error, InvalidImage::Reference(_)), "{error:?}");
    }
}
