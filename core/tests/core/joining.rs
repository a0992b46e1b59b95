//! How a host comes (from the page to its first contact) and leaves.

use chrono::TimeDelta;
use domain::{
    api::{AddHost, Enrolment, HostLists, HostStage, LeaveHost, PlanRequest, RegisterAgent},
    cloud::DeployBody,
    deploy::{ComposeMissing, ComposePackages, EngineMissing, HostState, WhyMissing},
    problem::UseCaseError as _,
};
use serde_json::json;
use sqlx::PgPool;
use stacker::services::{
    AgentCredentials, DeploymentError, HostError, KnownAgent, RegisterError, Registered, Signature,
    WhoseHosts,
};
use uuid::Uuid;

use crate::{
    commands::world::start,
    deployments,
    helpers::{World, user},
    hosts::add,
};

const BROWSER: &str = "http://stacker.lan:8000";

async fn invite(world: &World) -> Enrolment {
    let host = AddHost { name: "attic".to_owned() };
    world.services.hosts().invite(&user("ada"), host, Some(BROWSER)).await.unwrap()
}

async fn join(world: &World, code: &str) -> Result<Registered, RegisterError> {
    let request = RegisterAgent { enrolment_code: Some(code.to_owned()), ..RegisterAgent::default() };
    world.services.agents().register(&request, None, None).await
}

/// The agent makes contact.
pub async fn is_seen(world: &World, registered: &Registered) -> KnownAgent {
    let agents = world.services.agents();
    let known = agents
        .authenticate(&AgentCredentials {
            agent_id: registered.agent_id,
            bearer: registered.token.as_ref().unwrap(),
            signature: Signature::default(),
            body: b"",
            address: None,
            look_up_again: true,
        })
        .await
        .unwrap();
    agents.record_sightings().await.unwrap();
    known
}

async fn stage(world: &World, id: Uuid) -> HostStage {
    world.services.hosts().get(&user("ada"), id).await.unwrap().stage
}

