//! Performs every action in the list once: each writes its line.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::{
    access::{Caller, ProjectRole},
    agreement::{AcceptAgreement, SaveAgreement},
    api::{
        AddHost, CreateAccessToken, CreateApiClient, RegisterAgent, RemoveDeployment, ReportCommand,
        TransferProject,
    },
    audit::{ACTIONS, AuditLine, AuditOutcome, AuditQuery},
    callback::{CreateCallback, UpdateCallback},
    cloud::{DeployBody, ServerBody},
    rating::{Category, CreateRating, ModerateRating, ReportRating, UpdateRating},
};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use stacker::services::{
    AgentCredentials, AuditPart, Browser, KeyRingSource, LiveDeployments, NewRule, Signature, SignedRequest,
    Whose, forget_key, open_key_ring,
};
use uuid::Uuid;

use super::{ADDRESS, address};
use crate::{
    clouds::{TOKEN, hetzner, insert_server},
    commands::world::{HASH, command, deployment, enqueue, let_in, poll, register, report, taken, until},
    deployments::{deploy, project, running},
    helpers::{World, admin, user},
    images::credentials::{PASSWORD, ghcr},
};

/// Actions that need servers with a shared key ring, a provider, an agent that leaves, a key ring for values, or a receiver that
/// fails for a day are tested elsewhere: in `sealing_keys::keys_are_rotated_while_two_servers_write`,
/// `provider_sign_in::who_is_gone_there_or_is_somebody_else_is_signed_out_here`, `joining`, `projects::values` and
/// `callbacks::sending`.
const ELSEWHERE: [&str; 8] = [
    "callback.gave_up",
    "host.left",
    "key.resealed",
    "key.retired",
    "key.rotated",
    "project.values_changed",
    "project.values_read",
    "session.not_confirmed",
];

async fn sign_in_and_out(world: &World, ada: &Caller) {
    let (sign_in, sessions) = (world.services.sign_in(), world.services.sessions());
    let browser = Browser { address: Some(address()), user_agent: None };
    sign_in.create_link_code().await.unwrap();
    assert_eq!(sign_in.consume("guess", &browser).await.unwrap(), None);
    let token = sessions.start(ada, &browser).await.unwrap();
    sessions.end(token.expose_secret(), Some(address())).await.unwrap();
    sessions.end_all(ada).await.unwrap();
}

/// The secrets that must not occur in the log.
async fn credentials(world: &World, ada: &Caller) -> Vec<String> {
    let (tokens, clients) = (world.services.tokens(), world.services.clients());
    let token = tokens.create(ada, CreateAccessToken::named("ci")).await.unwrap();
    tokens.revoke(ada, token.id).await.unwrap();
    world.services.audit().note_refused(ada, "POST /api/v1/tokens").await;

    let client = clients.create(ada, CreateApiClient::default()).await.unwrap();
    let wrong = SignedRequest {
        client: client.id,
        hash: "00",
        timestamp: None,
        nonce: None,
        method: "GET",
        path: "/project",
        body: b"",
        address: Some(address()),
    };
    assert!(clients.authenticate(&wrong).await.is_err());
    let rotated = clients.rotate(ada, Whose::Own, client.id).await.unwrap();
    clients.disable(&admin().at(address()), Whose::Anybody, client.id).await.unwrap();
    let enabled = clients.enable(ada, Whose::Own, client.id).await.unwrap();
    clients.delete(ada, client.id, Some(&client.id.to_string())).await.unwrap();
    [token.token, client.secret, rotated.secret, enabled.secret].into_iter().flatten().collect()
}

