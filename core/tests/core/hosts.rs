//! Hosts: adding, naming, revoking.

use chrono::TimeDelta;
use domain::{
    access::Caller,
    api::{AddHost, AgentStatus, RevisionOutcome},
    cloud::DeployBody,
    command::State,
    deploy::DeploymentStatus,
};
use sqlx::PgPool;
use stacker::services::{HostError, LiveDeployments};
use uuid::Uuid;

use crate::{
    deployments,
    helpers::{World, user},
};

pub async fn add(world: &World, caller: &Caller, name: &str) -> Uuid {
    let host = AddHost { name: name.to_owned() };
    world.services.hosts().add(caller, host).await.unwrap().host_id.unwrap()
}

#[sqlx::test(migrations = "../migrations")]
async fn a_host_is_added_with_a_command_to_paste_and_waits_for_its_agent(pool: PgPool) {
    let world = World::of(pool);
    world.services.reached_at("https://stacker.example/");
    let (hosts, ada) = (world.services.hosts(), user("ada"));
    let enrolment = hosts.add(&ada, AddHost { name: " attic ".to_owned() }).await.unwrap();
    assert_eq!(
        enrolment.command,
        format!("stacker agent join https://stacker.example --code {}", enrolment.code)
    );
    assert_eq!(enrolment.expires_at, world.services.context().clock.now() + TimeDelta::minutes(15));
    let host = hosts.get(&ada, enrolment.host_id.unwrap()).await.unwrap();
    assert_eq!((host.name.as_str(), host.status, host.deployments), ("attic", AgentStatus::Offline, 0));
    assert_eq!(hosts.list(&ada).await.unwrap(), [host]);
    let kept: String = sqlx::query_scalar("select string_agg(c::text, '') from enrolment_code c")
        .fetch_one(&world.pool)
        .await
        .unwrap();
    assert!(!kept.contains(&enrolment.code));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_new_code_takes_the_place_of_the_one_before(pool: PgPool) {
    let world = World::of(pool);
    let (hosts, ada) = (world.services.hosts(), user("ada"));
    let id = add(&world, &ada, "attic").await;
    let codes = [hosts.enrol(&ada, id).await.unwrap().code, hosts.enrol(&ada, id).await.unwrap().code];
    assert_ne!(codes[0], codes[1]);
    let kept: i64 =
        sqlx::query_scalar("select count(*) from enrolment_code").fetch_one(&world.pool).await.unwrap();
    assert_eq!(kept, 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_code_for_a_deployment_is_for_agents_of_others(pool: PgPool) {
    let world = World::of(pool);
    let (hosts, ada) = (world.services.hosts(), user("ada"));
    let (on_host, deployments) = (deployments::deploy(&world, &ada).await, world.services.deployments());
    let form = DeployBody::own();
    let waiting = deployments.deploy(&ada, on_host.project, form).await.unwrap().deployment_hash;
    let enrolment = hosts.enrol_deployment(&ada, &waiting).await.unwrap();
    assert_eq!(enrolment.deployment_hash, Some(waiting.clone()));
    for (caller, hash) in [(&ada, on_host.hash.as_str()), (&user("bob"), &waiting)] {
        assert!(
            matches!(hosts.enrol_deployment(caller, hash).await, Err(HostError::NotFound(_))),
            "{hash:?}"
        );
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_host_of_others_is_not_there(pool: PgPool) {
    let world = World::of(pool);
    let (hosts, bob) = (world.services.hosts(), user("bob"));
    let id = add(&world, &user("ada"), "attic").await;
    let answers = [
        hosts.get(&bob, id).await.err(),
        hosts.rename(&bob, id, "mine").await.err(),
        hosts.enrol(&bob, id).await.err(),
        hosts.revoke(&bob, id, None, LiveDeployments::Cancel).await.err(),
    ];
    for answer in answers {
        assert!(matches!(answer, Some(HostError::NotFound(_))), "{answer:?}");
    }
    assert!(hosts.list(&bob).await.unwrap().is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_host_is_renamed(pool: PgPool) {
    let world = World::of(pool);
    let (hosts, ada) = (world.services.hosts(), user("ada"));
    let id = add(&world, &ada, "attic").await;
    assert_eq!(hosts.rename(&ada, id, "cellar").await.unwrap().name, "cellar");
    assert!(matches!(hosts.rename(&ada, id, " ").await, Err(HostError::NameInvalid)));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_limit_of_hosts_holds_also_when_they_are_added_at_once(pool: PgPool) {
    let world = World::with(pool, "limits:\n  max_hosts: 5\n");
    let (hosts, ada) = (world.services.hosts(), user("ada"));
    for number in 0..3 {
        add(&world, &ada, &format!("host {number}")).await;
    }
    let adding = (0..6).map(|number| {
        let (hosts, ada) = (hosts.clone(), ada.clone());
        tokio::spawn(async move { hosts.add(&ada, AddHost { name: format!("late {number}") }).await })
    });
    let mut added = 0;
    for attempt in adding.collect::<Vec<_>>() {
        match attempt.await.unwrap() {
            Ok(_) => added += 1,
            Err(error) => assert!(matches!(error, HostError::LimitReached(_)), "{error}"),
        }
    }
    assert_eq!(added, 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_host_with_live_deployments_is_revoked_only_by_force_and_then_they_end(pool: PgPool) {
    let world = World::of(pool);
    let (hosts, ada) = (world.services.hosts(), user("ada"));
    let deployed = deployments::running(&world, &ada).await;
    let waiting = deployed.deployments.plan(&ada, &deployed.hash, Default::default()).await.unwrap();
    assert_eq!(hosts.get(&ada, deployed.host).await.unwrap().deployments, 1);
    let refused = hosts.revoke(&ada, deployed.host, None, LiveDeployments::Refuse).await;
    assert!(matches!(refused, Err(HostError::HasDeployments)));

    hosts.revoke(&ada, deployed.host, None, LiveDeployments::Cancel).await.unwrap();
    assert!(matches!(hosts.get(&ada, deployed.host).await, Err(HostError::NotFound(_))));
    let detail = deployed.deployments.get(&ada, &deployed.hash).await.unwrap();
    assert_eq!((detail.summary.status, detail.agent), (DeploymentStatus::Cancelled, None));
    let state: String = sqlx::query_scalar("select status from commands where command_id = $1")
        .bind(&waiting.command_id)
        .fetch_one(&world.pool)
        .await
        .unwrap();
    assert_eq!(state, "cancelled");

    // A late report changes nothing, because the deployment has ended.
    deployments::end(&world, &deployed.command_id, State::Completed, None, None).await;
    let detail = deployed.deployments.get(&ada, &deployed.hash).await.unwrap();
    assert_eq!(detail.summary.status, DeploymentStatus::Cancelled);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_agent_of_a_revoked_host_is_forgotten(pool: PgPool) {
    let world = World::of(pool);
    let (hosts, ada) = (world.services.hosts(), user("ada"));
    let id = add(&world, &ada, "attic").await;
    sqlx::query(
        "insert into agents (id, channel, host_id, token_hash, created_at, updated_at)
         values (gen_random_uuid(), 'host_' || $1::text, $1, sha256('x'), now(), now())",
    )
    .bind(id)
    .execute(&world.pool)
    .await
    .unwrap();
    hosts.revoke(&ada, id, None, LiveDeployments::Refuse).await.unwrap();
    for table in ["agents", "enrolment_code"] {
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) from {table}")))
            .fetch_one(&world.pool)
            .await
            .unwrap();
        assert_eq!(left, 0, "{table}");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn nothing_is_at_work_any_more_on_a_revoked_host_and_what_failed_there_can_go(pool: PgPool) {
    let world = World::of(pool);
    let (hosts, ada) = (world.services.hosts(), user("ada"));
    let deployed = deployments::deploy(&world, &ada).await;
    hosts.revoke(&ada, deployed.host, None, LiveDeployments::Cancel).await.unwrap();
    let detail = deployed.deployments.get(&ada, &deployed.hash).await.unwrap();
    assert_eq!(detail.revisions[0].outcome, RevisionOutcome::Cancelled);

    let failed = deployments::deploy(&world, &ada).await;
    deployments::end(&world, &failed.command_id, State::Failed, None, None).await;
    hosts.revoke(&ada, failed.host, None, LiveDeployments::Refuse).await.unwrap();
    let detail = failed.deployments.get(&ada, &failed.hash).await.unwrap();
    assert_eq!(detail.summary.status, DeploymentStatus::Cancelled);
    for project in [deployed.project, failed.project] {
        world.services.projects().delete(&ada, project, None).await.unwrap();
    }
}
