//! Browsing Docker Hub.

use std::time::Duration;

use domain::{
    access::{Caller, Role, Scope},
    problem::{Extra, ProblemKind, UseCaseError as _},
};
use rstest::rstest;
use sqlx::PgPool;
use stacker::{connectors::docker_hub::BrowseError, services::ImageError};

use super::Gallery;
use crate::helpers::{World, user};

#[sqlx::test(migrations = "../migrations")]
async fn lists_are_narrowed_by_what_they_contain(pool: PgPool) {
    let Gallery { world, ada, .. } = Gallery::new(pool);
    let images = world.services.images();
    assert_eq!(images.namespaces(&ada, None).await.unwrap().len(), 2);
    assert_eq!(images.namespaces(&ada, Some("acm")).await.unwrap()[0].name, "acme");
    assert_eq!(images.repositories(&ada, "acme", None).await.unwrap()[0].name, "shop");
    assert!(images.repositories(&ada, "library", None).await.unwrap().is_empty());
    assert_eq!(images.tags(&ada, "acme", "shop", Some("1.")).await.unwrap()[0].name, "1.4");
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_switched_off_says_so(pool: PgPool) {
    let world = World::of(pool);
    let refused = world.services.images().namespaces(&user("ada"), None).await.unwrap_err().problem();
    assert_eq!((refused.kind, &*refused.code), (ProblemKind::Unavailable, "registry-off"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_program_browses_nothing_by_default(pool: PgPool) {
    let gallery = Gallery::new(pool);
    let program = Caller { scope: Scope::Deploy, client: Some(1), role: Role::Client, ..user("ada") };
    let refused = gallery.world.services.images().namespaces(&program, None).await;
    assert!(matches!(refused, Err(ImageError::Forbidden)));
    assert_eq!(gallery.docker_hub.asked(), 0);
}

#[rstest]
#[case(BrowseError::Unauthorized, ProblemKind::UpstreamRefused, "registry-refused")]
#[case(BrowseError::NotFound, ProblemKind::NotFound, "not-found")]
#[case(BrowseError::RateLimited { retry_after: None }, ProblemKind::UpstreamBusy, "registry-rate-limited")]
#[case(BrowseError::Unavailable, ProblemKind::Unavailable, "registry-unavailable")]
#[case(BrowseError::UnexpectedStatus { status: 418 }, ProblemKind::UpstreamUnreadable, "registry-answer-unusable")]
#[case(BrowseError::InvalidAnswer, ProblemKind::UpstreamUnreadable, "registry-answer-unusable")]
fn every_failure_has_a_stable_code(
    #[case] error: BrowseError,
    #[case] kind: ProblemKind,
    #[case] code: &str,
) {
    let problem = ImageError::Browse(error).problem();
    assert_eq!((problem.kind, &*problem.code), (kind, code));
}

#[test]
fn a_limit_says_how_long_it_lasts() {
    let error = BrowseError::RateLimited { retry_after: Some(Duration::from_secs(30)) };
    assert_eq!(ImageError::Browse(error).problem().extra, Some(Extra::RetryAfter(30)));
}
