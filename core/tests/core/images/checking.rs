//! Checking the images of a project.

use std::collections::BTreeMap;

use domain::{
    access::ProjectRole,
    api::{CheckImages, ImageCheck, ImageState},
    finding::Severity,
    stack::SecretText,
};
use sqlx::PgPool;
use stacker::{
    connectors::registry::{LookUpError, Tags},
    services::ImageError,
};

use super::{Gallery, every_failure, facts};
use crate::{helpers::user, sharing::let_in};

impl Gallery {
    async fn check(&self, project: i32) -> ImageCheck {
        self.check_for(project, None).await
    }

    async fn check_for(&self, project: i32, platform: Option<&str>) -> ImageCheck {
        let body = CheckImages { platform: platform.map(str::to_owned) };
        self.world.services.images().check(&self.ada, project, &body).await.unwrap()
    }
}

fn codes(check: &ImageCheck) -> Vec<&str> {
    check.findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn an_image_that_exists_is_described(pool: PgPool) {
    let gallery = Gallery::new(pool);
    gallery.registry.says("nginx:1.27", Ok(facts(&["amd64", "arm64"])));
    let project = gallery.project_with("nginx:1.27").await;
    let check = gallery.check(project).await;
    let [web] = check.services.as_slice() else { panic!("{check:?}") };
    assert_eq!((web.service.as_str(), web.state, web.line, web.column), ("web", ImageState::Exists, 3, 12));
    let facts = web.facts.as_ref().unwrap();
    assert_eq!(facts.platforms, ["linux/amd64", "linux/arm64"]);
    assert_eq!(facts.size_bytes, Some(1_000));
    assert!(check.findings.is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn only_an_image_that_certainly_does_not_exist_is_an_error(pool: PgPool) {
    let gallery = Gallery::new(pool);
    gallery.registry.says("nginx:9.99", Err(LookUpError::CertainlyMissing));
    let project = gallery.project_with("nginx:9.99").await;
    let check = gallery.check(project).await;
    assert_eq!(check.services[0].state, ImageState::Missing);
    assert_eq!((codes(&check), check.findings[0].severity), (vec!["image-not-found"], Severity::Error));

    let expected =
        [ImageState::NotReadable, ImageState::RateLimited, ImageState::Unreachable, ImageState::Unreachable];
    for (error, state) in every_failure().into_iter().zip(expected) {
        gallery.registry.says("nginx:9.99", Err(error));
        let check = gallery.check(project).await;
        assert_eq!(check.services[0].state, state);
        assert!(check.services[0].reason.is_some() && check.findings.is_empty());
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn an_image_of_a_namespace_does_not_exist_because_an_official_one_does(pool: PgPool) {
    let gallery = Gallery::new(pool);
    gallery.registry.says("nginx", Ok(facts(&["amd64"])));
    gallery.registry.says("library/nginx", Ok(facts(&["amd64"])));
    let project = gallery.project_with("acme/nginx").await;
    assert_eq!(gallery.check(project).await.services[0].state, ImageState::NotReadable);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_name_of_a_namespace_is_no_image(pool: PgPool) {
    let gallery = Gallery::new(pool);
    gallery.registry.says("acme/shop", Ok(facts(&["amd64"])));
    let project = gallery.project_with("acme").await;
    assert_eq!(gallery.check(project).await.services[0].state, ImageState::NotReadable);
    assert_eq!(gallery.docker_hub.asked(), 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_platform_that_is_asked_for_and_not_there_is_a_finding(pool: PgPool) {
    let gallery = Gallery::new(pool);
    gallery.registry.says("nginx:1.27", Ok(facts(&["amd64"])));
    let project = gallery.project_with("nginx:1.27").await;
    assert_eq!(codes(&gallery.check_for(project, Some("arm64")).await), ["image-no-platform"]);
    assert!(gallery.check_for(project, Some("linux/amd64")).await.findings.is_empty());
    // Of a registry that does not tell, nothing is known.
    gallery.registry.says("nginx:1.27", Ok(facts(&[])));
    assert!(gallery.check_for(project, Some("arm64")).await.findings.is_empty());
    let body = CheckImages { platform: Some("a b".to_owned()) };
    let refused = gallery.world.services.images().check(&gallery.ada, project, &body).await;
    assert!(matches!(refused, Err(ImageError::Invalid { .. })));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_newer_tag_of_the_same_line_is_a_hint(pool: PgPool) {
    let gallery = Gallery::new(pool);
    gallery.registry.says("nginx:1.27", Ok(facts(&["amd64"])));
    let tags = ["1.27", "1.29", "2.0"].map(str::to_owned);
    gallery.registry.has_tags("nginx", Ok(Tags::new(tags.into())));
    let project = gallery.project_with("nginx:1.27").await;
    let check = gallery.check(project).await;
    assert_eq!(check.services[0].newer_tag.as_deref(), Some("1.29"));
    assert_eq!((codes(&check), check.findings[0].severity), (vec!["image-newer-tag"], Severity::Hint));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_same_image_is_asked_for_once_and_what_is_built_never(pool: PgPool) {
    let gallery = Gallery::new(pool);
    let compose = "services:\n  a:\n    image: nginx:1\n  b:\n    image: nginx:1\n  c:\n    build: .\n    image: acme/c\n";
    let project = gallery.project(compose).await;
    let check = gallery.check(project).await;
    let services: Vec<_> = check.services.iter().map(|image| image.service.as_str()).collect();
    assert_eq!((services, gallery.registry.asked()), (vec!["a", "b"], 1));
}

#[sqlx::test(migrations = "../migrations")]
async fn stored_values_are_filled_in_and_unknown_ones_are_not_guessed(pool: PgPool) {
    let gallery = Gallery::new(pool);
    gallery.registry.says("nginx:1.27", Ok(facts(&["amd64"])));
    let project = gallery.project_with("nginx:${TAG}").await;
    let check = gallery.check(project).await;
    assert_eq!((check.services[0].state, gallery.registry.asked()), (ImageState::NotChecked, 0));
    assert_eq!(check.services[0].image, "nginx:${TAG}");
    let value = BTreeMap::from([("TAG".to_owned(), Some(SecretText::new("1.27")))]);
    gallery.world.services.projects().set_env(&gallery.ada, project, None, value).await.unwrap();
    let check = gallery.check(project).await;
    assert_eq!(
        (check.services[0].state, check.services[0].image.as_str()),
        (ImageState::Exists, "nginx:1.27")
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn only_operators_and_those_above_check_a_project(pool: PgPool) {
    let gallery = Gallery::new(pool);
    let project = gallery.project_with("nginx").await;
    let (bob, images) = (user("bob"), gallery.world.services.images());
    let body = CheckImages::default();
    assert!(matches!(images.check(&bob, project, &body).await, Err(ImageError::NotFound("project"))));
    let_in(&gallery.world, &gallery.ada, project, &bob, ProjectRole::Viewer).await;
    assert!(matches!(images.check(&bob, project, &body).await, Err(ImageError::LacksRole(_))));
    let carol = user("carol");
    let_in(&gallery.world, &gallery.ada, project, &carol, ProjectRole::Operator).await;
    assert!(images.check(&carol, project, &body).await.is_ok());
}
