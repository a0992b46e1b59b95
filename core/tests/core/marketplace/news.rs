//! What the User Service is told about templates.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::marketplace::{Listing, Webhook};
use serde_json::{Value, json};
use sqlx::PgPool;
use stacker::connectors::marketplace_webhook::{FakeMarketplaceWebhook, WebhookError};
use uuid::Uuid;

use crate::helpers::World;

const SHOP: Uuid = Uuid::from_u128(1);
const BLOG: Uuid = Uuid::from_u128(2);

struct Told {
    world: World,
    service: Arc<FakeMarketplaceWebhook>,
}

impl Told {
    fn new(pool: PgPool) -> Self {
        let service = Arc::new(FakeMarketplaceWebhook::default());
        Self { world: World::with_marketplace_webhook(pool, service.clone()), service }
    }

    async fn announce(&self, webhook: Webhook) {
        let mut transaction = self.world.pool.begin().await.unwrap();
        self.world.services.template_news().announce(&mut transaction, &webhook).await.unwrap();
        transaction.commit().await.unwrap();
    }

    async fn deliver(&self) {
        self.world.services.deliver().await.unwrap();
    }

    async fn waiting(&self) -> i64 {
        sqlx::query_scalar("select count(*) from outbox").fetch_one(&self.world.pool).await.unwrap()
    }

    /// The actions and templates that arrived, in order.
    fn received(&self) -> Vec<(String, Uuid)> {
        let read = |body: &String| {
            let body: Value = serde_json::from_str(body).unwrap();
            let id = body["stack_template_id"].as_str().unwrap().parse().unwrap();
            (body["action"].as_str().unwrap().to_owned(), id)
        };
        self.service.received().iter().map(read).collect()
    }
}

fn approved(id: Uuid) -> Webhook {
    Webhook::approved(Listing {
        id,
        slug: id.to_string(),
        name: "Shop".to_owned(),
        short_description: None,
        long_description: None,
        creator_user_id: "eve".to_owned(),
        category: None,
        tags: json!([]),
    })
}

fn entry(action: &str, id: Uuid) -> (String, Uuid) {
    (action.to_owned(), id)
}

#[sqlx::test(migrations = "../migrations")]
async fn a_later_rejection_neither_replaces_nor_overtakes_a_waiting_approval(pool: PgPool) {
    let told = Told::new(pool);
    told.service.then_fails_with(WebhookError::Unavailable);
    told.announce(approved(SHOP)).await;
    told.deliver().await;
    told.announce(Webhook::rejected(SHOP)).await;
    told.announce(approved(BLOG)).await;
    told.deliver().await;
    assert_eq!(told.received(), [entry("template_approved", BLOG)], "only what is about another template");
    assert_eq!(told.waiting().await, 2);

    told.world.clock.advance(TimeDelta::minutes(10));
    told.deliver().await;
    let expected = [("template_approved", BLOG), ("template_approved", SHOP), ("template_rejected", SHOP)];
    assert_eq!(told.received(), expected.map(|(action, id)| entry(action, id)));
    assert_eq!(told.waiting().await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_the_service_refuses_is_given_up_and_the_next_decision_is_sent(pool: PgPool) {
    let told = Told::new(pool);
    for error in [WebhookError::Unauthorized, WebhookError::NotFound] {
        told.service.then_fails_with(error);
        told.announce(approved(SHOP)).await;
        told.deliver().await;
        assert_eq!(told.waiting().await, 0, "{error}");
    }
    told.announce(Webhook::rejected(SHOP)).await;
    told.deliver().await;
    assert_eq!(told.received(), [entry("template_rejected", SHOP)]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_service_in_trouble_is_told_as_often_as_it_takes(pool: PgPool) {
    let told = Told::new(pool);
    told.announce(approved(SHOP)).await;
    for _ in 0..20 {
        told.service.then_fails_with(WebhookError::Unavailable);
        told.deliver().await;
        told.world.clock.advance(TimeDelta::minutes(10));
    }
    assert_eq!((told.received(), told.waiting().await), (Vec::new(), 1));
    told.deliver().await;
    assert_eq!(told.received(), [entry("template_approved", SHOP)]);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_rolled_back_is_not_told(pool: PgPool) {
    let told = Told::new(pool);
    let mut transaction = told.world.pool.begin().await.unwrap();
    told.world.services.template_news().announce(&mut transaction, &approved(SHOP)).await.unwrap();
    drop(transaction);
    told.deliver().await;
    assert!(told.received().is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn without_a_webhook_nothing_waits(pool: PgPool) {
    let world = World::of(pool);
    let mut transaction = world.pool.begin().await.unwrap();
    world.services.template_news().announce(&mut transaction, &approved(SHOP)).await.unwrap();
    transaction.commit().await.unwrap();
    let waiting: i64 =
        sqlx::query_scalar("select count(*) from outbox").fetch_one(&world.pool).await.unwrap();
    assert_eq!(waiting, 0);
}
