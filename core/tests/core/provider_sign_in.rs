//! Signing in at a provider, and staying signed in while the provider confirms the session.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::access::{Caller, Role};
use secrecy::ExposeSecret as _;
use sqlx::PgPool;
use stacker::{
    connectors::{
        oauth::{FakeIdentities, LookupError},
        user_service::FakeUserService,
    },
    services::{
        AUTHORIZATION_LIFETIME, Browser, CallbackQuery, ProviderSignInError, SessionToken, SignedInBrowser,
        UNCONFIRMED_FOR,
    },
};
use url::Url;

use crate::helpers::{World, caller, user};

const CHECK_INTERVAL: TimeDelta = TimeDelta::minutes(5);

fn with_provider(pool: PgPool) -> (World, Arc<FakeIdentities>) {
    let provider = Arc::new(FakeIdentities::saying(user("ada")));
    (World::with_provider(pool, provider.clone()), provider)
}

fn return_to() -> Url {
    Url::parse("https://stacker.example/sign-in/callback").unwrap()
}

fn returned(code: Option<&str>, state: &str, error: Option<&str>) -> CallbackQuery {
    CallbackQuery {
        code: code.map(Into::into),
        state: Some(state.into()),
        error: error.map(Into::into),
        iss: None,
    }
}

async fn authorize(world: &World, next: &str) -> String {
    world.services.provider_sign_in().unwrap().authorize(&return_to(), Some(next)).await.unwrap().1
}

async fn callback(
    world: &World,
    cookie: Option<&str>,
    returned: CallbackQuery,
) -> Result<SignedInBrowser, ProviderSignInError> {
    let browser = Browser { user_agent: Some("Firefox".to_owned()), address: None };
    world.services.provider_sign_in().unwrap().callback(&return_to(), cookie, returned, &browser).await
}

async fn sign_in(world: &World) -> SessionToken {
    let cookie = authorize(world, "/").await;
    let good = returned(Some(FakeIdentities::CODE), FakeIdentities::STATE, None);
    callback(world, Some(&cookie), good).await.unwrap().token
}

