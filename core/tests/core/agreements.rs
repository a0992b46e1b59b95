//! Agreements: versions, who accepted which text, and deployments that need them.

use domain::{
    access::Caller,
    agreement::{AcceptAgreement, Agreement, SaveAgreement},
    api::{ApplyRequest, PlanRequest},
    cloud::DeployBody,
    command::State,
    deploy::{Plan, PlanResult},
};
use serde_json::json;
use sqlx::PgPool;
use stacker::services::{AgreementError, DeploymentError, Page};

use crate::{
    deployments::{Deployed, end, project, running},
    helpers::{World, admin, user},
    hosts::add,
};

const FIRST: &str = "Be kind.";

fn terms(text: &str, required: bool) -> SaveAgreement {
    SaveAgreement { name: "Terms".to_owned(), text: text.to_owned(), required: Some(required) }
}

async fn published(world: &World, required: bool) -> Agreement {
    world.services.agreements().create(&admin(), &terms(FIRST, required)).await.unwrap()
}

fn newest(agreement: &Agreement) -> AcceptAgreement {
    AcceptAgreement { agrt_id: agreement.id, version: None }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_changed_text_has_to_be_accepted_again_and_the_proof_stays(pool: PgPool) {
    let world = World::of(pool);
    let (ada, agreements) = (user("ada"), world.services.agreements());
    let made = published(&world, false).await;
    assert_eq!((made.version, made.text.as_str(), made.required), (1, FIRST, false));
    let accepted = agreements.accept(&ada, newest(&made)).await.unwrap();
    // printf 'Be kind.' | sha256sum
    assert_eq!(accepted.text_sha256, "5499befb38dbf3fcc08107141cb2a9e7f42a6aae403361dc3601b8296d7967ea");
    assert_eq!(agreements.accepted(&ada, made.id).await.unwrap(), accepted);

    let renamed = SaveAgreement { name: "House rules".to_owned(), ..terms(FIRST, true) };
    let renamed = agreements.update(&admin(), made.id, &renamed).await.unwrap();
    assert_eq!((renamed.version, renamed.name.as_str(), renamed.required), (1, "House rules", true));
    assert!(agreements.accepted(&ada, made.id).await.is_ok(), "the text is the same");
    let as_before = SaveAgreement { required: None, ..terms("Be kinder.", false) };
    let changed = agreements.update(&admin(), made.id, &as_before).await.unwrap();
    assert_eq!((changed.version, changed.text.as_str(), changed.required), (2, "Be kinder.", true));
    assert!(matches!(agreements.accepted(&ada, made.id).await, Err(AgreementError::NotFound)));
    let seen = agreements.get(&ada, made.id).await.unwrap();
    assert_eq!((seen.version, seen.accepted_at), (2, None));
    agreements.accept(&ada, newest(&made)).await.unwrap();

    let proof = agreements.acceptances(&admin(), made.id, Page::default()).await.unwrap().items;
    assert_eq!(proof.iter().map(|proof| proof.version).collect::<Vec<_>>(), [1, 2]);
    let texts = agreements.versions(&admin(), made.id, Page::default()).await.unwrap().items;
    assert_eq!(texts.iter().map(|text| text.text.as_str()).collect::<Vec<_>>(), ["Be kinder.", FIRST]);
    assert_eq!(proof[0].text_sha256, texts[1].text_sha256);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_text_is_accepted_once_even_if_it_is_sent_twice_at_once(pool: PgPool) {
    let world = World::of(pool);
    let made = published(&world, false).await;
    let (here, there) = (world.services.agreements(), world.twin().services.agreements());
    let ada = user("ada");
    let (first, second) = tokio::join!(here.accept(&ada, newest(&made)), there.accept(&ada, newest(&made)));
    let refused = if first.is_ok() { second } else { first };
    assert!(matches!(refused, Err(AgreementError::AlreadySigned)), "{refused:?}");
    assert_eq!(here.acceptances(&admin(), made.id, Page::default()).await.unwrap().items.len(), 1);
}

#[sqlx::test(migrations = "../migrations")]
async fn only_the_text_that_was_read_is_accepted(pool: PgPool) {
    let world = World::of(pool);
    let (ada, agreements) = (user("ada"), world.services.agreements());
    let made = published(&world, false).await;
    agreements.update(&admin(), made.id, &terms("Be kinder.", false)).await.unwrap();
    let read = AcceptAgreement { version: Some(1), ..newest(&made) };
    assert!(matches!(agreements.accept(&ada, read).await, Err(AgreementError::Changed { newest: 2 })));
    let unknown = AcceptAgreement { agrt_id: 99, version: None };
    assert!(matches!(agreements.accept(&ada, unknown).await, Err(AgreementError::NotFound)));
}

#[sqlx::test(migrations = "../migrations")]
async fn what_one_user_accepted_is_accepted_by_nobody_else_and_only_administrators_see_it(pool: PgPool) {
    let world = World::of(pool);
    let agreements = world.services.agreements();
    let made = published(&world, false).await;
    agreements.accept(&user("ada"), newest(&made)).await.unwrap();
    let eva = user("eva");
    assert!(matches!(agreements.accepted(&eva, made.id).await, Err(AgreementError::NotFound)));
    let listed = agreements.list(&eva, Page::default()).await.unwrap().items;
    assert_eq!((listed.len(), listed[0].accepted_at), (1, None));
    let refusals = [
        agreements.acceptances(&eva, made.id, Page::default()).await.err(),
        agreements.versions(&eva, made.id, Page::default()).await.err(),
        agreements.get_any(&eva, made.id).await.err(),
        agreements.create(&eva, &terms("x", true)).await.err(),
        agreements.update(&eva, made.id, &terms("x", true)).await.err(),
    ];
    for refusal in refusals {
        assert!(matches!(refusal, Some(AgreementError::Forbidden)), "{refusal:?}");
    }
}

fn asked_for(result: Result<impl std::fmt::Debug, DeploymentError>, id: i32) {
    match result {
        Err(DeploymentError::AgreementRequired { id: asked, .. }) => assert_eq!(asked, id),
        other => assert!(matches!(other, Err(DeploymentError::AgreementRequired { .. })), "{other:?}"),
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn nobody_deploys_before_they_have_accepted_what_is_required(pool: PgPool) {
    let world = World::of(pool);
    let (ada, agreements, deployments) =
        (user("ada"), world.services.agreements(), world.services.deployments());
    let (project, host) = (project(&world, &ada).await, add(&world, &ada, "attic").await);
    let terms_of = published(&world, true).await;
    let optional = agreements.create(&admin(), &terms("Optional", false)).await.unwrap();

    asked_for(deployments.deploy(&ada, project, DeployBody::to_host(host)).await, terms_of.id);
    asked_for(deployments.deploy(&ada, project, DeployBody::own()).await, terms_of.id);
    asked_for(deployments.prepare(&ada, project, host).await, terms_of.id);
    asked_for(deployments.deploy_to_cloud(&ada, project, 1, DeployBody::own()).await, terms_of.id);
    let stranger = deployments.deploy(&user("eva"), project, DeployBody::to_host(host)).await;
    assert!(matches!(stranger, Err(DeploymentError::NotFound(_))), "a stranger learns nothing");
    let kept: i64 =
        sqlx::query_scalar("select count(*) from deployment").fetch_one(&world.pool).await.unwrap();
    assert_eq!(kept, 0, "nothing is left of a refused deployment");

    agreements.accept(&user("eva"), newest(&terms_of)).await.unwrap();
    asked_for(deployments.prepare(&ada, project, host).await, terms_of.id);
    assert_eq!(agreements.next_to_accept(&ada).await.unwrap().map(|next| next.id), Some(terms_of.id));
    agreements.accept(&ada, newest(&terms_of)).await.unwrap();
    assert_eq!(agreements.next_to_accept(&ada).await.unwrap(), None);
    deployments.deploy(&ada, project, DeployBody::to_host(host)).await.unwrap();

    agreements.update(&admin(), optional.id, &terms("Optional", true)).await.unwrap();
    asked_for(deployments.prepare(&ada, project, host).await, optional.id);
}

/// A plan whose agent has answered.
async fn planned(world: &World, ada: &Caller, running: &Deployed, revision: Option<i32>) -> ApplyRequest {
    let answer = running.deployments.plan(ada, &running.hash, PlanRequest { revision }).await.unwrap();
    let result = PlanResult { plan: Plan::default(), plan_hash: "a".repeat(64) };
    end(world, &answer.command_id, State::Completed, Some(json!(result)), None).await;
    ApplyRequest { revision: answer.revision, plan_hash: None, recreate: Vec::new() }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_plan_that_was_made_before_is_not_applied_without_acceptance(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let running = running(&world, &ada).await;
    let apply = planned(&world, &ada, &running, None).await;
    let required = published(&world, true).await;
    asked_for(running.deployments.apply(&ada, &running.hash, apply.clone()).await, required.id);
    world.services.agreements().accept(&ada, newest(&required)).await.unwrap();
    running.deployments.apply(&ada, &running.hash, apply).await.unwrap();
}

#[sqlx::test(migrations = "../migrations")]
async fn going_back_needs_no_acceptance(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let running = running(&world, &ada).await;
    published(&world, true).await;
    let apply = planned(&world, &ada, &running, Some(1)).await;
    running.deployments.apply(&ada, &running.hash, apply).await.unwrap();
}
