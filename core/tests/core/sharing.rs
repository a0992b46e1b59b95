//! Projects with several members.

use domain::{
    access::{Caller, ProjectRole, Scope},
    api::{CreateCommand, PlanRequest, RemoveDeployment, TransferProject},
    cloud::DeployBody,
};
use sqlx::PgPool;
use stacker::services::{
    CommandFilter, CreateError, DeploymentError, DeploymentFilter, INVITATION_LIFETIME, Page, ProjectError,
    SharingError,
};

use crate::{
    commands::world::{PATIENCE, start},
    deployments::{Deployed, deploy, project, running},
    helpers::{World, user},
};

/// Adds a member to a project, through an invitation.
pub async fn let_in(world: &World, owner: &Caller, id: i32, who: &Caller, role: ProjectRole) {
    let projects = world.services.projects();
    let code = projects.invite(owner, id, role).await.unwrap().code.unwrap();
    let joined = projects.join(who, &code).await.unwrap();
    assert_eq!((joined.project_id, joined.role), (id, role));
}

fn transfer_to(who: &str) -> TransferProject {
    TransferProject { user_id: who.to_owned(), confirm_name: "My shop".to_owned() }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_viewer_sees_everything_and_changes_nothing(pool: PgPool) {
    let world = World::of(pool);
    let (ada, bob) = (user("ada"), user("bob"));
    let Deployed { project: id, hash, .. } = running(&world, &ada).await;
    let (projects, deployments, commands) =
        (world.services.projects(), world.services.deployments(), world.services.commands());
    assert!(matches!(projects.get(&bob, id).await, Err(ProjectError::NotFound)));
    let_in(&world, &ada, id, &bob, ProjectRole::Viewer).await;

    assert_eq!(projects.get_draft(&bob, id).await.unwrap().role, ProjectRole::Viewer);
    let listed = projects.summaries(&bob, None).await.unwrap();
    assert_eq!(listed[0].owner_name.as_deref(), Some("User ada"));
    assert_eq!(projects.list(&bob, Page::default()).await.unwrap().items.len(), 1);
    assert!(projects.compose(&bob, id).await.unwrap().contains("nginx"));
    assert_eq!(deployments.get(&bob, &hash).await.unwrap().summary.role, ProjectRole::Viewer);
    assert!(deployments.get(&bob, &hash).await.unwrap().agent.is_some());
    let filter = DeploymentFilter::default();
    assert_eq!(deployments.list(&bob, Page::default(), filter).await.unwrap().items.len(), 1);
    assert_eq!(deployments.revision(&bob, &hash, 1).await.unwrap().summary.number, 1);
    assert!(!commands.list(&bob, &hash, CommandFilter::default()).await.unwrap().items.is_empty());

    let refused = projects.rename(&bob, id, "mine").await.unwrap_err();
    assert!(matches!(refused, ProjectError::LacksRole(lacks) if lacks.needs == ProjectRole::Editor));
    assert!(matches!(projects.delete(&bob, id, None).await, Err(ProjectError::LacksRole(_))));
    let planned = deployments.plan(&bob, &hash, PlanRequest { revision: None }).await;
    assert!(matches!(planned, Err(DeploymentError::LacksRole(_))));
    let restart = CreateCommand {
        deployment_hash: hash.clone(),
        command_type: "restart".to_owned(),
        parameters: Some(serde_json::json!({"app_code": "web"})),
        ..CreateCommand::default()
    };
    assert!(matches!(commands.create(&bob, restart).await, Err(CreateError::LacksRole(_))));
    // A copy belongs to the member who made it.
    let copy = projects.duplicate(&bob, id).await.unwrap();
    assert_eq!(copy.role, ProjectRole::Owner);
}

#[sqlx::test(migrations = "../migrations")]
async fn an_operator_deploys_to_the_hosts_of_the_owner_and_an_editor_also_changes(pool: PgPool) {
    let world = World::of(pool);
    let (ada, bob) = (user("ada"), user("bob"));
    let Deployed { project: id, host, .. } = deploy(&world, &ada).await;
    let (projects, deployments) = (world.services.projects(), world.services.deployments());
    let_in(&world, &ada, id, &bob, ProjectRole::Operator).await;
    assert_eq!(world.services.hosts().of_project(&bob, id).await.unwrap()[0].id, host);
    // Outside the project, only the owner can read the hosts.
    assert!(world.services.hosts().list(&bob).await.unwrap().is_empty());
    assert!(world.services.hosts().get(&bob, host).await.is_err());

    let deployed = deployments.deploy(&bob, id, DeployBody::to_host(host)).await.unwrap();
    let hash = deployed.deployment_hash;
    // The deployment belongs to the project's owner, no matter who deployed it.
    assert_eq!(deployments.get(&ada, &hash).await.unwrap().summary.role, ProjectRole::Owner);
    assert_eq!(deployments.revision(&ada, &hash, 1).await.unwrap().summary.created_by, "bob");
    let removed = deployments.remove(&bob, &hash, RemoveDeployment::default()).await;
    assert!(matches!(removed, Err(DeploymentError::LacksRole(lacks)) if lacks.needs == ProjectRole::Owner));
    assert!(matches!(projects.rename(&bob, id, "x").await, Err(ProjectError::LacksRole(_))));
    let exec = CreateCommand {
        deployment_hash: hash.clone(),
        command_type: "exec".to_owned(),
        parameters: Some(serde_json::json!({"app_code": "web", "command": "id"})),
        ..CreateCommand::default()
    };
    let commands = world.services.commands();
    assert!(matches!(commands.create(&bob, exec.clone()).await, Err(CreateError::LacksRole(_))));

    projects.set_role(&ada, id, "bob", ProjectRole::Editor).await.unwrap();
    projects.rename(&bob, id, "Our shop").await.unwrap();
    commands.create(&bob, exec).await.unwrap();
    // The project still belongs to the owner and counts towards the owner's limits.
    assert_eq!(projects.get(&bob, id).await.unwrap().user_id, "ada");
    assert!(matches!(projects.delete(&bob, id, None).await, Err(ProjectError::LacksRole(_))));
}

#[sqlx::test(migrations = "../migrations")]
async fn who_is_taken_out_sees_nothing_from_this_moment_on(pool: PgPool) {
    let world = World::of(pool);
    let (ada, bob, eve) = (user("ada"), user("bob"), user("eve"));
    let Deployed { project: id, hash, .. } = running(&world, &ada).await;
    let (projects, deployments) = (world.services.projects(), world.services.deployments());
    let_in(&world, &ada, id, &bob, ProjectRole::Editor).await;
    let_in(&world, &ada, id, &eve, ProjectRole::Viewer).await;
    let jobs = start(&world.services).await;
    let mut stream = deployments.follow(&bob, &hash, Some(0)).await.unwrap();
    assert!(!stream.next().await.unwrap().unwrap().is_empty());

    assert!(matches!(projects.remove_member(&bob, id, "eve").await, Err(SharingError::LacksRole(_))));
    assert!(matches!(projects.remove_member(&ada, id, "ada").await, Err(SharingError::OwnerStays)));
    assert!(matches!(projects.remove_member(&ada, id, "nobody").await, Err(SharingError::NoSuchMember)));
    projects.remove_member(&ada, id, "bob").await.unwrap();
    assert!(matches!(projects.get(&bob, id).await, Err(ProjectError::NotFound)));
    assert!(matches!(deployments.get(&bob, &hash).await, Err(DeploymentError::NotFound(_))));
    assert!(matches!(projects.sharing(&bob, id).await, Err(SharingError::NotFound)));
    // The open stream ends by itself, without another event.
    assert!(tokio::time::timeout(PATIENCE, stream.next()).await.unwrap().unwrap().is_none());

    // Every member can leave.
    projects.remove_member(&eve, id, "eve").await.unwrap();
    assert!(projects.sharing(&ada, id).await.unwrap().members.is_empty());
    jobs.finish().await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_code_works_once_for_a_week_and_until_it_is_withdrawn(pool: PgPool) {
    let world = World::of(pool);
    let (ada, bob, eve) = (user("ada"), user("bob"), user("eve"));
    let id = project(&world, &ada).await;
    let projects = world.services.projects();
    let code = async || projects.invite(&ada, id, ProjectRole::Viewer).await.unwrap();
    let invalid = async |who: &Caller, code: &str| {
        matches!(projects.join(who, code).await, Err(SharingError::InvitationInvalid))
    };

    let first = code().await.code.unwrap();
    // The owner cannot use up the code by mistake.
    assert!(matches!(projects.join(&ada, &first).await, Err(SharingError::OwnerStays)));
    let (one, other) = tokio::join!(projects.join(&bob, &first), projects.join(&eve, &first));
    assert!(one.is_ok() != other.is_ok(), "of two who use it at once, one is let in");
    assert!(invalid(&eve, &first).await);
    assert!(invalid(&eve, "stki_made_up").await && invalid(&eve, "nul\0").await);

    let withdrawn = code().await;
    projects.withdraw_invitation(&ada, id, withdrawn.id).await.unwrap();
    assert!(invalid(&eve, &withdrawn.code.unwrap()).await);

    let late = code().await;
    let shown = projects.sharing(&ada, id).await.unwrap().invitations;
    assert_eq!((shown.len(), &shown[0].code), (1, &None));
    world.clock.advance(INVITATION_LIFETIME);
    assert!(invalid(&eve, &late.code.unwrap()).await);
    assert!(projects.sharing(&ada, id).await.unwrap().invitations.is_empty());
    assert!(matches!(projects.invite(&ada, id, ProjectRole::Owner).await, Err(SharingError::RoleNotGiven)));
}

#[sqlx::test(migrations = "../migrations")]
async fn the_owner_gives_the_project_away_and_stays_as_an_editor(pool: PgPool) {
    let world = World::with(pool, "limits:\n  max_projects: 2\n");
    let (ada, bob) = (user("ada"), user("bob"));
    let id = project(&world, &ada).await;
    let (projects, deployments) = (world.services.projects(), world.services.deployments());
    let form = DeployBody::own();
    let hash = deployments.deploy(&ada, id, form).await.unwrap().deployment_hash;
    assert!(matches!(projects.transfer(&ada, id, transfer_to("bob")).await, Err(SharingError::NoSuchMember)));
    let_in(&world, &ada, id, &bob, ProjectRole::Viewer).await;
    let open = projects.invite(&ada, id, ProjectRole::Editor).await.unwrap();
    let unconfirmed = TransferProject { confirm_name: "shop".to_owned(), ..transfer_to("bob") };
    assert!(matches!(projects.transfer(&ada, id, unconfirmed).await, Err(SharingError::NotConfirmed(_))));
    assert!(matches!(projects.transfer(&bob, id, transfer_to("bob")).await, Err(SharingError::LacksRole(_))));

    // The new owner must not exceed the maximum number of projects.
    let theirs = [project(&world, &bob).await, project(&world, &bob).await];
    assert!(matches!(
        projects.transfer(&ada, id, transfer_to("bob")).await,
        Err(SharingError::NewOwnerHasNoRoom)
    ));
    projects.delete(&bob, theirs[0], None).await.unwrap();

    let now = projects.transfer(&ada, id, transfer_to("bob")).await.unwrap();
    assert_eq!((now.owner.user_id.as_str(), now.role), ("bob", ProjectRole::Editor));
    assert_eq!(now.members[0].user_id, "ada");
    assert_eq!(projects.get(&bob, id).await.unwrap().user_id, "bob");
    assert_eq!(deployments.get(&bob, &hash).await.unwrap().summary.role, ProjectRole::Owner);
    assert_eq!(deployments.get(&ada, &hash).await.unwrap().summary.role, ProjectRole::Editor);
    let eve = user("eve");
    assert!(matches!(projects.join(&eve, &open.code.unwrap()).await, Err(SharingError::InvitationInvalid)));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_project_that_runs_on_hosts_is_not_given_away(pool: PgPool) {
    let world = World::of(pool);
    let (ada, bob) = (user("ada"), user("bob"));
    let Deployed { project: id, .. } = running(&world, &ada).await;
    let_in(&world, &ada, id, &bob, ProjectRole::Editor).await;
    let projects = world.services.projects();
    assert!(matches!(projects.transfer(&ada, id, transfer_to("bob")).await, Err(SharingError::OnHosts)));
    assert_eq!(projects.sharing(&ada, id).await.unwrap().role, ProjectRole::Owner);
    assert_eq!(projects.sharing(&bob, id).await.unwrap().members.len(), 1, "nothing was half done");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_scope_that_only_deploys_lets_nobody_in(pool: PgPool) {
    let world = World::of(pool);
    let ada = user("ada");
    let id = project(&world, &ada).await;
    let projects = world.services.projects();
    let program = Caller { scope: Scope::Deploy, ..ada.clone() };
    assert!(matches!(projects.invite(&program, id, ProjectRole::Viewer).await, Err(SharingError::Forbidden)));
    assert!(projects.sharing(&program, id).await.is_ok());
}
