//! The private database: first start, next start, a killed server, a second server.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use sqlx::{ConnectOptions, Connection, postgres::PgConnectOptions};
use stacker::embedded_postgres::{EmbeddedPostgres, EmbeddedPostgresError};

const FOLDER: &str = "STACKER_TEST_KEEPS_A_DATABASE_IN";

async fn execute(options: &PgConnectOptions, statement: &'static str) {
    let mut connection = options.connect().await.unwrap();
    sqlx::query(statement).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

async fn number(options: &PgConnectOptions, question: &'static str) -> i64 {
    let mut connection = options.connect().await.unwrap();
    let answer = sqlx::query_scalar(question).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    answer
}

#[tokio::test]
async fn what_was_written_is_there_after_a_stop_and_a_start() {
    let folder = tempfile::tempdir().unwrap();
    let (server, options) = EmbeddedPostgres::start(folder.path()).await.unwrap();
    execute(&options, "create table kept as select 42::bigint as answer").await;
    server.stop().await.unwrap();
    assert!(EmbeddedPostgres::running(folder.path()).unwrap().is_none());

    let (server, options) = EmbeddedPostgres::start(folder.path()).await.unwrap();
    assert_eq!(number(&options, "select answer from kept").await, 42);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn our_role_is_nobody_special_and_nothing_listens_on_a_port() {
    let folder = tempfile::tempdir().unwrap();
    let (server, options) = EmbeddedPostgres::start(folder.path()).await.unwrap();
    let special = "select count(*) from pg_roles
        where rolname = current_user and (rolsuper or rolcreatedb or rolcreaterole or rolreplication)";
    assert_eq!(number(&options, special).await, 0);
    let listening = "select count(*) from pg_settings where name = 'listen_addresses' and setting <> ''";
    assert_eq!(number(&options, listening).await, 0);
    server.stop().await.unwrap();
}

/// Ctrl-C in a terminal reaches all processes of its session.
#[tokio::test]
async fn it_runs_in_a_session_of_its_own_and_never_as_root() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _) = EmbeddedPostgres::start(folder.path()).await.unwrap();
    let status = std::fs::read_to_string(folder.path().join("pg/postmaster.pid")).unwrap();
    let process = status.lines().next().unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let after_name = stat.rsplit(')').next().unwrap();
    // The fields after the name: state, parent, process group, session.
    assert_eq!(after_name.split_whitespace().nth(3), Some(process));
    let owner = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(format!("/proc/{process}")).unwrap());
    assert_ne!(owner, 0);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_server_on_the_same_folder_is_refused_and_a_console_is_let_in() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _) = EmbeddedPostgres::start(folder.path()).await.unwrap();
    let error = EmbeddedPostgres::start(folder.path()).await.unwrap_err();
    assert!(matches!(error, EmbeddedPostgresError::InUse { .. }), "{error}");
    assert!(error.to_string().contains("in use by another Stacker (process "), "{error}");

    let options = EmbeddedPostgres::running(folder.path()).unwrap().unwrap();
    assert_eq!(number(&options, "select 1::bigint").await, 1);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_folder_with_a_long_path_and_spaces_works() {
    let folder = tempfile::tempdir().unwrap();
    let long = folder.path().join(format!("a b,{}", "x".repeat(100)));
    let (server, options) = EmbeddedPostgres::start(&long).await.unwrap();
    assert_eq!(number(&options, "select 1::bigint").await, 1);
    server.stop().await.unwrap();
    std::fs::remove_dir_all(options.get_socket().unwrap()).unwrap();
}

#[tokio::test]
async fn a_first_start_that_was_cut_short_is_made_up_for() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("pg.new")).unwrap();
    std::fs::write(folder.path().join("pg.new/PG_VERSION"), "15\n").unwrap();
    let (server, options) = EmbeddedPostgres::start(folder.path()).await.unwrap();
    assert_eq!(number(&options, "select 1::bigint").await, 1);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn the_next_start_takes_over_from_a_server_that_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let mut killed = server_process(folder.path());
    let options = EmbeddedPostgres::running(folder.path()).unwrap().unwrap();
    execute(&options, "create table kept as select 42::bigint as answer").await;
    killed.kill().unwrap();
    killed.wait().unwrap();

    let (server, options) = EmbeddedPostgres::start(folder.path()).await.unwrap();
    assert_eq!(number(&options, "select answer from kept").await, 42);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_machine_that_lost_its_power_recovers() {
    let folder = tempfile::tempdir().unwrap();
    let mut killed = server_process(folder.path());
    let options = EmbeddedPostgres::running(folder.path()).unwrap().unwrap();
    execute(&options, "create table kept as select 42::bigint as answer").await;
    let status = std::fs::read_to_string(folder.path().join("pg/postmaster.pid")).unwrap();
    let postmaster = status.lines().next().unwrap().to_owned();
    assert!(Command::new("kill").args(["-KILL", &postmaster]).status().unwrap().success());
    killed.kill().unwrap();
    killed.wait().unwrap();

    // Another process has been given the same process id meanwhile: this test.
    let stale = status.replacen(&postmaster, &std::process::id().to_string(), 1);
    std::fs::write(folder.path().join("pg/postmaster.pid"), stale).unwrap();

    let (server, options) = EmbeddedPostgres::start(folder.path()).await.unwrap();
    assert_eq!(number(&options, "select answer from kept").await, 42);
    server.stop().await.unwrap();
}

/// A separate server process; when this returns, it has a database in `folder`.
fn server_process(folder: &Path) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "embedded_postgres::keeps_a_database_until_it_is_killed",
            "--ignored",
            "--nocapture",
        ])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let ready = output.lines().map_while(Result::ok).any(|line| line.contains("the database is ready"));
    assert!(ready, "the server process ended before its database was ready");
    child
}

#[tokio::test]
#[ignore = "the server process of the tests above"]
async fn keeps_a_database_until_it_is_killed() {
    // Without the variable, the test was started by hand and has nothing to do.
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let _server = EmbeddedPostgres::start(Path::new(&folder)).await.unwrap();
    println!("the database is ready");
    std::future::pending::<()>().await;
}