async fn hosts(world: &World, ada: &Caller) -> Vec<String> {
    let hosts = world.services.hosts();
    let added = hosts.add(ada, AddHost { name: "cellar".to_owned() }).await.unwrap();
    let id = added.host_id.unwrap();
    let request = RegisterAgent { enrolment_code: Some(added.code.clone()), ..RegisterAgent::default() };
    let agent = world.services.agents().register(&request, None, Some(address())).await.unwrap();
    hosts.rotate_token(ada, id).await.unwrap();
    let next = SecretString::from("the next one");
    sqlx::query("update agents set next_token_hash = $1 where id = $2")
        .bind(Sha256::digest(next.expose_secret()).to_vec())
        .bind(agent.agent_id)
        .execute(&world.pool)
        .await
        .unwrap();
    assert!(is_let_in(world, agent.agent_id, &next).await);
    assert!(!is_let_in(world, agent.agent_id, &SecretString::from("guess")).await);
    // This line is written in the background, and it must be stored before the host is revoked.
    until("the refusal is in the log", || async {
        everything(world).await.iter().any(|line| line.action == "agent.refused")
    })
    .await;
    hosts.revoke(ada, id, Some("cellar"), LiveDeployments::Refuse).await.unwrap();
    let unwanted = hosts.invite(ada, AddHost { name: "attic".to_owned() }, None).await.unwrap();
    hosts.discard(ada, unwanted.host_id.unwrap()).await.unwrap();
    let token = agent.token.unwrap();
    vec![added.code, token.expose_secret().to_owned(), next.expose_secret().to_owned()]
}

async fn is_let_in(world: &World, agent_id: Uuid, bearer: &SecretString) -> bool {
    let (signature, address) = (Signature::default(), Some(address()));
    let credentials =
        AgentCredentials { agent_id, bearer, signature, body: b"", address, look_up_again: true };
    world.services.agents().authenticate(&credentials).await.is_ok()
}

async fn deployments_and_projects(world: &World, ada: &Caller) -> Vec<String> {
    let deployed = running(world, ada).await;
    let with_volume = RemoveDeployment { volumes: vec!["data".to_owned()] };
    assert!(deployed.deployments.remove(ada, &deployed.hash, with_volume).await.unwrap().is_some());
    let form = DeployBody::own();
    let waiting = deployed.deployments.deploy(ada, project(world, ada).await, form).await.unwrap();
    let code = world.services.hosts().enrol_deployment(ada, &waiting.deployment_hash).await.unwrap().code;
    let removed =
        deployed.deployments.remove(ada, &waiting.deployment_hash, RemoveDeployment::default()).await;
    assert_eq!(removed.unwrap(), None);
    let other = project(world, ada).await;
    world.services.projects().delete(ada, other, Some("My shop")).await.unwrap();
    vec![code]
}

async fn commands(world: &World, ada: &Caller) {
    let commands = world.services.commands();
    deployment(&world.pool, "ada", HASH, None).await;
    let registered = register(&world.services, HASH).await;
    let agent = let_in(&world.services, registered.agent_id, &registered.token.unwrap()).await;
    let say = async |report: ReportCommand| commands.report(&agent, report, Some(address())).await.unwrap();

    enqueue(&world.services, "restart").await;
    let fetched = taken(poll(&world.services, &agent).await).unwrap();
    say(report(&fetched, "failed")).await;
    say(report(&fetched, "success")).await;
    let queued = commands.create(ada, command("restart")).await.unwrap();
    say(report(&queued, "success")).await;
    commands.cancel(ada, HASH, &queued.command_id).await.unwrap();
    commands.create(ada, command("restart")).await.unwrap();
    world.clock.advance(TimeDelta::days(2));
    commands.give_up_unfetched().await.unwrap();
}

async fn operators(world: &World) {
    let rules = world.services.rules();
    let rule = NewRule::Member { member: "auditor".to_owned(), group: "group_admin".to_owned() };
    rules.add(&rule).await.unwrap();
    rules.remove(&rule).await.unwrap();
}

