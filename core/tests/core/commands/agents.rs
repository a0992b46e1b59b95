//! Which agents are authenticated, and whether they are online.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use domain::api::{AppStatus, RegisterAgent};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use stacker::{
    db::Pool,
    services::{AgentAuthError, AgentCredentials, ObservedError, RegisterError, Signature},
};
use uuid::Uuid;

use super::world::{HASH, deployment, host, let_in, register, until, with_agent};
use crate::helpers::World;

fn for_hash(hash: &str) -> RegisterAgent {
    RegisterAgent { deployment_hash: hash.to_owned(), ..RegisterAgent::default() }
}

async fn code(pool: &Pool, text: &str, host: Option<Uuid>, hash: Option<&str>) {
    sqlx::query(
        "insert into enrolment_code (code_hash, user_id, host_id, deployment_hash, created_at, expires_at)
         values ($1, 'ada', $2, $3, now(), '2027-01-01')",
    )
    .bind(Sha256::digest(text).to_vec())
    .bind(host)
    .bind(hash)
    .execute(pool)
    .await
    .unwrap();
}

fn credentials<'a>(id: Uuid, bearer: &'a SecretString, signature: Signature<'a>) -> AgentCredentials<'a> {
    AgentCredentials { agent_id: id, bearer, signature, body: b"{}", address: None, look_up_again: true }
}

