//! Where images come from, and whether they can change behind one's back.

use super::subject::{Subject, literal};
use crate::compose::{ImageReference, MountKind, Service};

/// What the engine asks when an image names no registry.
const DEFAULT_REGISTRY: &str = "docker.io";

/// Whether its name means the same image tomorrow, as far as people keep their promises.
pub(crate) fn is_pinned(image: &ImageReference) -> bool {
    image.digest.is_some() || image.tag.as_deref().is_some_and(|tag| tag != "latest")
}

pub fn look(subject: &mut Subject<'_>, service: &Service) {
    if let Some(image) = &service.image {
        one(subject, &image.value);
    }
    for mount in service.volumes.iter().filter(|mount| mount.kind == MountKind::Image) {
        one(subject, &ImageReference::read(&literal(mount.source.as_deref().unwrap_or_default())));
    }
}

fn one(subject: &mut Subject<'_>, image: &ImageReference) {
    if !subject.policy.allow_unpinned_images.0 && !is_pinned(image) {
        subject.refuse(
            "allow_unpinned_images",
            format!("`{}` may be another image tomorrow: give it a tag; `allow_unpinned_images: true` would allow it", image.text),
        );
    }
    if subject.policy.require_digests && image.digest.is_none() {
        subject.refuse(
            "require_digests",
            format!("`{}` has no digest; `require_digests: false` would allow it", image.text),
        );
    }
    if subject.policy.registries.is_empty() {
        return;
    }
    let registry = match image.registry.as_deref() {
        None | Some("index.docker.io" | "registry-1.docker.io") => DEFAULT_REGISTRY,
        Some(registry) => registry,
    };
    let library =
        if registry == DEFAULT_REGISTRY && !image.repository.contains('/') { "library/" } else { "" };
    let place = format!("{registry}/{library}{}", image.repository);
    let within = |allowed: &String| {
        let allowed = allowed.trim_end_matches('/');
        place.strip_prefix(allowed).is_some_and(|rest| rest.starts_with('/') || rest.is_empty())
    };
    if !subject.policy.registries.iter().any(within) {
        subject.refuse(
            "registries",
            format!("`{}` comes from `{registry}`; adding it to `registries` would allow it", image.text),
        );
    }
}
