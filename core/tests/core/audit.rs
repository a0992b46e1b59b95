//! The audit log: every action writes a line, and who sees which lines, how they are exported, when they are deleted.

mod acts;

use std::net::IpAddr;

use chrono::TimeDelta;
use domain::{
    access::{Caller, Scope},
    api::{CreateAccessToken, CreateApiClient},
    audit::{AuditLine, AuditOutcome, AuditQuery, CSV_HEAD},
};
use sqlx::PgPool;
use stacker::services::{AuditError, AuditPart, Browser, ExportFormat, Whose};

use crate::helpers::{World, admin, user};

/// An address from a block reserved for examples.
pub const ADDRESS: &str = "192.0.2.7";

pub fn address() -> IpAddr {
    ADDRESS.parse().unwrap()
}

async fn seen(world: &World, caller: &Caller, query: AuditQuery) -> Vec<AuditLine> {
    world.services.audit().list(caller, &query, AuditPart::default()).await.unwrap().lines
}

async fn actions(world: &World, caller: &Caller, query: AuditQuery) -> Vec<String> {
    seen(world, caller, query).await.into_iter().map(|line| line.action).collect()
}

fn action(name: &str) -> AuditQuery {
    AuditQuery { action: name.to_owned(), ..AuditQuery::default() }
}