async fn sharing(world: &World, ada: &Caller) -> Vec<String> {
    let (projects, bob) = (world.services.projects(), user("bob").at(address()));
    let id = project(world, ada).await;
    let withdrawn = projects.invite(ada, id, ProjectRole::Viewer).await.unwrap();
    projects.withdraw_invitation(ada, id, withdrawn.id).await.unwrap();
    let mut codes = vec![withdrawn.code.unwrap()];
    for leaves in [true, false] {
        let code = projects.invite(ada, id, ProjectRole::Viewer).await.unwrap().code.unwrap();
        projects.join(&bob, &code).await.unwrap();
        codes.push(code);
        projects.remove_member(if leaves { &bob } else { ada }, id, "bob").await.unwrap();
    }
    let code = projects.invite(ada, id, ProjectRole::Viewer).await.unwrap().code.unwrap();
    projects.join(&bob, &code).await.unwrap();
    codes.push(code);
    projects.set_role(ada, id, "bob", ProjectRole::Editor).await.unwrap();
    let to = TransferProject { user_id: "bob".to_owned(), confirm_name: "My shop".to_owned() };
    projects.transfer(ada, id, to).await.unwrap();
    codes
}

async fn keys(world: &World) {
    let folder = tempfile::tempdir().unwrap();
    let source = KeyRingSource::File(folder.path().join("keyring"));
    let (pool, context) = (&world.pool, world.services.context());
    let key = open_key_ring(pool, &source, context, None).await.unwrap().active_key();
    assert!(forget_key(pool, context, key).await.unwrap());
    assert!(!forget_key(pool, context, key).await.unwrap());
}

async fn everything(world: &World) -> Vec<AuditLine> {
    let part = AuditPart { limit: Some(1000), after: None };
    world.services.audit().list(&admin(), &AuditQuery::default(), part).await.unwrap().lines
}

/// Adds, checks, shares, changes and deletes a cloud and a server. Returns the secrets.
async fn clouds(world: &World, ada: &Caller) -> Vec<String> {
    let (clouds, servers) = (world.services.clouds(), world.services.servers());
    let cloud = clouds.create(ada, &hetzner()).await.unwrap().id;
    clouds.check(ada, cloud).await.unwrap();
    clouds.share(ada, cloud, &BTreeSet::new()).await.unwrap();
    clouds.update(ada, cloud, &hetzner()).await.unwrap();
    clouds.delete(ada, cloud, None).await.unwrap();
    let images = world.services.images();
    let registry = images.create_credential(ada, ghcr()).await.unwrap().id;
    images.update_credential(ada, registry, ghcr()).await.unwrap();
    images.delete_credential(ada, registry).await.unwrap();
    let server = insert_server(world, ada, project(world, ada).await).await;
    servers.update(ada, server, ServerBody::default()).await.unwrap();
    servers.delete(ada, server).await.unwrap();
    let deployed = deploy(world, ada).await;
    let token = deployed.deployments.create_status_token(ada, &deployed.hash).await.unwrap().token;
    vec![TOKEN.to_owned(), PASSWORD.to_owned(), token]
}

/// The secrets that sign.
async fn callbacks(world: &World, ada: &Caller) -> Vec<String> {
    let callbacks = world.services.callbacks();
    let body = CreateCallback {
        url: "https://hooks.example.com/stacker".to_owned(),
        events: vec!["deployment.completed".to_owned()],
        project_id: None,
    };
    let made = callbacks.create(ada, &body).await.unwrap();
    let events =
        UpdateCallback { events: Some(vec!["agent.online".to_owned()]), ..UpdateCallback::default() };
    callbacks.update(ada, made.id, &events).await.unwrap();
    let rotated = callbacks.rotate_secret(ada, made.id).await.unwrap();
    let delivery = callbacks.test(ada, made.id).await.unwrap();
    callbacks.deliver().await.unwrap();
    callbacks.redeliver(ada, made.id, delivery).await.unwrap();
    for enabled in [false, true] {
        let enabled = UpdateCallback { enabled: Some(enabled), ..UpdateCallback::default() };
        callbacks.update(ada, made.id, &enabled).await.unwrap();
    }
    callbacks.delete(ada, made.id, None).await.unwrap();
    [made.secret, rotated.secret].into_iter().flatten().map(|secret| secret.expose().to_owned()).collect()
}

