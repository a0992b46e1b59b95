//! For a user without access, every use case answers as if the deployment did not exist.

use domain::{
    access::Role,
    api::{PlanRequest, RemoveDeployment},
};
use sqlx::PgPool;
use stacker::services::{DeploymentError, DeploymentFilter, Page};

use super::{apply, plan, running};
use crate::helpers::{World, caller, user};

#[sqlx::test(migrations = "../migrations")]
async fn a_deployment_of_others_is_not_there(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let deployed = running(&world, &ada).await;
    plan(&deployed, &ada, None).await;
    let (deployments, bob) = (&deployed.deployments, user("bob"));
    for hash in [deployed.hash.as_str(), "deployment_unknown"] {
        let answers = [
            deployments.get(&bob, hash).await.err(),
            deployments.events(&bob, hash, 0).await.err(),
            deployments.plan(&bob, hash, PlanRequest::default()).await.err(),
            deployments.plan(&bob, hash, PlanRequest { revision: Some(1) }).await.err(),
            deployments.apply(&bob, hash, apply(2)).await.err(),
            deployments.remove(&bob, hash, RemoveDeployment::default()).await.err(),
            deployments.restore_drift(&bob, hash).await.err(),
            deployments.adopt_drift(&bob, hash).await.err(),
            deployments.revisions(&bob, hash, Page::default()).await.err(),
            deployments.revision(&bob, hash, 1).await.err(),
            deployments.capabilities(&bob, hash).await.err(),
        ];
        for (at, answer) in answers.into_iter().enumerate() {
            assert!(matches!(answer, Some(DeploymentError::NotFound(_))), "{hash:?}, {at}: {answer:?}");
        }
    }
    let listed = deployments.list(&bob, Page::default(), DeploymentFilter::default()).await.unwrap();
    assert!(listed.items.is_empty());
}

#[sqlx::test(migrations = "../migrations")]
async fn a_role_that_the_policy_does_not_know_may_do_nothing(pool: PgPool) {
    let world = World::of(pool);
    let deployed = running(&world, &user("ada")).await;
    let wizard = caller("ada", Role::Other("wizard".to_owned()));
    let answer = deployed.deployments.get(&wizard, &deployed.hash).await;
    assert!(matches!(answer, Err(DeploymentError::Forbidden)));
}