async fn token(world: &World, caller: &Caller, name: &str) {
    world.services.tokens().create(caller, CreateAccessToken::named(name)).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn one_sees_what_one_did_and_what_was_done_to_what_is_ones_own(pool: PgPool) {
    let world = World::of(pool);
    let (ada, bob) = (user("ada"), user("bob"));
    let clients = world.services.clients();
    let made = clients.create(&ada, CreateApiClient::default()).await.unwrap();
    clients.disable(&admin(), Whose::Anybody, made.id).await.unwrap();
    token(&world, &bob, "his").await;

    assert_eq!(actions(&world, &ada, AuditQuery::default()).await, ["client.disabled", "client.created"]);
    assert_eq!(actions(&world, &bob, AuditQuery::default()).await, ["token.created"]);
    assert_eq!(actions(&world, &admin(), AuditQuery::default()).await.len(), 3);
    let by_admin = AuditQuery { user: "admin".to_owned(), ..AuditQuery::default() };
    assert_eq!(actions(&world, &ada, by_admin).await, ["client.disabled"]);
    let his = AuditQuery { user: "bob".to_owned(), ..AuditQuery::default() };
    assert_eq!(actions(&world, &ada, his.clone()).await, [""; 0]);
    assert_eq!(actions(&world, &admin(), his).await, ["token.created"]);
    // With scope `read`, even an administrator sees only their own lines.
    let reader = Caller { scope: Scope::Read, ..admin() };
    assert_eq!(actions(&world, &reader, AuditQuery::default()).await, ["client.disabled"]);
    let nobody = crate::helpers::caller("eve", domain::access::Role::Other("visitor".to_owned()));
    let refused = world.services.audit().list(&nobody, &AuditQuery::default(), AuditPart::default()).await;
    assert!(matches!(refused, Err(AuditError::Forbidden)));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_filter_takes_an_action_or_an_area_an_outcome_a_time_and_a_text(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada").at(address());
    token(&world, &ada, "100% of it").await;
    world.clock.advance(TimeDelta::days(2));
    world.services.clients().create(&ada, CreateApiClient::default()).await.unwrap();
    world.services.audit().note_refused(&ada, "DELETE /project/{id}").await;

    assert_eq!(actions(&world, &ada, action("client")).await, ["client.created"]);
    assert_eq!(actions(&world, &ada, action("client.created")).await, ["client.created"]);
    assert_eq!(actions(&world, &ada, action("cli")).await, [""; 0]);
    let refused = AuditQuery { outcome: "refused".to_owned(), ..AuditQuery::default() };
    assert_eq!(actions(&world, &ada, refused).await, ["access.refused"]);
    let text = |text: &str| AuditQuery { text: text.to_owned(), ..AuditQuery::default() };
    assert_eq!(actions(&world, &ada, text("100% OF")).await, ["token.created"]);
    assert_eq!(actions(&world, &ada, text(ADDRESS)).await.len(), 3);
    assert_eq!(actions(&world, &ada, text("%")).await, ["token.created"]);
    let today = world.services.context().clock.now().format("%Y-%m-%d").to_string();
    let from = AuditQuery { from: today.clone(), ..AuditQuery::default() };
    assert_eq!(actions(&world, &ada, from).await.len(), 2);
    let wrong = AuditQuery { from: "soon".to_owned(), ..AuditQuery::default() };
    let wrong = world.services.audit().list(&ada, &wrong, AuditPart::default()).await;
    assert!(matches!(wrong, Err(AuditError::Invalid { .. })));
}

#[sqlx::test(migrations = "../migrations")]
async fn pages_follow_each_other_without_a_gap_while_new_lines_come(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    for name in ["1", "2", "3", "4", "5"] {
        token(&world, &ada, name).await;
    }
    let mut names = Vec::new();
    let mut after = None;
    loop {
        let part = AuditPart { limit: Some(2), after };
        let read = world.services.audit().list(&ada, &AuditQuery::default(), part).await.unwrap();
        names.extend(read.lines.into_iter().map(|line| line.details["name"].clone()));
        token(&world, &ada, "later").await;
        after = read.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(names, ["5", "4", "3", "2", "1"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_file_holds_all_that_is_asked_for_in_pieces(pool: PgPool) {
    let world = World::of(pool);
    sqlx::query(
        "insert into audit_log (id, user_id, action, status, details, created_at)
        select gen_random_uuid(), 'ada', 'token.created', 'success', jsonb_build_object('name', '=' || n), now()
        from generate_series(1, 2500) n",
    )
    .execute(&world.pool)
    .await
    .unwrap();
    let text = async |format, limit| {
        let part = AuditPart { limit, after: None };
        let mut export =
            world.services.audit().export(&user("ada"), &AuditQuery::default(), format, part).unwrap();
        let mut text = String::new();
        while let Some(piece) = export.next().await.unwrap() {
            text.push_str(&piece);
        }
        text
    };
    let csv = text(ExportFormat::Csv, None).await;
    assert!(csv.starts_with(CSV_HEAD));
    assert_eq!(csv.lines().count(), 2501);
    assert_eq!(text(ExportFormat::Csv, Some(1200)).await.lines().count(), 1201);
    let json: Vec<AuditLine> = serde_json::from_str(&text(ExportFormat::Json, None).await).unwrap();
    assert_eq!(json.len(), 2500);
    assert!(json.windows(2).all(|pair| pair[0].id > pair[1].id));
    let mut none = world
        .services
        .audit()
        .export(&user("bob"), &AuditQuery::default(), ExportFormat::Json, AuditPart::default())
        .unwrap();
    assert_eq!(none.next().await.unwrap().as_deref(), Some("[\n]\n"));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_is_older_than_it_is_kept_goes(pool: PgPool) {
    let world = World::with(pool, "audit:\n  keep_days: 30\n");
    assert_eq!(world.services.audit().days_kept(), 30);
    token(&world, &user("ada"), "old").await;
    world.clock.advance(TimeDelta::days(31));
    token(&world, &user("ada"), "new").await;
    world.services.audit().delete_old().await.unwrap();
    let left = seen(&world, &user("ada"), action("token")).await;
    assert_eq!(left.iter().map(|line| &line.details["name"]).collect::<Vec<_>>(), ["new"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn of_a_request_that_is_refused_again_and_again_there_is_one_line_a_minute(pool: PgPool) {
    let world = World::of(pool);
    for _ in 0..5 {
        world.services.audit().note_refused(&user("ada"), "POST /api/v1/hosts").await;
    }
    world.services.audit().note_refused(&user("ada"), "DELETE /project/{id}").await;
    let lines = seen(&world, &user("ada"), action("access.refused")).await;
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line.outcome == AuditOutcome::Refused));
}

#[sqlx::test(migrations = "../migrations")]
async fn who_was_not_signed_in_is_for_administrators_to_see(pool: PgPool) {
    let world = World::of(pool);
    let browser = Browser { address: Some(address()), user_agent: None };
    assert_eq!(world.services.sign_in().consume("guess", &browser).await.unwrap(), None);
    assert_eq!(actions(&world, &user("ada"), AuditQuery::default()).await, [""; 0]);
    let lines = seen(&world, &admin(), AuditQuery::default()).await;
    assert_eq!((lines[0].action.as_str(), lines[0].outcome), ("session.refused", AuditOutcome::Refused));
    assert_eq!(lines[0].address.as_deref(), Some(ADDRESS));
    assert!(!lines[0].details.to_string().contains("guess"));
}