#[sqlx::test(migrations = "../migrations")]
async fn a_host_that_a_page_adds_is_in_no_list_until_its_agent_has_joined(pool: PgPool) {
    let world = World::of(pool);
    let (hosts, ada) = (world.services.hosts(), user("ada"));
    let enrolment = invite(&world).await;
    assert!(hosts.list(&ada).await.unwrap().is_empty());
    join(&world, &enrolment.code).await.unwrap();
    let listed = hosts.list(&ada).await.unwrap();
    assert_eq!((listed[0].name.as_str(), listed[0].stage), ("attic", HostStage::Joined));
    // It stays, however long it is not seen.
    world.clock.advance(TimeDelta::days(1));
    hosts.discard_expired().await.unwrap();
    assert_eq!(hosts.list(&ada).await.unwrap().len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_host_whose_page_was_closed_goes_with_its_code(pool: PgPool) {
    let world = World::of(pool);
    let (hosts, ada) = (world.services.hosts(), user("ada"));
    let id = invite(&world).await.host_id.unwrap();
    world.clock.advance(TimeDelta::minutes(10));
    // Another code keeps it for as long as that one works.
    let code = hosts.enrol(&ada, id).await.unwrap().code;
    world.clock.advance(TimeDelta::minutes(14));
    hosts.discard_expired().await.unwrap();
    assert_eq!(stage(&world, id).await, HostStage::Waiting);
    world.clock.advance(TimeDelta::minutes(1));
    hosts.discard_expired().await.unwrap();
    assert!(matches!(hosts.get(&ada, id).await, Err(HostError::NotFound("host"))));
    assert!(matches!(join(&world, &code).await, Err(RegisterError::Code)));
    // A host that a program has added waits for as long as it takes.
    let kept = add(&world, &ada, "cellar").await;
    world.clock.advance(TimeDelta::days(30));
    hosts.discard_expired().await.unwrap();
    assert_eq!(stage(&world, kept).await, HostStage::Waiting);
}

#[sqlx::test(migrations = "../migrations")]
async fn who_does_not_want_a_host_discards_it_and_nobody_else_does(pool: PgPool) {
    let world = World::of(pool);
    let (hosts, ada) = (world.services.hosts(), user("ada"));
    let enrolment = invite(&world).await;
    let id = enrolment.host_id.unwrap();
    assert!(matches!(hosts.discard(&user("bob"), id).await, Err(HostError::NotFound("host"))));
    hosts.discard(&ada, id).await.unwrap();
    assert!(matches!(join(&world, &enrolment.code).await, Err(RegisterError::Code)));
    let joined = invite(&world).await;
    join(&world, &joined.code).await.unwrap();
    let refused = hosts.discard(&ada, joined.host_id.unwrap()).await;
    assert!(
        matches!(refused, Err(HostError::NotFound("host"))),
        "it has joined: it is revoked, not discarded"
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn an_agent_that_has_joined_runs_once_it_was_seen(pool: PgPool) {
    let world = World::of(pool);
    let (hosts, ada) = (world.services.hosts(), user("ada"));
    let enrolment = invite(&world).await;
    let id = enrolment.host_id.unwrap();
    hosts.program_fetched(id).await.unwrap();
    hosts.program_fetched(Uuid::from_u128(1)).await.unwrap();
    assert!(hosts.get(&ada, id).await.unwrap().program_fetched_at.is_some());
    let registered = join(&world, &enrolment.code).await.unwrap();
    assert_eq!(stage(&world, id).await, HostStage::Joined);
    is_seen(&world, &registered).await;
    assert_eq!(stage(&world, id).await, HostStage::Running);

    // After it joined again, the agent from before does not count.
    world.clock.advance(TimeDelta::minutes(1));
    let again = hosts.enrol(&ada, id).await.unwrap();
    assert!(again.setup.unwrap().again);
    let registered = join(&world, &again.code).await.unwrap();
    assert_eq!(stage(&world, id).await, HostStage::Joined);
    is_seen(&world, &registered).await;
    assert_eq!(stage(&world, id).await, HostStage::Running);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_commands_name_the_address_that_the_browser_used_unless_the_settings_name_one(pool: PgPool) {
    let world = World::of(pool.clone());
    let enrolment = invite(&world).await;
    let setup = enrolment.setup.unwrap();
    assert_eq!((setup.address.as_str(), setup.is_https, setup.is_loopback), (BROWSER, false, false));
    assert!(enrolment.command.starts_with("stacker agent join http://stacker.lan:8000 --code stkj_"));
    let named = World::with(pool, "public_url: https://stacker.example\n");
    let setup = invite(&named).await.setup.unwrap();
    assert_eq!((setup.address.as_str(), setup.is_https), ("https://stacker.example", true));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_page_is_told_of_each_step_that_a_host_takes(pool: PgPool) {
    let world = World::of(pool);
    let (hosts, ada) = (world.services.hosts(), user("ada"));
    let jobs = start(&world.services).await;
    let mut stream = hosts.follow(&ada, WhoseHosts::Own).await.unwrap();
    assert_eq!(stream.next().await.unwrap(), Some(HostLists::default()));
    let enrolment = invite(&world).await;
    let told = stream.next().await.unwrap().unwrap();
    assert!(told.hosts[0].is_provisional, "the page that adds it follows it");
    hosts.program_fetched(enrolment.host_id.unwrap()).await.unwrap();
    assert!(stream.next().await.unwrap().unwrap().hosts[0].program_fetched_at.is_some());
    let registered = join(&world, &enrolment.code).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().hosts[0].stage, HostStage::Joined);
    is_seen(&world, &registered).await;
    assert_eq!(stream.next().await.unwrap().unwrap().hosts[0].stage, HostStage::Running);
    jobs.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn only_operators_of_a_project_follow_the_hosts_of_its_owner(pool: PgPool) {
    let world = World::of(pool);
    let (hosts, ada) = (world.services.hosts(), user("ada"));
    let project = deployments::project(&world, &ada).await;
    invite(&world).await;
    add(&world, &ada, "cellar").await;
    let mut of_owner = hosts.follow(&ada, WhoseHosts::OfProject(project)).await.unwrap();
    assert_eq!(of_owner.next().await.unwrap().unwrap().hosts.len(), 2);
    let stranger = hosts.follow(&user("bob"), WhoseHosts::OfProject(project)).await;
    assert!(matches!(stranger, Err(HostError::NotFound("project"))));
}

#[sqlx::test(migrations = "../migrations")]
async fn why_no_engine_answers_is_kept_until_one_does(pool: PgPool) {
    let world = World::of(pool);
    let (hosts, agents, ada) = (world.services.hosts(), world.services.agents(), user("ada"));
    let enrolment = invite(&world).await;
    let registered = join(&world, &enrolment.code).await.unwrap();
    let agent = is_seen(&world, &registered).await;
    let missing = EngineMissing { why: WhyMissing::PodmanWithoutSocket, as_root: true, systemd: true };
    let at = world.services.context().clock.now();
    let state = HostState {
        at,
        engine: None,
        engine_missing: Some(missing),
        compose_missing: None,
        resources: None,
        stacks: Vec::new(),
        agent_version: None,
        capabilities: Vec::new(),
    };
    agents.host_state(&agent, state.clone()).await.unwrap();
    let id = enrolment.host_id.unwrap();
    assert_eq!(hosts.get(&ada, id).await.unwrap().engine_missing, Some(missing));
    // A state that says both is believed in the better half.
    agents.host_state(&agent, HostState { engine: Some("podman 5".to_owned()), ..state }).await.unwrap();
    let host = hosts.get(&ada, id).await.unwrap();
    assert_eq!((host.engine.as_deref(), host.engine_missing), (Some("podman 5"), None));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_host_leaves_and_its_agent_is_let_in_no_more(pool: PgPool) {
    let world = World::of(pool);
    let (hosts, ada) = (world.services.hosts(), user("ada"));
    let deployed = deployments::running(&world, &ada).await;
    let code = hosts.enrol(&ada, deployed.host).await.unwrap().code;
    let registered = join(&world, &code).await.unwrap();
    let agent = is_seen(&world, &registered).await;
    let refused = hosts.leave(&agent, LeaveHost { force: false }, None).await;
    assert!(matches!(refused, Err(HostError::HasDeployments)));
    assert_eq!(hosts.list(&ada).await.unwrap().len(), 1);

    hosts.leave(&agent, LeaveHost { force: true }, None).await.unwrap();
    assert!(hosts.list(&ada).await.unwrap().is_empty());
    let left: i64 = sqlx::query_scalar("select count(*) from agents").fetch_one(&world.pool).await.unwrap();
    assert_eq!(left, 0);
    let audited: (Option<Uuid>, Option<String>) =
        sqlx::query_as("select agent_id, owner_id from audit_log where action = 'host.left'")
            .fetch_one(&world.pool)
            .await
            .unwrap();
    assert_eq!(audited.0, Some(registered.agent_id));
    let again = hosts.leave(&agent, LeaveHost { force: true }, None).await;
    assert!(matches!(again, Err(HostError::NotFound("host"))));
}

#[sqlx::test(migrations = "../migrations")]
async fn nothing_is_deployed_to_a_host_without_compose_until_it_is_installed(pool: PgPool) {
    let world = World::of(pool);
    let (hosts, agents, ada) = (world.services.hosts(), world.services.agents(), user("ada"));
    let deployed = deployments::running(&world, &ada).await;
    let id = deployed.host;
    let code = hosts.enrol(&ada, id).await.unwrap().code;
    let agent = is_seen(&world, &join(&world, &code).await.unwrap()).await;
    let missing = ComposeMissing { packages: ComposePackages::Debian, as_root: true };
    let state = HostState {
        at: world.services.context().clock.now(),
        engine: Some("docker 28.2.2".to_owned()),
        engine_missing: None,
        compose_missing: Some(missing),
        resources: None,
        stacks: Vec::new(),
        agent_version: None,
        capabilities: Vec::new(),
    };
    agents.host_state(&agent, state.clone()).await.unwrap();
    assert_eq!(hosts.get(&ada, id).await.unwrap().compose_missing, Some(missing));

    let project = deployed.project;
    let refused = deployed.deployments.deploy(&ada, project, DeployBody::to_host(id)).await.unwrap_err();
    assert_eq!(refused.problem().code, "host-without-compose");
    assert!(refused.to_string().ends_with("--no-install-recommends docker-compose`"), "{refused}");
    let refused = deployed.deployments.prepare(&ada, project, id).await.unwrap_err();
    assert!(matches!(refused, DeploymentError::HostWithoutCompose { .. }));
    let refused = deployed.deployments.plan(&ada, &deployed.hash, PlanRequest { revision: None }).await;
    assert!(matches!(refused, Err(DeploymentError::HostWithoutCompose { .. })));

    agents.host_state(&agent, HostState { compose_missing: None, ..state }).await.unwrap();
    assert_eq!(hosts.get(&ada, id).await.unwrap().compose_missing, None);
    deployed.deployments.prepare(&ada, project, id).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn a_host_that_has_joined_says_where_its_agent_is(pool: PgPool) {
    let world = World::of(pool);
    let hosts = world.services.hosts();
    let enrolment = invite(&world).await;
    let place =
        json!({"systemd": false, "as_root": true, "program": "/root/stacker", "folder": "/root/a; reboot"});
    let request = RegisterAgent {
        enrolment_code: Some(enrolment.code.clone()),
        system_info: Some(json!({"hostname": "attic", "agent": place})),
        ..RegisterAgent::default()
    };
    world.services.agents().register(&request, None, None).await.unwrap();
    let host = hosts.get(&user("ada"), enrolment.host_id.unwrap()).await.unwrap();
    assert_eq!(host.agent_place.unwrap().start_command(), "/root/stacker agent run");
}
