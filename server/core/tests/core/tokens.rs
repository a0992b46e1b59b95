//! Bearers of API clients.

use domain::access::Role;
use sqlx::PgPool;
use stacker::services::TokenError;

use crate::helpers::{World, caller, user};

#[sqlx::test(migrations = "../../migrations")]
async fn a_bearer_acts_as_whoever_made_it(pool: PgPool) {
    let (here, there) = (World::of(pool.clone()), World::of(pool));
    let bearer = here.services.tokens().create(&user("ada"), "deploy script").await.unwrap();
    assert!(bearer.starts_with("stk_"));
    assert_eq!(here.services.tokens().find(&bearer).await.unwrap(), Some(user("ada")));
    assert_eq!(there.services.tokens().find(&bearer).await.unwrap(), Some(user("ada")));
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_we_never_gave_out_is_nobodys(pool: PgPool) {
    let tokens = World::of(pool).services.tokens();
    for bearer in
        ["", "stk_", "stk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "eyJhbGciOiJub25lIn0.e30.", "nul\0"]
    {
        assert_eq!(tokens.find(bearer).await.unwrap(), None);
    }
}

#[sqlx::test(migrations = "../../migrations")]
async fn the_database_does_not_hold_the_bearer(pool: PgPool) {
    let world = World::of(pool);
    let bearer = world.services.tokens().create(&user("ada"), "script").await.unwrap();
    let stored: String =
        sqlx::query_scalar("select t::text from access_token t").fetch_one(&world.pool).await.unwrap();
    assert!(!stored.contains(bearer.trim_start_matches("stk_")));
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_bearer_needs_a_name_and_a_caller_who_may(pool: PgPool) {
    let tokens = World::of(pool).services.tokens();
    for name in ["", "  ", &"x".repeat(101)] {
        assert!(matches!(tokens.create(&user("ada"), name).await, Err(TokenError::NameInvalid)));
    }
    let agent = caller("host", Role::Agent);
    assert!(matches!(tokens.create(&agent, "script").await, Err(TokenError::Forbidden)));
}