fn signed(token: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(token.as_bytes()).unwrap();
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

#[sqlx::test(migrations = "../migrations")]
async fn the_first_registration_wins_and_only_its_token_comes_in_again(pool: PgPool) {
    let world = World::of(pool);
    deployment(&world.pool, "ada", HASH, None).await;
    let agents = world.services.agents();
    let (one, other) = (for_hash(HASH), for_hash(HASH));
    let (one, other) = tokio::join!(agents.register(&one, None, None), agents.register(&other, None, None));
    let (first, second) = if one.is_ok() { (one, other) } else { (other, one) };
    let first = first.unwrap();
    assert!(matches!(second, Err(RegisterError::Taken)));
    let token = first.token.unwrap();
    assert_eq!(token.expose_secret().len(), 86);

    let again = agents.register(&for_hash(HASH), Some(&token), None).await.unwrap();
    assert_eq!((again.agent_id, again.is_new), (first.agent_id, false));
    assert!(again.token.is_none());
    let guess = SecretString::from("guess");
    assert!(matches!(agents.register(&for_hash(HASH), Some(&guess), None).await, Err(RegisterError::Taken)));
    for unknown in ["nothing", &"x".repeat(1000)] {
        let refused = agents.register(&for_hash(unknown), None, None).await;
        assert!(matches!(refused, Err(RegisterError::NotFound)), "{unknown}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_code_is_good_once_and_ends_the_token_before(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    code(&world.pool, "code", None, Some(HASH)).await;
    let agents = world.services.agents();
    let elsewhere = RegisterAgent { enrolment_code: Some("code".to_owned()), ..for_hash("dep-2") };
    assert!(matches!(agents.register(&elsewhere, None, None).await, Err(RegisterError::Code)));

    let with_code = RegisterAgent { enrolment_code: Some("code".to_owned()), ..RegisterAgent::default() };
    let again = agents.register(&with_code, None, None).await.unwrap();
    assert_eq!((again.agent_id, again.is_new), (agent.id, false));
    let_in(&world.services, agent.id, &again.token.unwrap()).await;
    assert!(matches!(agents.register(&with_code, None, None).await, Err(RegisterError::Code)));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_host_joins_with_a_code_and_a_revoked_one_is_out(pool: PgPool) {
    let world = World::of(pool);
    let id = host(&world.pool, "ada").await;
    code(&world.pool, "join", Some(id), None).await;
    let join = RegisterAgent { enrolment_code: Some("join".to_owned()), ..RegisterAgent::default() };
    let agents = world.services.agents();
    let joined = agents.register(&join, None, None).await.unwrap();
    assert_eq!((joined.channel.as_str(), joined.is_new), (format!("host_{id}").as_str(), true));
    let token = joined.token.unwrap();
    let_in(&world.services, joined.agent_id, &token).await;

    deployment(&world.pool, "ada", HASH, Some(id)).await;
    assert!(matches!(agents.register(&for_hash(HASH), None, None).await, Err(RegisterError::OfHost)));

    sqlx::query("update host set revoked_at = now()").execute(&world.pool).await.unwrap();
    let refused = agents.authenticate(&credentials(joined.agent_id, &token, Signature::default())).await;
    assert!(matches!(refused, Err(AgentAuthError::Unknown)));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_unknown_agent_and_a_wrong_token_look_the_same(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    let wrong = SecretString::from("wrong");
    let mut words = std::collections::BTreeSet::new();
    for id in [agent.id, Uuid::nil()] {
        let credentials = credentials(id, &wrong, Signature::default());
        let refused = world.services.agents().authenticate(&credentials).await.unwrap_err();
        assert!(matches!(refused, AgentAuthError::Credentials | AgentAuthError::Unknown), "{refused}");
        words.insert(refused.to_string());
    }
    assert_eq!(words.len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_signature_is_checked_when_it_is_there_and_a_wrong_clock_is_remarked(pool: PgPool) {
    let world = World::of(pool);
    deployment(&world.pool, "ada", HASH, None).await;
    let registered = register(&world.services, HASH).await;
    let token = registered.token.unwrap();
    let (agents, id) = (world.services.agents(), registered.agent_id);
    let (right, wrong) = (signed(token.expose_secret(), b"{}"), signed(token.expose_secret(), b"{ }"));

    let with = |value| Signature { value: Some(value), ..Signature::default() };
    assert!(agents.authenticate(&credentials(id, &token, with(right.as_str()))).await.is_ok());
    for value in [wrong.as_str(), "", "?", "not base64!"] {
        let refused = agents.authenticate(&credentials(id, &token, with(value))).await;
        assert!(matches!(refused, Err(AgentAuthError::Credentials)), "{value}");
    }

    let late = Signature { timestamp: Some("0"), ..with(right.as_str()) };
    let agent = agents.authenticate(&credentials(id, &token, late)).await.unwrap();
    assert!(agent.remark.as_deref().unwrap().starts_with("clock is "));
    agents.record_sightings().await.unwrap();
    let (status, remark): (String, Option<String>) =
        sqlx::query_as("select status, remark from agents").fetch_one(&world.pool).await.unwrap();
    assert!(status == "degraded" && remark.unwrap().ends_with(" s off"));
}

#[sqlx::test(migrations = "../migrations")]
async fn where_signatures_are_mandatory_time_and_repetition_count(pool: PgPool) {
    let world = World::with(pool, "agents:\n  require_signatures: true\n");
    deployment(&world.pool, "ada", HASH, None).await;
    let registered = register(&world.services, HASH).await;
    let token = registered.token.unwrap();
    let (agents, id) = (world.services.agents(), registered.agent_id);
    let right = signed(token.expose_secret(), b"{}");
    let now = world.services.context().clock.now();
    let at = |seconds| (now + TimeDelta::seconds(seconds)).timestamp().to_string();
    let (in_time, late, early) = (at(-300), at(-301), at(301));
    let signature = |timestamp, request_id| Signature {
        value: Some(right.as_str()),
        timestamp: Some(timestamp),
        request_id: Some(request_id),
    };

    assert!(agents.authenticate(&credentials(id, &token, signature(&in_time, "1"))).await.is_ok());
    let again = agents.authenticate(&credentials(id, &token, signature(&in_time, "1"))).await;
    assert!(matches!(again, Err(AgentAuthError::Replayed)));
    for off in [late.as_str(), early.as_str()] {
        let refused = agents.authenticate(&credentials(id, &token, signature(off, "2"))).await;
        assert!(matches!(refused, Err(AgentAuthError::ClockOff(301))), "{off}");
    }
    for lacking in [
        Signature::default(),
        Signature { timestamp: None, ..signature("", "3") },
        Signature { request_id: None, ..signature(&in_time, "") },
    ] {
        let refused = agents.authenticate(&credentials(id, &token, lacking)).await;
        assert!(matches!(refused, Err(AgentAuthError::SignatureRequired(_))));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn using_the_next_token_confirms_it_and_the_one_before_ends_later(pool: PgPool) {
    let world = World::of(pool);
    deployment(&world.pool, "ada", HASH, None).await;
    let registered = register(&world.services, HASH).await;
    let (old, id) = (registered.token.unwrap(), registered.agent_id);
    let new = SecretString::from("the next one");
    sqlx::query("update agents set next_token_hash = $1")
        .bind(Sha256::digest(new.expose_secret()).to_vec())
        .execute(&world.pool)
        .await
        .unwrap();

    let_in(&world.services, id, &old).await;
    let_in(&world.services, id, &new).await;
    let_in(&world.services, id, &new).await;
    let_in(&world.services, id, &old).await;
    world.clock.advance(TimeDelta::seconds(600));
    let_in(&world.services, id, &new).await;
    let refused = world.services.agents().authenticate(&credentials(id, &old, Signature::default())).await;
    assert!(matches!(refused, Err(AgentAuthError::Credentials)));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_agent_that_goes_silent_is_offline_and_pages_hear_of_it_once(pool: PgPool) {
    let (world, _) = with_agent(pool).await;
    let agents = world.services.agents();
    for _ in 0..3 {
        agents.record_sightings().await.unwrap();
        agents.mark_offline().await.unwrap();
    }
    world.clock.advance(stacker::services::OFFLINE_AFTER + TimeDelta::seconds(1));
    for _ in 0..3 {
        agents.mark_offline().await.unwrap();
    }
    let events: Vec<String> =
        sqlx::query_scalar("select event ->> 'status' from deployment_event order by id")
            .fetch_all(&world.pool)
            .await
            .unwrap();
    assert_eq!(events, ["online", "offline"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_next_token_is_not_confirmed_by_a_request_that_is_refused(pool: PgPool) {
    let world = World::of(pool);
    deployment(&world.pool, "ada", HASH, None).await;
    let id = register(&world.services, HASH).await.agent_id;
    let new = SecretString::from("the next one");
    sqlx::query("update agents set next_token_hash = $1")
        .bind(Sha256::digest(new.expose_secret()).to_vec())
        .execute(&world.pool)
        .await
        .unwrap();
    let forged = signed("another token", b"{}");
    let signature = Signature { value: Some(forged.as_str()), ..Signature::default() };
    let refused = world.services.agents().authenticate(&credentials(id, &new, signature)).await;
    assert!(matches!(refused, Err(AgentAuthError::Credentials)));
    let waits: bool = sqlx::query_scalar("select next_token_hash is not null from agents")
        .fetch_one(&world.pool)
        .await
        .unwrap();
    assert!(waits);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_refused_agent_is_in_the_audit_log_once_a_minute_for_each_reason(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    let (agents, guess) = (world.services.agents(), SecretString::from("guess"));
    for _ in 0..5 {
        let refused = agents.authenticate(&credentials(agent.id, &guess, Signature::default())).await;
        assert!(matches!(refused, Err(AgentAuthError::Credentials)));
        let unknown = agents.authenticate(&credentials(Uuid::nil(), &guess, Signature::default())).await;
        assert!(matches!(unknown, Err(AgentAuthError::Unknown)));
    }
    let reasons = || async {
        sqlx::query_scalar::<_, String>(
            "select details ->> 'reason' from audit_log where action = 'agent.refused'",
        )
        .fetch_all(&world.pool)
        .await
        .unwrap()
    };
    // The line is written in the background.
    until("the refusal is written", || async { !reasons().await.is_empty() }).await;
    assert_eq!(reasons().await, ["token"]);
}

#[sqlx::test(migrations = "../migrations")]
async fn what_an_agent_of_others_says_of_an_app_is_told_when_it_is_news_and_has_its_limit(pool: PgPool) {
    let (world, agent) = with_agent(pool).await;
    let agents = world.services.agents();
    let status = |app: &str, status: &str| AppStatus {
        deployment_hash: HASH.to_owned(),
        app_code: app.to_owned(),
        status: status.to_owned(),
        logs: Vec::new(),
        timestamp: None,
    };
    for word in ["running", "running", "stopped"] {
        agents.app_status(&agent, &status("web", word)).await.unwrap();
    }
    let told: i64 =
        sqlx::query_scalar("select count(*) from deployment_event where event ->> 'event' = 'services'")
            .fetch_one(&world.pool)
            .await
            .unwrap();
    assert_eq!(told, 2);

    sqlx::query(
        "insert into deployment_service (deployment_id, service, state, observed_at)
         select s.deployment_id, 'app' || n, s.state || jsonb_build_object('service', 'app' || n), s.observed_at
         from deployment_service s, generate_series(1, 499) n",
    )
    .execute(&world.pool)
    .await
    .unwrap();
    let more = agents.app_status(&agent, &status("one more", "running")).await;
    assert!(matches!(more, Err(ObservedError::TooManyServices)));
    agents.app_status(&agent, &status("web", "running")).await.unwrap();
}
