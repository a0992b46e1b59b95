//! API clients: how many a user can have, and which signatures are valid.

use chrono::TimeDelta;
use domain::{
    access::{Caller, Role, Scope},
    api::{ApiClient, CreateApiClient},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use stacker::{
    context::Clock as _,
    services::{ClientAuthError, ClientError, SignedRequest, Whose},
};

use crate::helpers::{World, admin, caller, user};

const BODY: &[u8] = b"{\"name\":\"shop\"}";

fn hmac(secret: &str, text: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text);
    hex::encode(mac.finalize().into_bytes())
}

fn plain<'a>(client: &ApiClient, hash: &'a str) -> SignedRequest<'a> {
    SignedRequest {
        client: client.id,
        hash,
        timestamp: None,
        nonce: None,
        method: "POST",
        path: "/project",
        body: BODY,
        address: None,
    }
}

async fn created(world: &World, owner: &str, new: CreateApiClient) -> (ApiClient, String) {
    let client = world.services.clients().create(&user(owner), new).await.unwrap();
    let secret = client.secret.clone().unwrap();
    (client, secret)
}

#[sqlx::test(migrations = "../migrations")]
async fn a_signed_request_acts_as_the_owner_within_the_scope(pool: PgPool) {
    let world = World::of(pool);
    let (client, secret) = created(&world, "ada", CreateApiClient::default()).await;
    assert_eq!(secret.len(), 255);
    let hash = hmac(&secret, BODY);

    let found = world.services.clients().authenticate(&plain(&client, &hash)).await.unwrap();

    let expected = Caller { scope: Scope::Deploy, client: Some(client.id), ..caller("ada", Role::Client) };
    assert_eq!(found, expected);
    let listed = world.services.clients().list(&user("ada")).await.unwrap();
    assert_eq!(listed[0].last_used_at, Some(world.clock.now()));
}

