//! The policy rules about the origin of images, and about images whose content can change unnoticed.

use super::policy_input::{PolicyInput, literal};
use crate::compose::{ImageReference, MountKind, Service};

/// The registry of images whose reference does not name one.
const DEFAULT_REGISTRY: &str = "docker.io";

pub fn look(input: &mut PolicyInput<'_>, service: &Service) {
    if let Some(image) = &service.image {
        one(input, &image.value);
    }
    for mount in service.volumes.iter().filter(|mount| mount.kind == MountKind::Image) {
        one(input, &ImageReference::read(&literal(mount.source.as_deref().unwrap_or_default())));
    }
}

fn one(input: &mut PolicyInput<'_>, image: &ImageReference) {
    if !input.policy.allow_unpinned_images.0 && !image.is_pinned() {
        input.refuse(
            "allow_unpinned_images",
            format!("`{}` isn't pinned; each pull may change the version. Add a tag; `allow_unpinned_images: true` would allow it", image.text),
        );
    }
    if input.policy.require_digests && image.digest.is_none() {
        input.refuse(
            "require_digests",
            format!("`{}` has no digest; `require_digests: false` would allow it", image.text),
        );
    }
    if input.policy.registries.is_empty() {
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
    if !input.policy.registries.iter().any(within) {
        input.refuse(
            "registries",
            format!("`{}` comes from `{registry}`; adding it to `registries` would allow it", image.text),
        );
    }
}
