//! Clouds and servers: what is stored of their secrets, who sees them, who may deploy with them.

use std::{collections::BTreeSet, sync::Arc};

use domain::{
    access::{Caller, ProjectRole, Role, Scope},
    cloud::{CloudBody, CloudItem, KeyVerdict, Secret, ServerBody},
};
use sqlx::PgPool;
use stacker::{
    connectors::{
        broker::FakeBroker,
        cloud_api::{FakeCloudApi, KeyVerdict as Answer, Offers},
    },
    services::{CloudError, Page},
};

use crate::{
    deployments::project,
    helpers::{World, user},
    sharing::let_in,
};

pub const TOKEN: &str = "hetzner-token-0123456789abcd";

pub fn hetzner() -> CloudBody {
    CloudBody {
        name: Some("Work".to_owned()),
        provider: "htz".to_owned(),
        cloud_token: Some(Secret::new(TOKEN)),
        save_token: Some(true),
        ..CloudBody::default()
    }
}

/// A machine, as a deployment through the install service stores it.
pub async fn insert_server(world: &World, owner: &Caller, project: i32) -> i32 {
    sqlx::query_scalar(
        "insert into server (user_id, project_id, region, zone, created_at, updated_at)
         values ($1, $2, 'fsn1', 'a', now(), now()) returning id",
    )
    .bind(&owner.user_id)
    .bind(project)
    .fetch_one(&world.pool)
    .await
    .unwrap()
}

async fn create(world: &World, caller: &Caller, body: &CloudBody) -> CloudItem {
    world.services.clouds().create(caller, body).await.unwrap()
}

async fn stored(world: &World) -> String {
    sqlx::query_scalar("select coalesce(string_agg(c::text, E'\\n'), '') from cloud c")
        .fetch_one(&world.pool)
        .await
        .unwrap()
}