#[sqlx::test(migrations = "../migrations")]
async fn whatever_is_wrong_is_refused_in_the_same_words(pool: PgPool) {
    let world = World::of(pool);
    let clients = world.services.clients();
    let (client, secret) = created(&world, "ada", CreateApiClient::default()).await;
    let (other, _) = created(&world, "bob", CreateApiClient::default()).await;
    let hash = hmac(&secret, BODY);

    for wrong in [
        SignedRequest { client: other.id, ..plain(&client, &hash) },
        SignedRequest { client: 2_000_000_000, ..plain(&client, &hash) },
        SignedRequest { client: -1, ..plain(&client, &hash) },
        SignedRequest { body: b"{}", ..plain(&client, &hash) },
        plain(&client, ""),
        plain(&client, "not hex"),
        // Signed with an empty secret, and with the placeholder secret that unknown clients are checked against.
        plain(&client, &hmac("", BODY)),
        SignedRequest { client: 2_000_000_000, ..plain(&client, &hmac(&"\0".repeat(255), BODY)) },
    ] {
        let refused = clients.authenticate(&wrong).await;
        assert!(matches!(refused, Err(ClientAuthError::Credentials)), "{wrong:?}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn disabled_rotated_and_expired_clients_are_not_believed(pool: PgPool) {
    let world = World::of(pool);
    let clients = world.services.clients();
    let expires_at = Some(world.clock.now() + TimeDelta::minutes(5));
    let (client, first) =
        created(&world, "ada", CreateApiClient { expires_at, ..CreateApiClient::default() }).await;
    let (ada, id) = (user("ada"), client.id);

    let second = clients.rotate(&ada, Whose::Own, id).await.unwrap().secret.unwrap();
    assert!(clients.authenticate(&plain(&client, &hmac(&first, BODY))).await.is_err());
    assert!(clients.authenticate(&plain(&client, &hmac(&second, BODY))).await.is_ok());

    assert!(matches!(clients.enable(&ada, Whose::Own, id).await, Err(ClientError::AlreadyActive)));
    let disabled = clients.disable(&ada, Whose::Own, id).await.unwrap();
    assert_eq!((disabled.enabled, disabled.secret), (false, None));
    assert!(clients.authenticate(&plain(&client, &hmac(&second, BODY))).await.is_err());
    assert!(matches!(clients.disable(&ada, Whose::Own, id).await, Err(ClientError::NotActive)));
    assert!(matches!(clients.rotate(&ada, Whose::Own, id).await, Err(ClientError::NotActive)));

    let third = clients.enable(&ada, Whose::Own, id).await.unwrap().secret.unwrap();
    let hash = hmac(&third, BODY);
    assert!(clients.authenticate(&plain(&client, &hash)).await.is_ok());
    world.clock.advance(TimeDelta::minutes(5));
    assert!(clients.authenticate(&plain(&client, &hash)).await.is_err());
}

#[sqlx::test(migrations = "../migrations")]
async fn the_hardened_form_is_believed_once_and_in_its_time(pool: PgPool) {
    let world = World::of(pool);
    let clients = world.services.clients();
    let (client, secret) =
        created(&world, "ada", CreateApiClient { hardened: true, ..CreateApiClient::default() }).await;
    let old_form = hmac(&secret, BODY);
    assert!(matches!(
        clients.authenticate(&plain(&client, &old_form)).await,
        Err(ClientAuthError::Credentials)
    ));

    let signed = |seconds: i64, nonce: &str| {
        let timestamp = (world.clock.now().timestamp() + seconds).to_string();
        let digest = hex::encode(Sha256::digest(BODY));
        let hash = hmac(&secret, format!("POST\n/project\n{timestamp}\n{nonce}\n{digest}").as_bytes());
        (hash, timestamp, nonce.to_owned())
    };
    let ask = async |(hash, timestamp, nonce): &(String, String, String)| {
        let request =
            SignedRequest { timestamp: Some(timestamp), nonce: Some(nonce), ..plain(&client, hash) };
        clients.authenticate(&request).await
    };
    let first = signed(0, "nonce-of-one");
    assert!(ask(&first).await.is_ok());
    assert!(matches!(ask(&first).await, Err(ClientAuthError::Stale)));
    assert!(ask(&signed(-299, "nonce-of-two")).await.is_ok());
    for stale in [signed(-301, "nonce-three"), signed(301, "nonce-four"), signed(0, "short")] {
        assert!(matches!(ask(&stale).await, Err(ClientAuthError::Stale)), "{stale:?}");
    }
    // Without the secret, nobody can use up a nonce.
    let (_, timestamp, nonce) = signed(0, "nonce-of-five");
    assert!(ask(&("00".repeat(32), timestamp, nonce)).await.is_err());
    assert!(ask(&signed(0, "nonce-of-five")).await.is_ok());
}

#[sqlx::test(migrations = "../migrations")]
async fn the_limit_holds_when_many_are_made_at_once(pool: PgPool) {
    let world = World::with(pool, "max_clients_number: 3\n");
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let clients = world.services.clients();
        tries.spawn(async move { clients.create(&user("ada"), CreateApiClient::default()).await });
    }
    let mut made = 0;
    for outcome in tries.join_all().await {
        match outcome {
            Ok(_) => made += 1,
            Err(error) => assert!(matches!(error, ClientError::TooMany { limit: 3 }), "{error}"),
        }
    }
    assert_eq!(made, 3);
    // The limit counts for each owner.
    created(&world, "bob", CreateApiClient::default()).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn others_find_nothing_and_administrators_only_change(pool: PgPool) {
    let world = World::of(pool);
    let clients = world.services.clients();
    let (client, _) = created(&world, "ada", CreateApiClient::default()).await;
    let (bob, id) = (user("bob"), client.id);

    assert!(matches!(clients.get(&bob, id).await, Err(ClientError::NotFound)));
    assert!(matches!(clients.rotate(&bob, Whose::Own, id).await, Err(ClientError::NotFound)));
    assert!(matches!(clients.disable(&bob, Whose::Own, id).await, Err(ClientError::NotFound)));
    assert!(matches!(clients.delete(&bob, id, None).await, Err(ClientError::NotFound)));
    assert!(matches!(clients.rotate(&bob, Whose::Anybody, id).await, Err(ClientError::Forbidden)));
    let child = CreateApiClient { parent_id: Some(id), ..CreateApiClient::default() };
    assert!(matches!(clients.create(&bob, child).await, Err(ClientError::Invalid { .. })));

    assert!(!clients.disable(&admin(), Whose::Anybody, id).await.unwrap().enabled);
    assert!(matches!(clients.get(&admin(), id).await, Err(ClientError::NotFound)));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_database_and_the_audit_log_do_not_hold_the_secret(pool: PgPool) {
    let world = World::of(pool);
    let named = CreateApiClient { name: Some("billing".to_owned()), ..CreateApiClient::default() };
    let (client, secret) = created(&world, "ada", named).await;
    let delete = async |typed| world.services.clients().delete(&user("ada"), client.id, typed).await;
    let stored: String = sqlx::query_scalar(
        "select encode(secret, 'escape') || c::text || (select string_agg(a::text, '') from audit_log a) from client c",
    )
    .fetch_one(&world.pool)
    .await
    .unwrap();
    assert!(stored.contains("client.created") && !stored.contains(&secret[..20]));
    assert!(matches!(delete(Some("Billing")).await, Err(ClientError::NotConfirmed(_))));
    delete(Some("billing")).await.unwrap();
    assert!(matches!(delete(None).await, Err(ClientError::NotFound)));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_cannot_be_is_refused_field_by_field(pool: PgPool) {
    let world = World::of(pool);
    let clients = world.services.clients();
    let wrong = CreateApiClient {
        name: Some("two\nlines".to_owned()),
        callback_url: Some("javascript:alert(1)".to_owned()),
        scope: Some(Scope::Admin),
        expires_at: Some(world.clock.now()),
        ..CreateApiClient::default()
    };
    let deployer = Caller { scope: Scope::Deploy, ..user("ada") };
    assert!(matches!(clients.create(&deployer, wrong.clone()).await, Err(ClientError::Forbidden)));
    let Err(ClientError::Invalid { errors }) = clients.create(&user("ada"), wrong).await else { panic!() };
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["name", "callback_url", "expires_at"]);
    assert_eq!(clients.list(&user("ada")).await.unwrap(), []);
}
