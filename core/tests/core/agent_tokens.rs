//! Token rotation: what is copied to Vault, which tokens are valid, and what waits while Vault is down.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{access::Caller, api::RegisterAgent, cloud::DeployBody};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::PgPool;
use stacker::{
    connectors::vault::{FakeVault, SecretStore, StoreError},
    services::{
        HostError,
        agent_dispatcher::{RotationError, rotate_token},
    },
};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    deployments::project,
    helpers::{World, user},
    hosts::add,
};

/// Sets up a world with a vault and a deployment with a registered legacy agent.
async fn registered(world: &World, ada: &Caller) -> (String, String) {
    let project = project(world, ada).await;
    let form = DeployBody::own();
    let hash = world.services.deployments().deploy(ada, project, form).await.unwrap().deployment_hash;
    let request = RegisterAgent { deployment_hash: hash.clone(), ..RegisterAgent::default() };
    let registered = world.services.agents().register(&request, None, None).await.unwrap();
    (hash, registered.token.unwrap().expose_secret().to_owned())
}

fn with_vault(pool: PgPool) -> (World, Arc<FakeVault>) {
    let vault = Arc::new(FakeVault::default());
    (World::with_vault(pool, vault.clone()), vault)
}

async fn deliver(world: &World) {
    world.services.deliver().await.unwrap();
}

