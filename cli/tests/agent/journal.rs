//! What a killed agent does at its next start, depending on the state in its journal.

use serde_json::{Value, json};

use crate::stand_in::{Server, command};

const BEGAN: &str = "2026-01-01T00:00:00Z";
/// In the future, so that the entry is never swept.
const LATELY: &str = "2999-01-01T00:00:00Z";

fn entry(command_id: &str, kind: &str, state: Value) -> Value {
    let mut entry =
        json!({"command": command(command_id, kind, json!({})), "received_at": BEGAN, "attempts": 1});
    entry["state"] = state;
    entry
}

fn result(command_id: &str) -> Value {
    json!({"command_id": command_id, "deployment_hash": "deployment-hash", "status": "completed",
        "completed_at": BEGAN, "result": {"kept": "from before"}})
}

async fn after_a_crash(kind: &str, state: Value) -> (Server, Value) {
    let server = Server::start().await;
    server.join();
    server.write_journal("cmd_1", &entry("cmd_1", kind, state));
    let mut agent = server.run_agent();
    let report = server.report_of("cmd_1").await;
    server.run("cmd_2", "server_resources", json!({})).await;
    agent.kill().await.unwrap();
    (server, report)
}

#[tokio::test]
async fn received_is_run() {
    let (_, report) = after_a_crash("server_resources", json!({"state": "received"})).await;
    assert_eq!(report["status"], "completed");
}

#[tokio::test]
async fn started_and_repeatable_is_run_again() {
    let (_, report) = after_a_crash("server_resources", json!({"state": "started", "at": BEGAN})).await;
    assert_eq!(report["status"], "completed");
}

#[tokio::test]
async fn started_and_not_repeatable_is_reported_as_unknown() {
    for kind in ["exec", "remove_stack", "remove_app", "a_free_type"] {
        let (server, report) = after_a_crash(kind, json!({"state": "started", "at": BEGAN})).await;
        assert_eq!(report["status"], "failed", "{kind}");
        assert_eq!(report["errors"][0]["code"], "outcome-unknown", "{kind}");
        assert_eq!(
            server.heard(|heard| heard.reports.iter().filter(|one| one["command_id"] == "cmd_1").count()),
            1
        );
    }
}

#[tokio::test]
async fn finished_is_reported_again_with_the_result_of_then() {
    let (server, report) =
        after_a_crash("exec", json!({"state": "finished", "report": result("cmd_1")})).await;
    assert_eq!(report["result"]["kept"], "from before");
    assert_eq!(server.journal("cmd_1").unwrap()["state"]["state"], "reported");
}

#[tokio::test]
async fn what_was_finished_is_not_run_again_when_it_is_delivered_again() {
    let server = Server::start().await;
    server.join();
    server.write_journal(
        "cmd_1",
        &entry(
            "cmd_1",
            "server_resources",
            json!({"state": "reported", "at": LATELY, "report": result("cmd_1")}),
        ),
    );
    let _agent = server.run_agent();
    let report = server.run("cmd_1", "server_resources", json!({})).await;
    assert_eq!(report["result"]["kept"], "from before");
}

#[tokio::test]
async fn an_agent_killed_while_it_reports_reports_at_the_next_start_and_runs_nothing_twice() {
    let server = Server::start().await;
    server.join();
    server.change(|heard| heard.refuse_reports.extend([500; 100]));
    let mut agent = server.run_agent();
    server.enqueue(command("cmd_1", "server_resources", json!({})));
    server.until("an attempt to report", |heard| (heard.refuse_reports.len() < 100).then_some(())).await;
    agent.kill().await.unwrap();
    let kept = server.journal("cmd_1").unwrap();
    assert_eq!(kept["state"]["state"], "finished");
    server.change(|heard| heard.refuse_reports.clear());
    let _agent = server.run_agent();
    let report = server.report_of("cmd_1").await;
    assert_eq!(report["result"]["collected_at"], kept["state"]["report"]["result"]["collected_at"]);
}

#[tokio::test]
async fn parameters_do_not_outlive_the_command_and_nobody_else_reads_the_journal() {
    let server = Server::start().await;
    server.join();
    let _agent = server.run_agent();
    server.run("cmd_1", "server_resources", json!({"password": "hunter2"})).await;
    server.run("cmd_2", "server_resources", json!({})).await;
    let path = server.data().join("journal/cmd_1.json");
    assert!(!std::fs::read_to_string(&path).unwrap().contains("hunter2"));
    assert!(crate::left_behind::is_private(&path));
}
