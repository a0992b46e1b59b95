//! One-time links and sessions.

use chrono::TimeDelta;
use secrecy::ExposeSecret;
use sqlx::PgPool;
use stacker::{
    local_operator::local_operator,
    services::{Browser, LINK_CODE_LIFETIME, SESSION_LIFETIME},
};

use crate::helpers::{World, user};

#[sqlx::test(migrations = "../migrations")]
async fn a_one_time_link_signs_in_the_local_operator_once(pool: PgPool) {
    let sign_in = World::of(pool).services.sign_in();
    let code = sign_in.create_link_code().await.unwrap();
    assert_eq!(sign_in.consume(&code, &Browser::default()).await.unwrap(), Some(local_operator()));
    assert_eq!(sign_in.consume(&code, &Browser::default()).await.unwrap(), None);
}

#[sqlx::test(migrations = "../migrations")]
async fn of_many_who_use_a_link_at_once_one_gets_in(pool: PgPool) {
    let (one, other) = (World::of(pool.clone()), World::of(pool));
    let code = one.services.sign_in().create_link_code().await.unwrap();
    let (here, there, by) = (one.services.sign_in(), other.services.sign_in(), Browser::default());
    let tries = tokio::join!(
        here.consume(&code, &by),
        there.consume(&code, &by),
        here.consume(&code, &by),
        there.consume(&code, &by)
    );
    let got_in =
        [tries.0, tries.1, tries.2, tries.3].into_iter().filter(|tried| tried.as_ref().unwrap().is_some());
    assert_eq!(got_in.count(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_link_is_good_for_fifteen_minutes(pool: PgPool) {
    let world = World::of(pool);
    let sign_in = world.services.sign_in();
    let (in_time, too_late) =
        (sign_in.create_link_code().await.unwrap(), sign_in.create_link_code().await.unwrap());
    world.clock.advance(LINK_CODE_LIFETIME - TimeDelta::seconds(1));
    assert!(sign_in.consume(&in_time, &Browser::default()).await.unwrap().is_some());
    world.clock.advance(TimeDelta::seconds(1));
    assert_eq!(sign_in.consume(&too_late, &Browser::default()).await.unwrap(), None);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_never_a_code_signs_in_nobody(pool: PgPool) {
    let sign_in = World::of(pool).services.sign_in();
    for code in ["", "x", "nul\0", &"x".repeat(100_000)] {
        assert_eq!(sign_in.consume(code, &Browser::default()).await.unwrap(), None);
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_session_is_found_until_it_ends(pool: PgPool) {
    let sessions = World::of(pool).services.sessions();
    let ada = user("ada");
    let token = sessions.start(&ada, &Browser::default()).await.unwrap();
    assert_eq!(sessions.find(token.expose_secret()).await.unwrap(), Some(ada));
    sessions.end(token.expose_secret(), None).await.unwrap();
    sessions.end(token.expose_secret(), None).await.unwrap();
    assert_eq!(sessions.find(token.expose_secret()).await.unwrap(), None);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_session_expires_and_is_swept_when_others_sign_in(pool: PgPool) {
    let world = World::of(pool);
    let sessions = world.services.sessions();
    let token = sessions.start(&user("ada"), &Browser::default()).await.unwrap();
    world.clock.advance(SESSION_LIFETIME);
    assert_eq!(sessions.find(token.expose_secret()).await.unwrap(), None);
    sessions.start(&user("bob"), &Browser::default()).await.unwrap();
    let left: i64 = sqlx::query_scalar("select count(*) from session").fetch_one(&world.pool).await.unwrap();
    assert_eq!(left, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_database_holds_neither_codes_nor_session_tokens(pool: PgPool) {
    let world = World::of(pool);
    let code = world.services.sign_in().create_link_code().await.unwrap();
    let session = world.services.sessions().start(&local_operator(), &Browser::default()).await.unwrap();
    let stored: Vec<String> =
        sqlx::query_scalar("select t::text from login_link t union all select t::text from session t")
            .fetch_all(&world.pool)
            .await
            .unwrap();
    assert_eq!(stored.len(), 2);
    for row in stored {
        assert!(!row.contains(&code) && !row.contains(session.expose_secret()));
    }
}
