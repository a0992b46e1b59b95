//! Finds the app of an image.

use std::sync::LazyLock;

use super::{
    app,
    app::{App, AppHealthcheck, Requires},
    apps,
};
use crate::{
    compose::{ImageReference, Service},
    stack::Stack,
};

/// The app of an image. It is found by the whole repository or, except for websites, by the last part of the
/// repository, in any registry.
pub fn guess(image: &ImageReference) -> Option<&'static App> {
    let repository = plain(&image.repository);
    let by_repository = apps().iter().find(|app| {
        plain(&app.image_reference().repository) == repository
            || app.recognise.iter().any(|name| plain(&path_of(name)) == repository)
    });
    by_repository.or_else(|| {
        apps()
            .iter()
            .filter(|app| !is_website(app))
            .find(|app| app.recognise.iter().any(|name| name == image.short_name()))
    })
}

/// The app of a service: the app of its image, otherwise the app that it was added as.
pub fn app_of(stack: &Stack, service: &Service) -> Option<&'static App> {
    service
        .image
        .as_ref()
        .and_then(|image| guess(&image.value))
        .or_else(|| app(stack.canvas().apps.get(&service.name)?))
}

/// Whether the image is the one in the data file, in any version. Only then is the data about its programs valid.
pub(super) fn is_image_of(app: &App, image: &ImageReference) -> bool {
    plain(&image.repository) == plain(&app.image_reference().repository)
}

/// The health check of the app whose image this is. It needs the very repository: other images have other programs.
pub fn health_check_of(image: &ImageReference) -> Option<&'static AppHealthcheck> {
    guess(image).filter(|app| is_image_of(app, image)).map(|app| &app.healthcheck)
}

/// The name of the app whose image this is, and what the image requires. Unlike [`guess`], it needs the very repository:
/// other images with the same program have other settings.
pub fn requires(image: &ImageReference) -> Option<(&'static str, &'static Requires)> {
    static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(known);
    let repository = plain(&image.repository);
    let registry = image.registry.as_deref().unwrap_or(DOCKER_HUB);
    let known = KNOWN.iter().find(|known| known.repository == repository && known.registry == registry)?;
    Some((&known.app.name, known.requires))
}

const DOCKER_HUB: &str = "docker.io";

struct Known {
    registry: String,
    repository: String,
    app: &'static App,
    requires: &'static Requires,
}

/// Every repository with requirements. Computed once: images are checked on each key press.
fn known() -> Vec<Known> {
    let with_requirements = apps().iter().filter_map(|app| Some((app, app.requires.as_ref()?)));
    with_requirements
        .flat_map(|(app, requires)| {
            [&app.image].into_iter().chain(&requires.images).map(move |image| {
                let image = ImageReference::read(image);
                Known {
                    registry: image.registry.unwrap_or_else(|| DOCKER_HUB.to_owned()),
                    repository: plain(&image.repository).to_owned(),
                    app,
                    requires,
                }
            })
        })
        .collect()
}

fn is_website(app: &App) -> bool {
    app.offers.iter().all(|offer| offer.kind == "http")
}

fn path_of(name: &str) -> String {
    ImageReference::read(name).repository
}

/// Removes `library/`, which may precede the names of official images on Docker Hub.
fn plain(repository: &str) -> &str {
    repository.strip_prefix("library/").unwrap_or(repository)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(image: &str) -> Option<&'static str> {
        guess(&ImageReference::read(image)).map(|app| app.code.as_str())
    }

    #[test]
    fn images_are_recognised_whatever_registry_and_tag() {
        assert_eq!(guessed("mariadb:10.6.4-focal"), Some("mariadb"));
        assert_eq!(guessed("docker.io/library/mysql:8"), Some("mysql"));
        assert_eq!(guessed("postgres"), Some("postgres"));
        assert_eq!(guessed("pgvector/pgvector:pg16"), Some("postgres"));
        assert_eq!(guessed("supabase/postgres:15.8.1.060"), Some("postgres"));
        assert_eq!(guessed("docker.n8n.io/n8nio/n8n:latest"), Some("n8n"));
        assert_eq!(guessed("ghcr.io/umami-software/umami:postgresql-latest"), Some("umami"));
        assert_eq!(guessed("lscr.io/linuxserver/mariadb:latest"), Some("mariadb"));
    }

    #[test]
    fn what_only_sounds_like_an_app_is_none() {
        assert_eq!(guessed("oneuptime/nginx:11"), None);
        assert_eq!(guessed("ghcr.io/example/gitea-mirror"), None);
        assert_eq!(guessed("${IMAGE}"), None);
    }
}
