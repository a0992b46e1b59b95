use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use server::app::{Application, Startup};
use stacker::{context::Context, db::PendingMigrations, services::Browser};

use crate::helpers::{TestDatabase, put_key_ring, settings, spawn_app};

fn startup(migrations: PendingMigrations) -> Startup {
    let leptos = leptos::config::LeptosOptions::builder().output_name("stacker").build();
    Startup { migrations, context: Context::of_the_machine(), leptos }
}

#[tokio::test]
async fn two_servers_may_start_at_once_on_an_empty_database() {
    let database = Arc::new(TestDatabase::empty().await);
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let settings = folders.each_ref().map(|folder| settings(&database, folder.path(), &[]));

    let (one, other) = tokio::join!(
        Application::build(&settings[0], startup(PendingMigrations::Apply)),
        Application::build(&settings[1], startup(PendingMigrations::Apply)),
    );

    for application in [one.unwrap(), other.unwrap()] {
        application.abandon().await;
    }
}

#[tokio::test]
async fn a_server_with_other_keys_than_its_database_knows_does_not_start() {
    let database = TestDatabase::new().await;
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&database, folder.path(), &[]);
    let build = || Application::build(&settings, startup(PendingMigrations::Apply));
    build().await.unwrap().abandon().await;

    put_key_ring(folder.path(), [8; 32]);
    let Err(error) = build().await else { panic!("it started") };
    let told = format!("{error:#}");
    assert!(told.contains("console keys forget 1") && told.contains("keyring"), "{told}");

    put_key_ring(folder.path(), [7; 32]);
    build().await.unwrap().abandon().await;
}

#[tokio::test]
async fn two_servers_share_projects_and_sessions() {
    let one = spawn_app().await;
    let other = one.twin(&[]).await;

    let code = one.services.sign_in().create_link_code().await.unwrap();
    assert!(other.services.sign_in().consume(&code, &Browser::default()).await.unwrap().is_some());
    let client = one.client("alice").await;
    let id = client.import("Shop", "services: {}\n").await;
    let read = other
        .anonymous()
        .get(other.url(&format!("/project/{id}")))
        .bearer_auth(client.bearer())
        .send()
        .await
        .unwrap();
    assert_eq!(read.status(), 200);
}

#[tokio::test]
async fn without_migrating_it_refuses_to_start_when_some_are_pending() {
    let database = TestDatabase::empty().await;
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&database, folder.path(), &[]);

    let Err(error) = Application::build(&settings, startup(PendingMigrations::Refuse)).await else {
        panic!("it started")
    };
    assert!(format!("{error:#}").contains("pending"), "{error:#}");

    Application::build(&settings, startup(PendingMigrations::Apply)).await.unwrap().abandon().await;
    Application::build(&settings, startup(PendingMigrations::Refuse)).await.unwrap().abandon().await;
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let database = TestDatabase::new().await;
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let settings = settings(&database, folder.path(), &[("APP_PORT", &port)]);

    let Err(error) = Application::build(&settings, startup(PendingMigrations::Apply)).await else {
        panic!("it started")
    };

    assert!(format!("{error:#}").contains(&format!("127.0.0.1:{port}")), "{error:#}");
}

/// Leptos has one switch per process that leaves data unloaded while it lists the routes of the pages (leptos#4773).
#[tokio::test(flavor = "multi_thread")]
async fn pages_are_answered_while_another_server_starts_in_the_same_process() {
    let one = spawn_app().await;
    let browser = one.signed_in().await;
    let started = AtomicBool::new(false);
    let starting = async {
        for _ in 0..10 {
            drop(one.twin(&[]).await);
        }
        started.store(true, Ordering::Relaxed);
    };
    let looking = async {
        while !started.load(Ordering::Relaxed) {
            let pages =
                (0..8).map(|_| browser.get(one.url("/hosts")).timeout(Duration::from_secs(20)).send());
            for page in futures::future::join_all(pages).await {
                assert_eq!(page.unwrap().status(), 200);
            }
        }
    };
    tokio::join!(starting, looking);
}