async fn who(world: &World, token: &SessionToken) -> Option<Caller> {
    world.services.sessions().find(token.expose_secret()).await.unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn whoever_comes_back_with_the_code_is_signed_in_and_gets_where_they_wanted(pool: PgPool) {
    let (world, _) = with_provider(pool);
    let cookie = authorize(&world, "/hosts").await;
    let good = returned(Some(FakeIdentities::CODE), FakeIdentities::STATE, None);
    let signed_in = callback(&world, Some(&cookie), good).await.unwrap();
    assert_eq!(signed_in.next, "/hosts");
    assert_eq!(who(&world, &signed_in.token).await, Some(user("ada")));
    let kept: Vec<u8> =
        sqlx::query_scalar("select provider_tokens from session").fetch_one(&world.pool).await.unwrap();
    assert!(!kept.windows(10).any(|part| part == b"the-access"), "sealed");
}

#[sqlx::test(migrations = "../migrations")]
async fn the_token_of_the_provider_comes_along_only_where_a_user_service_knows_people_by_it(pool: PgPool) {
    let (world, provider) = with_provider(pool.clone());
    let token = sign_in(&world).await;
    assert_eq!(who(&world, &token).await.unwrap().provider_token, None);

    let world = World::with_provider_and_users(pool, provider, Arc::new(FakeUserService::default()));
    let token = sign_in(&world).await;
    // Both before and after the provider is asked again.
    for _ in 0..2 {
        let ada = who(&world, &token).await.unwrap();
        assert_eq!(ada.provider_token.as_ref().unwrap().expose(), "the-access-token");
        assert!(!format!("{ada:?}").contains("the-access-token"));
        world.clock.advance(CHECK_INTERVAL);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_did_not_begin_in_this_browser_or_ends_too_late_signs_nobody_in(pool: PgPool) {
    let (world, _) = with_provider(pool);
    let cookie = authorize(&world, "/").await;
    let good = || returned(Some(FakeIdentities::CODE), FakeIdentities::STATE, None);
    let mut changed = cookie.clone().into_bytes();
    changed[40] = if changed[40] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).unwrap();
    for (cookie, returned) in [
        (None, good()),
        (Some(""), good()),
        (Some("no cookie of ours"), good()),
        (Some(changed.as_str()), good()),
        (Some(cookie.as_str()), returned(Some(FakeIdentities::CODE), "another-state", None)),
        (Some(cookie.as_str()), CallbackQuery { state: None, ..good() }),
    ] {
        let refused = callback(&world, cookie, returned).await.unwrap_err();
        assert!(matches!(refused, ProviderSignInError::Expired), "{cookie:?}: {refused:?}");
    }
    let wrong = returned(Some("another-code"), FakeIdentities::STATE, None);
    let refused = callback(&world, Some(&cookie), wrong).await.unwrap_err();
    assert!(matches!(refused, ProviderSignInError::Refused), "{refused:?}");
    let denied = returned(None, FakeIdentities::STATE, Some("access_denied"));
    let refused = callback(&world, Some(&cookie), denied).await.unwrap_err();
    assert!(matches!(refused, ProviderSignInError::Denied), "{refused:?}");

    world.clock.advance(AUTHORIZATION_LIFETIME);
    let refused = callback(&world, Some(&cookie), good()).await.unwrap_err();
    assert!(matches!(refused, ProviderSignInError::Expired), "{refused:?}");
    let sessions: i64 =
        sqlx::query_scalar("select count(*) from session").fetch_one(&world.pool).await.unwrap();
    assert_eq!(sessions, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_role_that_changed_takes_effect_when_the_provider_is_asked_again(pool: PgPool) {
    let (world, provider) = with_provider(pool);
    let token = sign_in(&world).await;
    provider.says(Ok(caller("ada", Role::GroupAdmin)));
    assert_eq!(who(&world, &token).await.unwrap().role, Role::GroupUser);
    world.clock.advance(CHECK_INTERVAL);
    assert_eq!(who(&world, &token).await.unwrap().role, Role::GroupAdmin);
    assert_eq!(who(&world, &token).await.unwrap().role, Role::GroupAdmin, "and it is kept");
    assert_eq!(provider.asked(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn of_many_requests_one_asks_the_provider(pool: PgPool) {
    let (world, provider) = with_provider(pool);
    let token = sign_in(&world).await;
    world.clock.advance(CHECK_INTERVAL);
    let (one, two, three) = tokio::join!(who(&world, &token), who(&world, &token), who(&world, &token));
    assert!(one.is_some() && two.is_some() && three.is_some());
    assert_eq!(provider.asked(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn who_is_gone_there_or_is_somebody_else_is_signed_out_here(pool: PgPool) {
    let (world, provider) = with_provider(pool);
    for says in [Err(LookupError::Refused), Ok(user("mallory"))] {
        provider.says(Ok(user("ada")));
        let token = sign_in(&world).await;
        provider.says(says);
        world.clock.advance(CHECK_INTERVAL);
        assert_eq!(who(&world, &token).await, None);
        provider.says(Ok(user("ada")));
        assert_eq!(who(&world, &token).await, None, "for good");
    }
    let said: i64 =
        sqlx::query_scalar("select count(*) from audit_log where action = 'session.not_confirmed'")
            .fetch_one(&world.pool)
            .await
            .unwrap();
    assert_eq!(said, 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_provider_that_is_away_signs_nobody_out_at_once_and_keeps_nobody_in_for_ever(pool: PgPool) {
    let (world, provider) = with_provider(pool);
    let token = sign_in(&world).await;
    provider.says(Err(LookupError::Unavailable));
    world.clock.advance(CHECK_INTERVAL);
    assert_eq!(who(&world, &token).await, Some(user("ada")));
    world.clock.advance(UNCONFIRMED_FOR);
    assert_eq!(who(&world, &token).await, None);
    // The provider never refused the session, so it becomes valid again.
    provider.says(Ok(user("ada")));
    world.clock.advance(CHECK_INTERVAL);
    assert_eq!(who(&world, &token).await, Some(user("ada")));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_person_sees_and_ends_their_own_sessions_and_nobody_elses(pool: PgPool) {
    let (world, _) = with_provider(pool);
    let sessions = world.services.sessions();
    let ada = user("ada");
    let (here, there) = (sign_in(&world).await, sign_in(&world).await);
    let his = sessions.start(&user("bob"), &Browser::default()).await.unwrap();
    let listed = sessions.list(&ada, &here).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(listed.iter().filter(|session| session.is_current).count(), 1);
    assert!(listed.iter().all(|session| session.user_agent.as_deref() == Some("Firefox")));

    let bobs = sessions.list(&user("bob"), &his).await.unwrap()[0].id;
    assert!(!sessions.end_one(&ada, bobs).await.unwrap());
    let other = listed.iter().find(|session| !session.is_current).unwrap().id;
    assert!(sessions.end_one(&ada, other).await.unwrap());
    assert_eq!(who(&world, &there).await, None);
    assert_eq!(who(&world, &here).await, Some(ada.clone()));
    assert_eq!(sessions.end_all(&ada).await.unwrap(), 1);
    assert_eq!(who(&world, &here).await, None);
    assert!(sessions.find(his.expose_secret()).await.unwrap().is_some());
}
