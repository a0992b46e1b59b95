//! A simulated agent: polls, records each command with the time of its arrival, and reports.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{http::Connection, seed::Credentials};

/// How long agents ask the server to hold a poll, by default.
const POLL_SECONDS: u32 = 30;

#[derive(Clone, Debug)]
pub struct Receipt {
    /// The parameter `number` of the command.
    pub number: u64,
    pub command_id: String,
    pub at: Instant,
}

/// What all agents received and did.
#[derive(Debug, Default)]
pub struct Log {
    /// One entry per delivery.
    pub received: Mutex<Vec<Receipt>>,
    /// Polls that the server is holding.
    pub polling: AtomicUsize,
    pub reported: AtomicUsize,
    pub failures: AtomicUsize,
}

impl Log {
    pub fn received(&self) -> Vec<Receipt> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Runs until it is aborted. Like real agents, it reconnects when a connection breaks.
pub async fn run(address: String, credentials: Credentials, log: Arc<Log>) {
    loop {
        if serve(&address, &credentials, &log).await.is_err() {
            log.failures.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

async fn serve(address: &str, credentials: &Credentials, log: &Log) -> anyhow::Result<()> {
    let mut connection = Connection::open(address).await?;
    let path = format!("/api/v1/agent/commands/wait/{}?timeout={POLL_SECONDS}", credentials.hash);
    loop {
        connection.send("GET", &path, &credentials.headers, "").await?;
        log.polling.fetch_add(1, Ordering::Relaxed);
        let answer = connection.answer().await;
        log.polling.fetch_sub(1, Ordering::Relaxed);
        let (answer, at) = (answer?, Instant::now());
        anyhow::ensure!(answer.status == 200, "a poll was answered {}", answer.status);
        let answer: Value = serde_json::from_slice(&answer.body)?;
        let item = &answer["item"];
        let Some(command_id) = item["command_id"].as_str() else {
            let pause = answer["meta"]["next_poll_secs"].as_u64().unwrap_or(0);
            tokio::time::sleep(Duration::from_secs(pause)).await;
            continue;
        };
        if let Some(number) = item["parameters"]["number"].as_u64() {
            let receipt = Receipt { number, command_id: command_id.to_owned(), at };
            log.received.lock().unwrap_or_else(PoisonError::into_inner).push(receipt);
        }
        let report = json!({"command_id": command_id, "deployment_hash": credentials.hash, "status": "success",
            "completed_at": item["created_at"], "result": {"done": true}});
        report_until_kept(&mut connection, address, credentials, &report.to_string()).await?;
        log.reported.fetch_add(1, Ordering::Relaxed);
    }
}

/// Like real agents, it sends the same body again after a 5xx or a broken connection.
async fn report_until_kept(
    connection: &mut Connection,
    address: &str,
    credentials: &Credentials,
    body: &str,
) -> anyhow::Result<()> {
    let path = "/api/v1/agent/commands/report";
    loop {
        match connection.ask("POST", path, &credentials.headers, body).await {
            Ok(answer) if answer.status < 500 => {
                anyhow::ensure!(answer.status == 200, "a report was answered {}", answer.status);
                return Ok(());
            }
            _ => {
                tokio::time::sleep(Duration::from_millis(200)).await;
                if let Ok(fresh) = Connection::open(address).await {
                    *connection = fresh;
                }
            }
        }
    }
}
