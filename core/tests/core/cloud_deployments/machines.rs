//! The machine of a deployment among the hosts of its owner.

use chrono::TimeDelta;
use domain::{
    access::{Caller, ProjectRole},
    api::{AgentStatus, CloudMachine, DeployMeta, HostStage, RegisterAgent, RemoveDeployment},
};
use serde_json::json;
use sqlx::PgPool;
use stacker::services::{OFFLINE_AFTER, Registered, WhoseHosts};

use super::{Cloudy, progress_of};
use crate::{
    commands::world::start, deployments, helpers::user, hosts::add, joining::is_seen, sharing::let_in,
};

/// The agent that the install service has set up registers, as a third-party agent does.
async fn register(cloudy: &Cloudy, meta: &DeployMeta) -> Registered {
    let request = RegisterAgent {
        deployment_hash: meta.deployment_hash.clone(),
        agent_version: Some("0.1.9".to_owned()),
        ..RegisterAgent::default()
    };
    cloudy.world.services.agents().register(&request, None, None).await.unwrap()
}

async fn machines(cloudy: &Cloudy, caller: &Caller) -> Vec<CloudMachine> {
    cloudy.world.services.hosts().lists(caller).await.unwrap().machines
}

#[sqlx::test(migrations = "../migrations")]
async fn a_machine_is_among_the_hosts_of_its_owner_once_its_agent_has_registered(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let (other, meta) = (cloudy.deploy().await, cloudy.deploy().await);
    let mut report = progress_of(&meta, "in_progress", 40);
    report["srv_ip"] = json!("192.0.2.7");
    cloudy.report(report).await;
    assert_eq!(machines(&cloudy, &cloudy.ada).await, []);

    let registered = register(&cloudy, &meta).await;
    let machine = CloudMachine {
        deployment_hash: meta.deployment_hash.clone(),
        project_name: "My shop".to_owned(),
        provider: "htz".to_owned(),
        name: None,
        srv_ip: Some("192.0.2.7".to_owned()),
        stage: HostStage::Joined,
        status: AgentStatus::Offline,
        last_seen_at: None,
        version: Some("0.1.9".to_owned()),
        remark: None,
    };
    assert_eq!(machines(&cloudy, &cloudy.ada).await, [machine]);

    is_seen(&cloudy.world, &registered).await;
    let seen = machines(&cloudy, &cloudy.ada).await;
    assert_eq!((seen[0].stage, seen[0].status), (HostStage::Running, AgentStatus::Online));
    cloudy.world.clock.advance(OFFLINE_AFTER + TimeDelta::seconds(1));
    cloudy.world.services.agents().mark_offline().await.unwrap();
    assert_eq!(machines(&cloudy, &cloudy.ada).await[0].status, AgentStatus::Offline);

    register(&cloudy, &other).await;
    assert_eq!(machines(&cloudy, &cloudy.ada).await[0].deployment_hash, other.deployment_hash);
    let deployments = cloudy.world.services.deployments();
    for hash in [&other.deployment_hash, &meta.deployment_hash] {
        deployments.remove(&cloudy.ada, hash, RemoveDeployment::default()).await.unwrap();
    }
    assert_eq!(machines(&cloudy, &cloudy.ada).await, []);
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_else_sees_the_machine_and_a_host_is_none(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let meta = cloudy.deploy().await;
    register(&cloudy, &meta).await;
    let (bob, hosts) = (user("bob"), cloudy.world.services.hosts());
    assert_eq!(machines(&cloudy, &bob).await, []);
    // Nor does an operator of the project, for whom hosts are places to deploy to.
    let_in(&cloudy.world, &cloudy.ada, cloudy.project, &bob, ProjectRole::Operator).await;
    assert_eq!(machines(&cloudy, &bob).await, []);
    let mut stream = hosts.follow(&bob, WhoseHosts::OfProject(cloudy.project)).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().machines, []);

    let own = deployments::deploy(&cloudy.world, &cloudy.ada).await;
    add(&cloudy.world, &cloudy.ada, "attic").await;
    let lists = hosts.lists(&cloudy.ada).await.unwrap();
    assert_eq!((lists.hosts.len(), lists.machines.len()), (2, 1));
    assert_ne!(lists.machines[0].deployment_hash, own.hash);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_page_is_told_when_the_agent_of_a_machine_comes_and_goes(pool: PgPool) {
    let cloudy = Cloudy::new(pool).await;
    let meta = cloudy.deploy().await;
    let jobs = start(&cloudy.world.services).await;
    let mut stream = cloudy.world.services.hosts().follow(&cloudy.ada, WhoseHosts::Own).await.unwrap();
    let mut told = async || stream.next().await.unwrap().unwrap().machines.pop();
    assert_eq!(told().await, None);
    let registered = register(&cloudy, &meta).await;
    assert_eq!(told().await.unwrap().stage, HostStage::Joined);
    is_seen(&cloudy.world, &registered).await;
    assert_eq!(told().await.unwrap().status, AgentStatus::Online);
    cloudy.world.clock.advance(OFFLINE_AFTER + TimeDelta::seconds(1));
    cloudy.world.services.agents().mark_offline().await.unwrap();
    assert_eq!(told().await.unwrap().status, AgentStatus::Offline);
    let deployments = cloudy.world.services.deployments();
    deployments.remove(&cloudy.ada, &meta.deployment_hash, RemoveDeployment::default()).await.unwrap();
    assert_eq!(told().await, None);
    jobs.finish().await;
}
