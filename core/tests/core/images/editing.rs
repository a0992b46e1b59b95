//! What the builder asks while a person edits.

use domain::api::{ImageState, ImageTags};
use sqlx::PgPool;
use stacker::{
    connectors::{
        docker_hub::BrowseError,
        registry::{LookUpError, Tags},
    },
    services::ImageError,
};

use super::{Gallery, every_failure, facts};

impl Gallery {
    async fn look_up(&self, images: &[&str]) -> Option<Vec<domain::api::ImageAnswer>> {
        let images: Vec<_> = images.iter().map(|image| (*image).to_owned()).collect();
        self.world.services.images().look_up(&self.ada, &images).await.unwrap()
    }

    async fn tags(&self, image: &str, search: &str) -> Result<ImageTags, ImageError> {
        self.world.services.images().list_tags(&self.ada, image, search).await
    }
}

fn tags(names: &[&str]) -> Tags {
    Tags::new(names.iter().map(|name| (*name).to_owned()).collect())
}

fn names(tags: &ImageTags) -> Vec<&str> {
    tags.tags.iter().map(|tag| tag.name.as_str()).collect()
}

#[sqlx::test(migrations = "../migrations")]
async fn answers_come_in_the_order_of_the_images_and_each_is_asked_for_once(pool: PgPool) {
    let gallery = Gallery::new(pool);
    gallery.registry.says("nginx:1.27", Ok(facts(&["amd64"])));
    gallery.registry.has_tags("nginx", Ok(tags(&["1.27", "1.29"])));
    gallery.registry.says("postgres:99", Err(LookUpError::CertainlyMissing));
    let answers = gallery.look_up(&["postgres:99", "nginx:1.27", "postgres:99"]).await.unwrap();
    let states: Vec<_> = answers.iter().map(|answer| answer.state).collect();
    assert_eq!(states, [ImageState::Missing, ImageState::Exists, ImageState::Missing]);
    assert_eq!(answers[1].newer_tag.as_deref(), Some("1.29"));
    assert_eq!(answers[1].facts.as_ref().unwrap().platforms, ["linux/amd64"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_failure_is_a_state_and_a_server_without_registries_says_so_once(pool: PgPool) {
    let gallery = Gallery::new(pool);
    for error in every_failure() {
        gallery.registry.says("nginx:1", Err(error.clone()));
        let answers = gallery.look_up(&["nginx:1"]).await.unwrap();
        assert!(answers[0].facts.is_none() && answers[0].state != ImageState::Missing, "{error}");
    }
    gallery.registry.says("nginx:1", Err(LookUpError::Off));
    assert_eq!(gallery.look_up(&["nginx:1"]).await, None);
}

#[sqlx::test(migrations = "../migrations")]
async fn one_question_has_few_images(pool: PgPool) {
    let gallery = Gallery::new(pool);
    let many = vec!["nginx:1".to_owned(); 21];
    for images in [many, vec!["a".repeat(601)]] {
        let refused = gallery.world.services.images().look_up(&gallery.ada, &images).await;
        assert!(matches!(refused, Err(ImageError::Invalid { .. })));
    }
    assert_eq!(gallery.registry.asked(), 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_first_tags_of_a_registry_are_described_and_docker_hub_is_not_asked(pool: PgPool) {
    let gallery = Gallery::new(pool);
    gallery.registry.has_tags("ghcr.io/acme/shop", Ok(tags(&["1.4", "latest", "1.5"])));
    gallery.registry.says("ghcr.io/acme/shop:1.5", Ok(facts(&["amd64", "arm64"])));
    let found = gallery.tags("ghcr.io/acme/shop", "").await.unwrap();
    assert_eq!(names(&found), ["1.5", "1.4", "latest"]);
    assert_eq!((found.tags[0].size_bytes, found.tags[0].platforms.len()), (Some(1_000), 2));
    assert!(found.tags[1].platforms.is_empty(), "the registry did not answer for it");
    assert_eq!((found.found, found.is_complete, gallery.docker_hub.asked()), (3, true, 0));
}

#[sqlx::test(migrations = "../migrations")]
async fn tags_of_docker_hub_are_described_by_its_pages_without_a_pull(pool: PgPool) {
    let gallery = Gallery::new(pool);
    gallery.registry.has_tags("acme/shop", Ok(tags(&["1.4", "1.3"])));
    let found = gallery.tags("acme/shop", "1.").await.unwrap();
    assert_eq!(names(&found), ["1.4", "1.3"]);
    assert_eq!((found.tags[0].size_bytes, found.tags[1].size_bytes), (Some(77), None));
    assert_eq!(gallery.registry.asked(), 1, "only for the names");
}

#[sqlx::test(migrations = "../migrations")]
async fn the_pages_of_docker_hub_stand_in_for_its_registry_and_nothing_stands_in_for_both(pool: PgPool) {
    let gallery = Gallery::new(pool);
    let busy = LookUpError::RateLimited { retry_after: std::time::Duration::from_secs(60) };
    gallery.registry.has_tags("acme/shop", Err(busy.clone()));
    let found = gallery.tags("acme/shop", "").await.unwrap();
    assert_eq!((names(&found), found.is_complete), (vec!["1.4", "latest"], false));
    gallery.docker_hub.fails_with(Some(BrowseError::Unavailable));
    assert!(matches!(gallery.tags("acme/shop", "").await, Err(ImageError::LookUp(error)) if error == busy));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_switched_off_asks_nobody(pool: PgPool) {
    let gallery = Gallery::new(pool);
    gallery.registry.has_tags("acme/shop", Err(LookUpError::Off));
    assert!(matches!(gallery.tags("acme/shop", "").await, Err(ImageError::LookUp(LookUpError::Off))));
    assert_eq!(gallery.docker_hub.asked(), 0);
}
