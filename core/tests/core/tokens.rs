//! Access tokens.

use chrono::TimeDelta;
use domain::{
    access::{Action, Caller, Resource, Role, Scope, may},
    api::CreateAccessToken,
};
use sqlx::PgPool;
use stacker::{context::Clock as _, services::TokenError};

use crate::helpers::{World, caller, user};

fn named(name: &str) -> CreateAccessToken {
    CreateAccessToken::named(name)
}

#[sqlx::test(migrations = "../migrations")]
async fn a_bearer_acts_as_whoever_made_it(pool: PgPool) {
    let (here, there) = (World::of(pool.clone()), World::of(pool));
    let bearer =
        here.services.tokens().create(&user("ada"), named("deploy script")).await.unwrap().token.unwrap();
    assert!(bearer.starts_with("stk_"));
    assert_eq!(here.services.tokens().find(&bearer).await.unwrap(), Some(user("ada")));
    assert_eq!(there.services.tokens().find(&bearer).await.unwrap(), Some(user("ada")));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_we_never_gave_out_is_nobodys(pool: PgPool) {
    let tokens = World::of(pool).services.tokens();
    for bearer in
        ["", "stk_", "stk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "eyJhbGciOiJub25lIn0.e30.", "nul\0"]
    {
        assert_eq!(tokens.find(bearer).await.unwrap(), None);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn the_database_does_not_hold_the_bearer(pool: PgPool) {
    let world = World::of(pool);
    let bearer = world.services.tokens().create(&user("ada"), named("script")).await.unwrap().token.unwrap();
    let stored: String =
        sqlx::query_scalar("select t::text from access_token t").fetch_one(&world.pool).await.unwrap();
    assert!(!stored.contains(bearer.trim_start_matches("stk_")));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_bearer_needs_a_name_and_a_caller_who_may(pool: PgPool) {
    let tokens = World::of(pool).services.tokens();
    for name in ["", "  ", "two\nlines", &"x".repeat(101)] {
        assert!(matches!(tokens.create(&user("ada"), named(name)).await, Err(TokenError::NameInvalid)));
    }
    let agent = caller("host", Role::Agent);
    assert!(matches!(tokens.create(&agent, named("script")).await, Err(TokenError::Forbidden)));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_scope_cuts_a_token_down_and_cannot_be_widened(pool: PgPool) {
    let tokens = World::of(pool).services.tokens();
    let new = CreateAccessToken { scope: Scope::Read, ..named("reader") };
    let bearer = tokens.create(&user("ada"), new).await.unwrap().token.unwrap();
    let reader = tokens.find(&bearer).await.unwrap().unwrap();
    assert_eq!(reader, Caller { scope: Scope::Read, ..user("ada") });
    assert!(!may(&reader, Resource::Project, Action::Create));
    assert!(matches!(tokens.create(&reader, named("wider")).await, Err(TokenError::Forbidden)));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_token_ends_when_it_says_so(pool: PgPool) {
    let world = World::of(pool);
    let tokens = world.services.tokens();
    let now = world.clock.now();
    let past = CreateAccessToken { expires_at: Some(now), ..named("late") };
    assert!(matches!(tokens.create(&user("ada"), past).await, Err(TokenError::ExpiryInvalid)));
    let short = CreateAccessToken { expires_at: Some(now + TimeDelta::minutes(5)), ..named("short") };
    let bearer = tokens.create(&user("ada"), short).await.unwrap().token.unwrap();
    assert!(tokens.find(&bearer).await.unwrap().is_some());
    world.clock.advance(TimeDelta::minutes(5));
    assert_eq!(tokens.find(&bearer).await.unwrap(), None);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_revoked_token_is_gone_at_once_and_only_its_owner_revokes_it(pool: PgPool) {
    let world = World::of(pool);
    let tokens = world.services.tokens();
    let token = tokens.create(&user("ada"), named("script")).await.unwrap();
    let bearer = token.token.unwrap();
    assert!(tokens.find(&bearer).await.unwrap().is_some());
    assert!(matches!(tokens.revoke(&user("bob"), token.id).await, Err(TokenError::NotFound)));
    assert_eq!(tokens.list(&user("bob")).await.unwrap(), []);
    let listed = tokens.list(&user("ada")).await.unwrap();
    assert_eq!((listed.len(), listed[0].token.as_deref()), (1, None));
    assert!(listed[0].last_used_at.is_some());
    tokens.revoke(&user("ada"), token.id).await.unwrap();
    assert_eq!(tokens.find(&bearer).await.unwrap(), None);
    let actions: Vec<String> = sqlx::query_scalar("select action from audit_log order by created_at, action")
        .fetch_all(&world.pool)
        .await
        .unwrap();
    assert_eq!(actions, ["token.created", "token.revoked"]);
}
