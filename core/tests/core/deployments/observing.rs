use domain::deploy::{ContainerState, Drift, DriftKind, HostState, ServiceState, StackName, StackState};
use sqlx::PgPool;
use stacker::services::deployments::host_state::observed;
use uuid::Uuid;

use super::{Deployed, count, running, web};
use crate::helpers::{World, user};

pub fn drift(kind: DriftKind, image: Option<&str>) -> Drift {
    Drift { service: "web".to_owned(), kind, message: "by hand".to_owned(), image: image.map(str::to_owned) }
}

pub async fn tell(world: &World, host: Uuid, hash: &str, services: Vec<ServiceState>, drift: Vec<Drift>) {
    let state = HostState {
        engine_missing: None,
        compose_missing: None,
        at: world.services.context().clock.now(),
        engine: None,
        resources: None,
        stacks: vec![StackState {
            deployment_hash: hash.to_owned(),
            stack: StackName::parse("shop-1").unwrap(),
            revision: Some(77),
            services,
            drift,
        }],
        agent_version: None,
        capabilities: Vec::new(),
    };
    let mut transaction = world.pool.begin().await.unwrap();
    observed(&mut transaction, host, &state, world.services.context()).await.unwrap();
    transaction.commit().await.unwrap();
}

async fn seen(deployed: &Deployed) -> (Vec<ServiceState>, Vec<Drift>, Option<i32>) {
    let detail = deployed.deployments.get(&user("ada"), &deployed.hash).await.unwrap();
    let services = detail.services.into_iter().map(|service| service.state).collect();
    (services, detail.drift, detail.summary.running_revision)
}

const EVENTS: &str = "select count(*) from deployment_event where event ->> 'event' = 'services'";

#[sqlx::test(migrations = "../migrations")]
async fn what_an_agent_sees_is_kept_and_told_only_when_it_changed(pool: PgPool) {
    let world = World::of(pool);
    let deployed = running(&world, &user("ada")).await;
    let before = count(&world, EVENTS).await;

    let mut same = web("nginx:1.27");
    same.since = Some(world.services.context().clock.now());
    world.clock.advance(chrono::TimeDelta::seconds(30));
    tell(&world, deployed.host, &deployed.hash, vec![same.clone()], Vec::new()).await;
    assert_eq!(count(&world, EVENTS).await, before);
    let detail = deployed.deployments.get(&user("ada"), &deployed.hash).await.unwrap();
    assert_eq!(detail.services[0].observed_at, world.services.context().clock.now());

    let crashed = ServiceState { state: ContainerState::Exited, exit_code: Some(1), ..same };
    let drifted = vec![drift(DriftKind::Stopped, None)];
    tell(&world, deployed.host, &deployed.hash, vec![crashed.clone()], drifted.clone()).await;
    assert_eq!(count(&world, EVENTS).await, before + 1);
    // The running revision is what the server knows, not what the agent reports.
    assert_eq!(seen(&deployed).await, (vec![crashed], drifted, Some(1)));

    tell(&world, deployed.host, "deployment_unknown", Vec::new(), Vec::new()).await;
    assert_eq!(seen(&deployed).await, (Vec::new(), Vec::new(), Some(1)));
}

#[sqlx::test(migrations = "../migrations")]
async fn an_agent_is_believed_about_its_own_host_alone(pool: PgPool) {
    let world = World::of(pool);
    let ada = running(&world, &user("ada")).await;
    let mallory = running(&world, &user("mallory")).await;
    let before = seen(&ada).await;
    tell(&world, mallory.host, &ada.hash, vec![web("evil:1")], vec![drift(DriftKind::Missing, None)]).await;
    assert_eq!(seen(&ada).await, before);
}

#[sqlx::test(migrations = "../migrations")]
async fn names_that_cannot_be_kept_hinder_nothing(pool: PgPool) {
    let world = World::of(pool);
    let deployed = running(&world, &user("ada")).await;
    let named = |service: String| ServiceState { service, ..web("nul\0") };
    let services = vec![
        named("nul\0".to_owned()),
        named("x".repeat(300)),
        named(String::new()),
        named("nul\0".to_owned()),
    ];
    tell(&world, deployed.host, &deployed.hash, services, Vec::new()).await;
    let (services, ..) = seen(&deployed).await;
    assert_eq!(services.len(), 1);
    assert_eq!(services[0].service, "nul\u{fffd}");
}

#[sqlx::test(migrations = "../migrations")]
async fn many_services_in_any_order_are_seen_as_the_same(pool: PgPool) {
    let world = World::of(pool);
    let deployed = running(&world, &user("ada")).await;
    let named = |service: &str| ServiceState { service: service.to_owned(), ..web("nginx") };
    let services: Vec<_> = ["b", "B", "a_1", "a-1", "Ä", "_"].map(named).into();
    tell(&world, deployed.host, &deployed.hash, services.clone(), Vec::new()).await;
    let before = count(&world, EVENTS).await;
    tell(&world, deployed.host, &deployed.hash, services.into_iter().rev().collect(), Vec::new()).await;
    assert_eq!(count(&world, EVENTS).await, before);
}