async fn ratings(world: &World, ada: &Caller) {
    let (ratings, admin) = (world.services.ratings(), admin().at(address()));
    let body = CreateRating { obj_id: 1, category: Category::Application, rate: 7, comment: None };
    let rating = ratings.create(ada, &body).await.unwrap();
    ratings.update(ada, rating.id, UpdateRating { rate: Some(8), comment: None }).await.unwrap();
    ratings.report(&user("bob").at(address()), rating.id, &ReportRating::default()).await.unwrap();
    ratings.moderate(&admin, rating.id, ModerateRating::default()).await.unwrap();
    ratings.hide(ada, rating.id).await.unwrap();
    ratings.delete_any(&admin, rating.id).await.unwrap();
}

async fn agreements(world: &World, ada: &Caller) {
    let (agreements, admin) = (world.services.agreements(), admin().at(address()));
    let terms =
        |text: &str| SaveAgreement { name: "Terms".to_owned(), text: text.to_owned(), required: None };
    let made = agreements.create(&admin, &terms("Be kind.")).await.unwrap();
    agreements.update(&admin, made.id, &terms("Be kinder.")).await.unwrap();
    agreements.accept(ada, AcceptAgreement { agrt_id: made.id, version: None }).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn every_change_of_access_and_every_destructive_act_leaves_its_line(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada").at(address());
    sign_in_and_out(&world, &ada).await;
    let mut secrets = credentials(&world, &ada).await;
    secrets.extend(hosts(&world, &ada).await);
    secrets.extend(deployments_and_projects(&world, &ada).await);
    commands(&world, &ada).await;
    secrets.extend(clouds(&world, &ada).await);
    secrets.extend(sharing(&world, &ada).await);
    secrets.extend(callbacks(&world, &ada).await);
    ratings(&world, &ada).await;
    agreements(&world, &ada).await;
    operators(&world).await;
    keys(&world).await;

    let lines = everything(&world).await;
    let found: BTreeSet<&str> = lines.iter().map(|line| line.action.as_str()).collect();
    let known: BTreeSet<&str> = ACTIONS.iter().map(|(action, _)| *action).collect();
    assert_eq!(found.difference(&known).collect::<Vec<_>>(), [&""; 0], "no words for these");
    let missing: Vec<&&str> = known.difference(&found).collect();
    assert_eq!(missing, ELSEWHERE.iter().collect::<Vec<_>>(), "left no line");

    let written = serde_json::to_string(&lines).unwrap();
    for secret in &secrets {
        assert!(!written.contains(&secret[..secret.len().min(20)]), "a secret is in the log");
    }
    // The helpers of other tests pass no address.
    let from_nowhere = ["command.enqueued", "command.delivered", "agent.registered"];
    for line in lines.iter().filter(|line| line.user_id.is_some()) {
        let placed = line.address.as_deref() == Some(ADDRESS);
        assert!(placed || from_nowhere.contains(&line.action.as_str()), "{line:?}");
    }
    let of = |action: &str| lines.iter().filter(|line| line.action == action).collect::<Vec<_>>();
    assert_eq!(of("command.reported")[0].outcome, AuditOutcome::Failed);
    assert_eq!(of("client.refused")[0].owner_id.as_deref(), Some("ada"));
    assert_eq!(of("client.disabled")[0].owner_id.as_deref(), Some("ada"));
    assert_eq!(of("command.delivered")[0].owner_id.as_deref(), Some("ada"));
    assert_eq!(of("agent.refused")[0].owner_id.as_deref(), Some("ada"));
    assert_eq!(of("deployment.removal_began")[0].details["volumes"][0], "data");
    assert_eq!(of("key.forgotten").len(), 1);
    assert_eq!(of("project.joined")[0].owner_id.as_deref(), Some("ada"));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_did_not_happen_is_not_in_the_log(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada").at(address());
    let project = project(&world, &ada).await;
    let projects = world.services.projects();
    assert!(projects.delete(&ada, project, Some("another")).await.is_err());
    assert!(projects.delete(&user("bob"), project, None).await.is_err());
    assert!(world.services.tokens().revoke(&ada, Uuid::nil()).await.is_err());
    let lines = everything(&world).await;
    assert_eq!(lines.iter().map(|line| line.action.as_str()).collect::<Vec<_>>(), ["project.created"]);
}