async fn waiting(world: &World) -> i64 {
    sqlx::query_scalar("select count(*) from outbox").fetch_one(&world.pool).await.unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_token_is_copied_at_registration_and_at_rotation(pool: PgPool) {
    let (world, vault) = with_vault(pool);
    let (hash, token) = registered(&world, &user("ada")).await;
    deliver(&world).await;
    assert_eq!(vault.token_of(&hash), Some(token));

    rotate_token(&world.pool, world.services.vault(), &hash, "NEW_TOKEN").await.unwrap();
    deliver(&world).await;
    assert_eq!(vault.token_of(&hash).as_deref(), Some("NEW_TOKEN"));
    assert_eq!(waiting(&world).await, 0);
    let (both, hash_of_new): (bool, Vec<u8>) =
        sqlx::query_as("select previous_token_until > $1, token_hash from agents")
            .bind(world.services.context().clock.now())
            .fetch_one(&world.pool)
            .await
            .unwrap();
    assert!(both);
    assert_eq!(hash_of_new, stacker::crypto::token_hash("NEW_TOKEN"));
}

#[sqlx::test(migrations = "../migrations")]
async fn while_vault_is_down_the_last_token_waits_sealed_and_is_delivered_later(pool: PgPool) {
    let (world, vault) = with_vault(pool);
    let (hash, _) = registered(&world, &user("ada")).await;
    vault.set_down(true);
    for token in ["TOKEN_ONE", "TOKEN_TWO"] {
        rotate_token(&world.pool, world.services.vault(), &hash, token).await.unwrap();
        deliver(&world).await;
    }
    assert_eq!((vault.token_of(&hash), waiting(&world).await), (None, 1));
    let kept: Vec<u8> =
        sqlx::query_scalar("select payload_sealed from outbox").fetch_one(&world.pool).await.unwrap();
    assert!(!kept.windows(9).any(|part| part == b"TOKEN_TWO"));

    vault.set_down(false);
    world.clock.advance(TimeDelta::minutes(10));
    deliver(&world).await;
    assert_eq!(vault.token_of(&hash).as_deref(), Some("TOKEN_TWO"));
    assert_eq!(waiting(&world).await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn while_vault_is_down_the_token_that_the_agent_has_stays_good(pool: PgPool) {
    let (world, vault) = with_vault(pool);
    let (hash, old) = registered(&world, &user("ada")).await;
    deliver(&world).await;
    let id: Uuid = sqlx::query_scalar("select id from agents").fetch_one(&world.pool).await.unwrap();
    let is_good = async |token: &str| {
        let token = SecretString::from(token);
        world.services.agents().by_token(id, &token, true).await.is_ok()
    };
    vault.set_down(true);
    for token in ["TOKEN_ONE", "TOKEN_TWO"] {
        rotate_token(&world.pool, world.services.vault(), &hash, token).await.unwrap();
        deliver(&world).await;
        world.clock.advance(TimeDelta::hours(1));
        assert!(is_good(&old).await, "{token}");
    }
    // A newer message does not wait for the next attempt of the one that it replaces.
    vault.set_down(false);
    rotate_token(&world.pool, world.services.vault(), &hash, "TOKEN_THREE").await.unwrap();
    deliver(&world).await;
    assert_eq!(vault.token_of(&hash).as_deref(), Some("TOKEN_THREE"));
    world.clock.advance(TimeDelta::seconds(599));
    assert!(is_good(&old).await && is_good("TOKEN_THREE").await);
    assert!(!is_good("TOKEN_ONE").await && !is_good("TOKEN_TWO").await);
    world.clock.advance(TimeDelta::seconds(1));
    assert!(!is_good(&old).await);
}

/// A vault that stores a token only when the test allows it.
#[derive(Debug, Default)]
struct SlowVault {
    stored: FakeVault,
    asked: Notify,
    answers: Notify,
}

#[async_trait::async_trait]
impl SecretStore for SlowVault {
    async fn store_agent_token(&self, hash: &str, token: &SecretString) -> Result<(), StoreError> {
        self.asked.notify_one();
        self.answers.notified().await;
        self.stored.store_agent_token(hash, token).await
    }

    async fn fetch_agent_token(&self, hash: &str) -> Result<SecretString, StoreError> {
        self.stored.fetch_agent_token(hash).await
    }

    async fn delete_agent_token(&self, hash: &str) -> Result<(), StoreError> {
        self.stored.delete_agent_token(hash).await
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_token_rotated_during_a_delivery_is_delivered_right_after_it(pool: PgPool) {
    let vault = Arc::new(SlowVault::default());
    let world = World::with_vault(pool, vault.clone());
    let (hash, _) = registered(&world, &user("ada")).await;
    let rotation = async {
        vault.asked.notified().await;
        rotate_token(&world.pool, world.services.vault(), &hash, "NEW_TOKEN").await.unwrap();
        vault.answers.notify_one();
        vault.asked.notified().await;
        vault.answers.notify_one();
    };
    tokio::join!(deliver(&world), rotation);
    assert_eq!(vault.stored.token_of(&hash).as_deref(), Some("NEW_TOKEN"));
    assert_eq!(waiting(&world).await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn without_a_vault_an_agent_of_others_keeps_its_token(pool: PgPool) {
    let world = World::of(pool);
    let (hash, _) = registered(&world, &user("ada")).await;
    let refused = rotate_token(&world.pool, world.services.vault(), &hash, "NEW_TOKEN").await;
    assert!(matches!(refused, Err(RotationError::NoVault)));
    for (hash, token) in [("unknown", "NEW_TOKEN"), (hash.as_str(), "two words")] {
        assert!(rotate_token(&world.pool, world.services.vault(), hash, token).await.is_err(), "{hash:?}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn our_own_agent_is_offered_its_next_token_and_vault_hears_nothing_of_it(pool: PgPool) {
    let (world, vault) = with_vault(pool);
    let ada = user("ada");
    let hosts = world.services.hosts();
    let id = add(&world, &ada, "attic").await;
    assert!(matches!(hosts.rotate_token(&ada, id).await, Err(HostError::NoAgent)));
    let code = hosts.enrol(&ada, id).await.unwrap().code;
    let request = RegisterAgent { enrolment_code: Some(code.clone()), ..RegisterAgent::default() };
    world.services.agents().register(&request, None, None).await.unwrap();
    hosts.rotate_token(&ada, id).await.unwrap();
    let offered: bool = sqlx::query_scalar(
        "select next_token_hash is not null and next_token_sealed is not null from agents",
    )
    .fetch_one(&world.pool)
    .await
    .unwrap();
    assert!(offered);
    assert_eq!(waiting(&world).await, 0);
    assert!(vault.fetch_agent_token(&format!("host_{id}")).await.is_err());
    // A code works once.
    assert!(world.services.agents().register(&request, None, None).await.is_err());
}

#[sqlx::test(migrations = "../migrations")]
async fn this_machine_is_one_host_of_its_owner(pool: PgPool) {
    let world = World::of(pool);
    let (hosts, ada) = (world.services.hosts(), user("ada"));
    let id = hosts.local(&ada).await.unwrap();
    assert_eq!(hosts.local(&ada).await.unwrap(), id);
    let code = hosts.enrol_local(&ada).await.unwrap().code;
    let request = RegisterAgent { enrolment_code: Some(code), ..RegisterAgent::default() };
    let registered = world.services.agents().register(&request, None, None).await.unwrap();
    assert!(hosts.has_agent(&ada, id, registered.agent_id).await.unwrap());
    assert!(!hosts.has_agent(&user("bob"), id, registered.agent_id).await.unwrap());
    assert!(hosts.get(&ada, id).await.unwrap().is_local);
}