async fn has_sealed_secrets(world: &World, id: i32) -> bool {
    sqlx::query_scalar("select secrets_sealed is not null from cloud where id = $1")
        .bind(id)
        .fetch_one(&world.pool)
        .await
        .unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_stored_secret_is_sealed_and_shown_only_by_its_last_four_characters(pool: PgPool) {
    let world = World::of(pool);
    let cloud = create(&world, &user("ada"), &hetzner()).await;
    assert_eq!(cloud.cloud_token.as_deref(), Some("****abcd"));
    assert_eq!((cloud.cloud_key, cloud.cloud_secret), (None, None));
    assert!(has_sealed_secrets(&world, cloud.id).await);
    assert!(!stored(&world).await.contains(TOKEN));
}

#[sqlx::test(migrations = "../migrations")]
async fn without_save_token_no_secret_is_stored(pool: PgPool) {
    let world = World::of(pool);
    for save_token in [Some(false), None] {
        let cloud = create(&world, &user("ada"), &CloudBody { save_token, ..hetzner() }).await;
        assert_eq!(cloud.cloud_token, None);
        assert!(!has_sealed_secrets(&world, cloud.id).await);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn an_absent_or_masked_secret_stays_and_an_empty_one_is_removed(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let clouds = world.services.clouds();
    let cloud = create(&world, &ada, &hetzner()).await;
    for token in [None, Some(Secret::new("****abcd"))] {
        let body = CloudBody { cloud_token: token, save_token: None, ..hetzner() };
        let changed = clouds.update(&ada, cloud.id, &body).await.unwrap();
        assert_eq!(changed.cloud_token.as_deref(), Some("****abcd"));
    }
    let body = CloudBody { cloud_key: Some(Secret::new("another-key-of-the-cloud")), ..hetzner() };
    let changed = clouds.update(&ada, cloud.id, &body).await.unwrap();
    assert_eq!(changed.cloud_key.as_deref(), Some("****loud"));
    let body = CloudBody { cloud_token: Some(Secret::new("")), ..hetzner() };
    let changed = clouds.update(&ada, cloud.id, &body).await.unwrap();
    assert_eq!((changed.cloud_token, changed.cloud_key.as_deref()), (None, Some("****loud")));
}

#[sqlx::test(migrations = "../migrations")]
async fn secrets_that_are_no_longer_to_be_stored_are_deleted(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let cloud = create(&world, &ada, &hetzner()).await;
    let body = CloudBody { cloud_token: None, save_token: Some(false), ..hetzner() };
    let changed = world.services.clouds().update(&ada, cloud.id, &body).await.unwrap();
    assert_eq!(changed.cloud_token, None);
    assert!(!has_sealed_secrets(&world, cloud.id).await);
}

#[sqlx::test(migrations = "../migrations")]
async fn clouds_of_others_do_not_exist(pool: PgPool) {
    let world = World::of(pool);
    let bob = user("bob");
    let clouds = world.services.clouds();
    let id = create(&world, &user("ada"), &hetzner()).await.id;
    assert!(matches!(clouds.get(&bob, id).await, Err(CloudError::NotFound("cloud"))));
    assert!(matches!(clouds.update(&bob, id, &hetzner()).await, Err(CloudError::NotFound("cloud"))));
    assert!(matches!(clouds.delete(&bob, id, None).await, Err(CloudError::NotFound("cloud"))));
    assert!(matches!(clouds.check(&bob, id).await, Err(CloudError::NotFound("cloud"))));
    assert!(clouds.list(&bob, Page::default()).await.unwrap().items.is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn an_api_client_may_do_nothing_with_clouds_by_default(pool: PgPool) {
    let world = World::of(pool);
    let client = Caller { scope: Scope::Deploy, client: Some(1), role: Role::Client, ..user("ada") };
    assert!(matches!(
        world.services.clouds().list(&client, Page::default()).await,
        Err(CloudError::Forbidden)
    ));
    assert!(matches!(
        world.services.servers().list(&client, Page::default()).await,
        Err(CloudError::Forbidden)
    ));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_cloud_is_deleted_only_under_its_own_name(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let clouds = world.services.clouds();
    let id = create(&world, &ada, &hetzner()).await.id;
    assert!(matches!(clouds.delete(&ada, id, Some("Home")).await, Err(CloudError::NotConfirmed(_))));
    clouds.delete(&ada, id, Some("Work")).await.unwrap();
    assert!(matches!(clouds.get(&ada, id).await, Err(CloudError::NotFound("cloud"))));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_nameless_cloud_is_named_after_its_provider(pool: PgPool) {
    let world = World::of(pool);
    let cloud = create(&world, &user("ada"), &CloudBody { name: None, ..hetzner() }).await;
    assert_eq!(cloud.name.as_deref(), Some("Hetzner Cloud"));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_provider_is_asked_about_the_stored_key(pool: PgPool) {
    let api = Arc::new(FakeCloudApi::default());
    let world = World::with_clouds(pool, Arc::new(FakeBroker::default()), api.clone());
    let ada = user("ada");
    let clouds = world.services.clouds();
    let id = create(&world, &ada, &hetzner()).await.id;
    api.knows("htz", TOKEN, Answer::Valid { account: Some("ada@example.com".to_owned()) }, Offers::default());
    let check = clouds.check(&ada, id).await.unwrap();
    assert_eq!((check.verdict, check.detail.as_deref()), (KeyVerdict::Valid, Some("ada@example.com")));
    api.knows("htz", TOKEN, Answer::Unreachable("did not answer in time".to_owned()), Offers::default());
    let check = clouds.check(&ada, id).await.unwrap();
    let said = Some("The provider did not answer in time");
    assert_eq!((check.verdict, check.detail.as_deref()), (KeyVerdict::Unreachable, said));

    let body = CloudBody { cloud_token: Some(Secret::new("")), ..hetzner() };
    clouds.update(&ada, id, &body).await.unwrap();
    assert!(matches!(clouds.check(&ada, id).await, Err(CloudError::NothingToCheck)));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_operator_sees_only_the_clouds_shared_with_the_project(pool: PgPool) {
    let world = World::of(pool);
    let (ada, bob) = (user("ada"), user("bob"));
    let clouds = world.services.clouds();
    let shop = project(&world, &ada).await;
    let_in(&world, &ada, shop, &bob, ProjectRole::Operator).await;
    let shared = create(&world, &ada, &hetzner()).await.id;
    create(&world, &ada, &CloudBody { name: Some("Private".to_owned()), ..hetzner() }).await;
    assert!(clouds.offered(&bob, shop).await.unwrap().is_empty());
    assert_eq!(clouds.offered(&ada, shop).await.unwrap().len(), 2);

    let cloud = clouds.share(&ada, shared, &BTreeSet::from([shop])).await.unwrap();
    assert_eq!(cloud.shared_with[0].project_name, "My shop");
    let offered = clouds.offered(&bob, shop).await.unwrap();
    assert_eq!((offered.len(), offered[0].id, offered[0].has_secrets), (1, shared, true));
    assert!(clouds.get(&bob, shared).await.is_err());

    clouds.share(&ada, shared, &BTreeSet::new()).await.unwrap();
    assert!(clouds.offered(&bob, shop).await.unwrap().is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_cloud_is_not_shared_with_a_project_of_somebody_else(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let of_bob = project(&world, &user("bob")).await;
    let id = create(&world, &ada, &hetzner()).await.id;
    let shared = world.services.clouds().share(&ada, id, &BTreeSet::from([of_bob])).await;
    assert!(matches!(shared, Err(CloudError::Invalid { .. })));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_list_has_pages(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    for _ in 0..3 {
        create(&world, &ada, &hetzner()).await;
    }
    let page = |after| Page { limit: Some(2), after };
    let first = world.services.clouds().list(&ada, page(None)).await.unwrap();
    assert_eq!((first.items.len(), first.next), (2, Some(first.items[1].id)));
    let second = world.services.clouds().list(&ada, page(first.next)).await.unwrap();
    assert_eq!((second.items.len(), second.next), (1, None));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_server_is_replaced_as_a_whole_and_deleted(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let shop = project(&world, &ada).await;
    let servers = world.services.servers();
    let id = insert_server(&world, &ada, shop).await;
    let body = ServerBody { region: Some("nbg1".to_owned()), ssh_port: Some(22), ..ServerBody::default() };
    let changed = servers.update(&ada, id, body).await.unwrap();
    assert_eq!((changed.region.as_deref(), changed.zone, changed.ssh_port), (Some("nbg1"), None, Some(22)));
    assert!(matches!(servers.get(&user("bob"), id).await, Err(CloudError::NotFound("server"))));
    assert!(matches!(servers.delete(&user("bob"), id).await, Err(CloudError::NotFound("server"))));
    servers.delete(&ada, id).await.unwrap();
    assert!(servers.list(&ada, Page::default()).await.unwrap().items.is_empty());
}
