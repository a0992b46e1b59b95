//! Who subscribes to what, and with which secret.

use chrono::TimeDelta;
use domain::{
    access::{Caller, ProjectRole, Role, Scope},
    api::CreateApiClient,
    callback::{CreateCallback, UpdateCallback},
};
use sqlx::PgPool;
use stacker::services::{CallbackError, DeliveryPart};

use super::{Calling, URL, all, subscribe};
use crate::{deployments::project, helpers::user, sharing::let_in};

fn enabled(enabled: bool) -> UpdateCallback {
    UpdateCallback { enabled: Some(enabled), ..UpdateCallback::default() }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_secret_is_shown_once_and_stored_sealed(pool: PgPool) {
    let calling = Calling::new(pool);
    let made = calling.subscribe().await;
    let secret = made.secret.unwrap();
    let secret = secret.expose();
    assert!(secret.starts_with("whsec_") && made.enabled);
    assert_eq!(calling.get(made.id).await.secret, None);
    let stored: String = sqlx::query_scalar("select string_agg(s::text, '') from callback_subscription s")
        .fetch_one(&calling.world.pool)
        .await
        .unwrap();
    assert!(!stored.contains(secret) && !stored.contains(&hex::encode(secret)));
}

#[sqlx::test(migrations = "../migrations")]
async fn callbacks_of_others_do_not_exist(pool: PgPool) {
    let calling = Calling::new(pool);
    let id = calling.subscribe().await.id;
    let callbacks = calling.world.services.callbacks();
    let delivery = calling.test(id).await;
    let bob = user("bob");
    let is_missing = |error: CallbackError| matches!(error, CallbackError::NotFound("callback"));
    assert!(callbacks.list(&bob).await.unwrap().is_empty());
    assert!(is_missing(callbacks.get(&bob, id).await.unwrap_err()));
    assert!(is_missing(callbacks.update(&bob, id, &enabled(false)).await.unwrap_err()));
    assert!(is_missing(callbacks.rotate_secret(&bob, id).await.unwrap_err()));
    assert!(is_missing(callbacks.test(&bob, id).await.unwrap_err()));
    assert!(is_missing(callbacks.deliveries(&bob, id, DeliveryPart::default()).await.unwrap_err()));
    assert!(is_missing(callbacks.redeliver(&bob, id, delivery).await.unwrap_err()));
    assert!(is_missing(callbacks.delete(&bob, id, None).await.unwrap_err()));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_api_client_may_do_nothing_with_callbacks_by_default(pool: PgPool) {
    let calling = Calling::new(pool);
    let client = Caller { scope: Scope::Deploy, client: Some(1), role: Role::Client, ..user("ada") };
    let listed = calling.world.services.callbacks().list(&client).await;
    assert!(matches!(listed, Err(CallbackError::Forbidden)));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_cannot_be_called_or_is_no_event_is_refused(pool: PgPool) {
    let calling = Calling::new(pool);
    let callbacks = calling.world.services.callbacks();
    for (url, event) in [
        ("ftp://example.com", "deployment.failed"),
        ("https://user:secret@example.com", "deployment.failed"),
        ("example.com", "deployment.failed"),
        (URL, "deployment.exploded"),
    ] {
        let body = CreateCallback { url: url.to_owned(), events: vec![event.to_owned()], project_id: None };
        let refused = callbacks.create(&calling.ada, &body).await;
        assert!(matches!(refused, Err(CallbackError::Invalid { .. })), "{url} {event}");
    }
    let nothing = CreateCallback { events: Vec::new(), ..all() };
    assert!(matches!(callbacks.create(&calling.ada, &nothing).await, Err(CallbackError::Invalid { .. })));
}

#[sqlx::test(migrations = "../migrations")]
async fn only_the_owner_of_a_project_subscribes_to_it(pool: PgPool) {
    let calling = Calling::new(pool);
    let shop = project(&calling.world, &calling.ada).await;
    let bob = user("bob");
    let_in(&calling.world, &calling.ada, shop, &bob, ProjectRole::Operator).await;
    let body = CreateCallback { project_id: Some(shop), ..all() };
    let refused = calling.world.services.callbacks().create(&bob, &body).await;
    assert!(matches!(refused, Err(CallbackError::Invalid { .. })));
    let made = subscribe(&calling.world, &calling.ada, body).await;
    assert_eq!(made.project_name.as_deref(), Some("My shop"));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_account_has_twenty_callbacks_at_most(pool: PgPool) {
    let calling = Calling::new(pool);
    for _ in 0..20 {
        calling.subscribe().await;
    }
    let refused = calling.world.services.callbacks().create(&calling.ada, &all()).await;
    assert!(matches!(refused, Err(CallbackError::TooMany { limit: 20 })));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_callback_is_deleted_only_under_its_own_name(pool: PgPool) {
    let calling = Calling::new(pool);
    let id = calling.subscribe().await.id;
    let callbacks = calling.world.services.callbacks();
    let refused = callbacks.delete(&calling.ada, id, Some("example.com")).await;
    assert!(matches!(refused, Err(CallbackError::NotConfirmed(_))));
    callbacks.delete(&calling.ada, id, Some("hooks.example.com")).await.unwrap();
    assert!(callbacks.list(&calling.ada).await.unwrap().is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn the_callback_url_of_a_client_stays_silent_until_its_owner_enables_it(pool: PgPool) {
    let calling = Calling::new(pool);
    let new = CreateApiClient { callback_url: Some(URL.to_owned()), ..CreateApiClient::default() };
    let client = calling.world.services.clients().create(&calling.ada, new).await.unwrap();
    let callbacks = calling.world.services.callbacks();
    let listed = callbacks.list(&calling.ada).await.unwrap().remove(0);
    assert_eq!((listed.client_id, listed.enabled, listed.url.as_str()), (Some(client.id), false, URL));
    assert!(matches!(callbacks.test(&calling.ada, listed.id).await, Err(CallbackError::Disabled)));

    let now = callbacks.update(&calling.ada, listed.id, &enabled(true)).await.unwrap();
    assert!(now.enabled && now.secret.is_some());
    callbacks.update(&calling.ada, listed.id, &enabled(false)).await.unwrap();
    let again = callbacks.update(&calling.ada, listed.id, &enabled(true)).await.unwrap();
    assert_eq!(again.secret, None, "it has its secret already");
}

#[sqlx::test(migrations = "../migrations")]
async fn after_a_rotation_both_secrets_sign_for_a_day(pool: PgPool) {
    let calling = Calling::new(pool);
    let made = calling.subscribe().await;
    let rotated = calling.world.services.callbacks().rotate_secret(&calling.ada, made.id).await.unwrap();
    assert_ne!(made.secret, rotated.secret);
    let signatures = async || {
        calling.test(made.id).await;
        calling.deliver().await;
        let sent = calling.receiver.received().pop().unwrap();
        let (body, id) = (sent.body.as_bytes(), sent.delivery_id.as_str());
        stacker::connectors::callback::signature_header(sent.timestamp, id, body, &sent.secrets)
    };
    assert_eq!(signatures().await.split(',').count(), 2);
    calling.world.clock.advance(TimeDelta::hours(24));
    assert_eq!(signatures().await.split(',').count(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_address_of_a_client_that_cannot_be_called_is_not_enabled(pool: PgPool) {
    let calling = Calling::new(pool);
    let url = Some("https://ada@example.com/hook".to_owned());
    let new = CreateApiClient { callback_url: url, ..CreateApiClient::default() };
    calling.world.services.clients().create(&calling.ada, new).await.unwrap();
    let callbacks = calling.world.services.callbacks();
    let id = callbacks.list(&calling.ada).await.unwrap().remove(0).id;
    let refused = callbacks.update(&calling.ada, id, &enabled(true)).await;
    assert!(matches!(refused, Err(CallbackError::Invalid { .. })));
    let change = UpdateCallback { url: Some(URL.to_owned()), ..enabled(true) };
    assert!(callbacks.update(&calling.ada, id, &change).await.unwrap().enabled);
}
