//! Every way to deploy leads past the requirement of the template.

use std::sync::Arc;

use domain::{
    access::Caller,
    api::{ApplyRequest, PlanRequest},
    cloud::{CloudBody, DeployBody, Secret},
    command::State,
    problem::UseCaseError as _,
};
use serde_json::json;
use sqlx::PgPool;
use stacker::{
    connectors::{
        broker::FakeBroker,
        user_service::{FakeUserService, UserServiceError},
    },
    services::DeploymentError,
};
use uuid::Uuid;

use super::template;
use crate::{
    deployments::{end, project, running},
    helpers::{World, user},
    hosts::add,
};

const TEMPLATE: Uuid = Uuid::from_u128(7);

struct Shop {
    world: World,
    users: Arc<FakeUserService>,
    broker: Arc<FakeBroker>,
    project: i32,
}

impl Shop {
    /// Ada's project, made from a template that requires the plan `professional`.
    async fn new(pool: PgPool) -> Self {
        let (users, broker) = (Arc::new(FakeUserService::default()), Arc::new(FakeBroker::default()));
        let world = World::with_user_service(pool, users.clone(), broker.clone());
        let project = project(&world, &ada()).await;
        template(&world.pool, TEMPLATE).await;
        let shop = Self { world, users, broker, project };
        shop.make_from_template(project).await;
        shop.require("professional").await;
        shop
    }

    async fn make_from_template(&self, project: i32) {
        sqlx::query("update project set source_template_id = $2 where id = $1")
            .bind(project)
            .bind(TEMPLATE)
            .execute(&self.world.pool)
            .await
            .unwrap();
    }

    async fn require(&self, plan: &str) {
        sqlx::query("update stack_template set required_plan_name = $1")
            .bind(plan)
            .execute(&self.world.pool)
            .await
            .unwrap();
    }

    fn ada_has(&self, plan: &str) {
        self.users.knows_user("ada", json!({"user_id": "ada", "plan": plan}));
    }

    async fn deployments(&self) -> i64 {
        sqlx::query_scalar("select count(*) from deployment").fetch_one(&self.world.pool).await.unwrap()
    }
}

fn ada() -> Caller {
    user("ada")
}

fn to_cloud() -> DeployBody {
    DeployBody {
        cloud: CloudBody {
            provider: "htz".to_owned(),
            cloud_token: Some(Secret::new("token")),
            save_token: Some(false),
            ..CloudBody::default()
        },
        ..DeployBody::own()
    }
}

fn code<T>(result: Result<T, DeploymentError>) -> String {
    result.err().map_or_else(|| "deployed".to_owned(), |error| error.problem().code.into_owned())
}

#[sqlx::test(migrations = "../migrations")]
async fn every_way_to_deploy_asks_for_the_plan(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let deployments = shop.world.services.deployments();
    let host = add(&shop.world, &ada(), "attic").await;
    for (plan, expected) in [("basic", "plan-insufficient"), ("professional", "deployed")] {
        shop.ada_has(plan);
        assert_eq!(code(deployments.deploy(&ada(), shop.project, DeployBody::to_host(host)).await), expected);
        assert_eq!(code(deployments.prepare(&ada(), shop.project, host).await), expected);
        assert_eq!(code(deployments.deploy(&ada(), shop.project, to_cloud()).await), expected);
        let cloud = deployments.deploy_to_cloud(&ada(), shop.project, 1, to_cloud()).await;
        // The plan is checked before the cloud, which does not exist.
        assert_eq!(code(cloud), if expected == "deployed" { "not-found" } else { expected });
        let created = if expected == "deployed" { 3 } else { 0 };
        assert_eq!(shop.deployments().await, created);
    }
    shop.world.services.deliver().await.unwrap();
    assert_eq!(shop.broker.published().len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn the_person_who_deploys_needs_the_plan_and_shows_it_with_their_token(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let deployments = shop.world.services.deployments();
    let host = add(&shop.world, &ada(), "attic").await;
    shop.ada_has("basic");
    shop.users.knows_token("of-ada", json!({"user": {"_id": "ada", "plan": {"name": "enterprise"}}}));
    let with_token = ada().with_provider_token("of-ada");
    assert_eq!(
        code(deployments.deploy(&with_token, shop.project, DeployBody::to_host(host)).await),
        "deployed"
    );
    let forged = ada().with_provider_token("of-nobody");
    assert_eq!(
        code(deployments.deploy(&forged, shop.project, DeployBody::to_host(host)).await),
        "plan-unknown"
    );
}

#[sqlx::test(migrations = "../migrations")]
async fn a_service_that_does_not_answer_changes_nothing(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let deployments = shop.world.services.deployments();
    let host = add(&shop.world, &ada(), "attic").await;
    for error in [UserServiceError::Unavailable, UserServiceError::Refused, UserServiceError::NotAskable] {
        shop.users.fails_with(Some(error));
        assert_eq!(
            code(deployments.deploy(&ada(), shop.project, DeployBody::to_host(host)).await),
            "plan-unknown"
        );
    }
    assert_eq!(shop.deployments().await, 0);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_running_deployment_is_changed_only_with_the_plan_but_goes_back_without(pool: PgPool) {
    let shop = Shop::new(pool).await;
    let deployed = running(&shop.world, &ada()).await;
    shop.make_from_template(deployed.project).await;
    shop.ada_has("basic");
    let deployments = &deployed.deployments;
    let refused = deployments.plan(&ada(), &deployed.hash, PlanRequest { revision: None }).await;
    assert_eq!(code(refused), "plan-insufficient");

    shop.ada_has("professional");
    let next = deployments.plan(&ada(), &deployed.hash, PlanRequest { revision: None }).await.unwrap();
    end(&shop.world, &next.command_id, State::Cancelled, None, None).await;
    shop.ada_has("basic");
    let apply = |revision| ApplyRequest { revision, plan_hash: None, recreate: Vec::new() };
    let applied = deployments.apply(&ada(), &deployed.hash, apply(next.revision)).await;
    assert_eq!(code(applied), "plan-insufficient");

    let back = deployments.plan(&ada(), &deployed.hash, PlanRequest { revision: Some(1) }).await.unwrap();
    end(&shop.world, &back.command_id, State::Cancelled, None, None).await;
    let applied = deployments.apply(&ada(), &deployed.hash, apply(back.revision)).await;
    assert_eq!(code(applied), "deployed");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_project_of_ones_own_asks_nobody(pool: PgPool) {
    let shop = Shop::new(pool).await;
    shop.users.fails_with(Some(UserServiceError::Unavailable));
    let own = project(&shop.world, &ada()).await;
    let host = add(&shop.world, &ada(), "attic").await;
    let deployments = shop.world.services.deployments();
    assert_eq!(code(deployments.deploy(&ada(), own, DeployBody::to_host(host)).await), "deployed");
}
