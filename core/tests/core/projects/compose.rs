use domain::{api::ImportProject, stack::Edit};
use sqlx::PgPool;
use stacker::services::ProjectError;

use super::{COMPOSE, import};
use crate::helpers::{World, user};

fn importing(compose: &str) -> ImportProject {
    ImportProject { name: "blog".to_owned(), compose: compose.to_owned() }
}

#[sqlx::test(migrations = "../migrations")]
async fn what_was_imported_comes_back_to_the_byte(pool: PgPool) {
    let world = World::of(pool);
    let project = import(&world, &user("ada"), "blog").await;
    let compose = world.services.projects().compose(&user("ada"), project.id).await.unwrap();
    assert_eq!(compose, COMPOSE);
    assert_eq!((project.version, project.name.as_str()), (1, "blog"));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_text_that_is_no_yaml_is_refused_with_its_place_and_nothing_is_stored(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    for text in ["services:\n  web: [", "services:\n  nul: \"\0\""] {
        let error = projects.import(&ada, importing(text)).await.unwrap_err();
        let ProjectError::Unreadable { position: Some(position), .. } = error else { panic!("{error}") };
        assert!(position.line >= 1);
    }
    assert!(projects.summaries(&ada, None).await.unwrap().is_empty());

    let project = import(&world, &ada, "blog").await;
    let error = projects.replace_compose(&ada, project.id, "services:\n  web: [", None).await.unwrap_err();
    assert!(matches!(error, ProjectError::Unreadable { .. }), "{error}");
    assert_eq!(projects.compose(&ada, project.id).await.unwrap(), COMPOSE);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_readable_text_with_findings_is_kept(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let text = "services:\n  web:\n    image: nginx:1.27\n    depends_on: [gone]\n";
    let (project, findings) = projects.import(&ada, importing(text)).await.unwrap();
    assert!(!findings.is_empty());
    assert_eq!(projects.compose(&ada, project.id).await.unwrap(), text);
}

#[sqlx::test(migrations = "../migrations")]
async fn a_text_over_the_limit_is_refused(pool: PgPool) {
    let world = World::with(pool, "limits:\n  compose_bytes: 100\n");
    let error =
        world.services.projects().import(&user("ada"), importing(&"#".repeat(101))).await.unwrap_err();
    assert!(matches!(error, ProjectError::TooLarge { limit: 100, actual: 101, .. }), "{error}");
}

#[sqlx::test(migrations = "../migrations")]
async fn an_edit_touches_the_lines_it_is_about(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let project = import(&world, &ada, "blog").await;
    let edit = Edit::SetImage { service: "web".to_owned(), image: "nginx:1.28".to_owned() };
    let (draft, _) = projects.apply_edits(&ada, project.id, Some(1), &[edit]).await.unwrap();
    assert_eq!(draft.compose, COMPOSE.replace("1.27", "1.28"));
    assert_eq!(draft.version, 2);
    assert_eq!(projects.compose(&ada, project.id).await.unwrap(), draft.compose);
}

#[sqlx::test(migrations = "../migrations")]
async fn of_edits_all_are_done_or_none(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let project = import(&world, &ada, "blog").await;
    let good = Edit::SetImage { service: "web".to_owned(), image: "nginx:1.28".to_owned() };
    let bad = Edit::SetImage { service: "gone".to_owned(), image: "nginx:1.28".to_owned() };
    let error = projects.apply_edits(&ada, project.id, None, &[good, bad]).await.unwrap_err();
    assert!(matches!(error, ProjectError::Refused(_)), "{error}");
    let draft = projects.get_draft(&ada, project.id).await.unwrap();
    assert_eq!((draft.compose.as_str(), draft.version), (COMPOSE, 1));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_name_that_is_none_is_refused_before_anything_is_stored(pool: PgPool) {
    let world = World::of(pool);
    let (projects, ada) = (world.services.projects(), user("ada"));
    let import = ImportProject { name: " ".to_owned(), compose: COMPOSE.to_owned() };
    assert!(matches!(projects.import(&ada, import).await, Err(ProjectError::NameInvalid(_))));
    assert!(matches!(projects.create_empty(&ada, "two\nlines").await, Err(ProjectError::NameInvalid(_))));
    assert!(projects.summaries(&ada, None).await.unwrap().is_empty());
}
