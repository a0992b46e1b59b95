//! No command is lost or delivered twice, whichever part fails.

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;

use super::enqueue;
use crate::helpers::{TestAgent, TestApp, spawn_app, until};

async fn taken(polling: tokio::task::JoinHandle<Value>) -> String {
    polling.await.unwrap()["item"]["command_id"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_lost_poller_does_not_swallow_the_command() {
    let app = spawn_app().await;
    let (client, agent) = (app.client("alice").await, app.agent_of("alice").await);
    app.listens().await;
    let mut stream = tokio::net::TcpStream::connect(&app.address).await.unwrap();
    let head = format!(
        "GET {} HTTP/1.1\r\nhost: x\r\nx-agent-id: {}\r\nauthorization: Bearer {}\r\n\r\n",
        agent.wait_path(),
        agent.id,
        agent.token
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    app.somebody_waits(1).await;
    drop(stream);
    app.somebody_waits(0).await;

    let id = enqueue(&client, &agent.hash, "exec").await;

    let answer = agent.polling().await.unwrap();
    assert_eq!(
        (answer["item"]["command_id"].as_str(), answer["item"]["deliveries"].as_i64()),
        (Some(&*id), Some(1))
    );
}

#[tokio::test]
async fn an_agent_at_one_server_gets_what_is_posted_to_another() {
    let here = spawn_app().await;
    let there = here.twin(&[]).await;
    let (client, agent) = (there.client("alice").await, here.agent_of("alice").await);
    here.listens().await;
    let polling = agent.polling();
    here.somebody_waits(1).await;
    let id = enqueue(&client, &agent.hash, "restart").await;
    assert_eq!(taken(polling).await, id);
    assert_eq!(agent.at(&there).report(&id, "completed").await.status(), 200);
}

#[tokio::test]
async fn a_server_that_stops_answers_who_waits_and_the_agent_goes_to_another() {
    let here = spawn_app().await;
    let there = here.twin(&[]).await;
    let (client, agent) = (there.client("alice").await, here.agent_of("alice").await);
    let polling = agent.polling();
    here.somebody_waits(1).await;

    here.stop();

    let answer = polling.await.unwrap();
    assert_eq!(answer["item"], Value::Null);
    let pause = answer["meta"]["next_poll_secs"].as_u64().unwrap();
    assert!((1..=5).contains(&pause), "{pause}");
    let id = enqueue(&client, &agent.hash, "restart").await;
    assert_eq!(taken(agent.at(&there).polling()).await, id);
}

#[tokio::test]
async fn connections_that_the_database_kills_delay_and_lose_nothing() {
    let app = spawn_app().await;
    let (client, agent) = (app.client("alice").await, app.agent_of("alice").await);
    for round in 0..3 {
        app.listens().await;
        let polling = agent.polling();
        app.somebody_waits(1).await;
        app.kill_database_connections().await;
        let id = enqueue_with_patience(&app, &client, &agent).await;
        assert_eq!(taken(polling).await, id, "round {round}");
        until("the report is kept", || async { agent.report(&id, "success").await.status() == 200 }).await;
    }
}

/// The pool notices broken connections only when a query fails, so this retries, as clients do on 5xx.
async fn enqueue_with_patience(
    app: &TestApp,
    client: &crate::helpers::ApiClient,
    agent: &TestAgent,
) -> String {
    until("the database is back", || async {
        app.anonymous().get(app.url("/health_check")).send().await.unwrap().status() == 200
    })
    .await;
    enqueue(client, &agent.hash, "restart").await
}
