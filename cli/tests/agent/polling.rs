//! Polling, reporting and token rotation, also with servers that fail and come back.

use serde_json::json;

use crate::stand_in::{HASH, Server, TOKEN, command};

#[tokio::test]
async fn a_command_is_run_and_reported_and_every_call_is_signed() {
    let server = Server::start().await;
    server.join();
    let _agent = server.run_agent();
    let report = server.run("cmd_1", "server_resources", json!({})).await;
    assert_eq!(report["status"], "completed");
    assert_eq!(report["deployment_hash"], HASH);
    assert!(report["result"]["memory_total_bytes"].as_u64().unwrap() > 0);
    server.until("the state of the host", |heard| heard.states.first().cloned()).await;
    assert_eq!(server.heard(|heard| heard.unsigned.clone()), [""; 0]);
}

#[tokio::test]
async fn what_cannot_be_done_is_reported_in_the_shape_that_clients_know() {
    let server = Server::start().await;
    server.join();
    let _agent = server.run_agent();
    let health = server.run("cmd_1", "health", json!({"app_code": "web"})).await;
    assert_eq!(health["status"], "failed");
    assert_eq!(health["result"]["type"], "health");
    assert_eq!(health["result"]["status"], "unknown");
    let unknown = server.run("cmd_2", "make_coffee", json!({})).await;
    assert_eq!(unknown["errors"][0]["code"], "unknown-command");
    let exec = server.run("cmd_3", "exec", json!({"app_code": "web", "command": "id"})).await;
    assert_eq!(exec["errors"][0]["code"], "policy");
    let without = server.run("cmd_4", "deploy_stack", json!({})).await;
    assert_eq!(without["errors"][0]["code"], "invalid-parameters");
}

#[tokio::test]
async fn a_policy_that_cannot_be_understood_stops_changes_and_nothing_else() {
    let server = Server::start().await;
    server.join();
    std::fs::write(&server.policy, "allow_privilegd: true\n").unwrap();
    let _agent = server.run_agent();
    let parameters =
        json!({"stack": "shop-1", "revision": 1, "compose": "services:\n  web:\n    image: a:1\n"});
    let report = server.run("cmd_1", "deploy_stack", parameters).await;
    assert_eq!(report["errors"][0]["code"], "policy-unusable");
    assert_eq!(report["result"]["outcome"], "refused");
    assert_eq!(server.run("cmd_2", "server_resources", json!({})).await["status"], "completed");
}

#[tokio::test]
async fn a_report_is_repeated_until_the_server_has_it() {
    let server = Server::start().await;
    server.join();
    server.change(|heard| heard.refuse_reports.extend([503, 429]));
    let _agent = server.run_agent();
    let report = server.run("cmd_1", "server_resources", json!({})).await;
    assert_eq!(report["status"], "completed");
}

#[tokio::test]
async fn a_report_that_will_never_be_taken_is_not_repeated() {
    let server = Server::start().await;
    server.join();
    server.change(|heard| heard.refuse_reports.push_back(404));
    let _agent = server.run_agent();
    server.enqueue(command("cmd_1", "server_resources", json!({})));
    // First, because commands run side by side: otherwise the report of the second may be the one that is refused.
    server
        .until("the refusal of the first report", |heard| heard.refuse_reports.is_empty().then_some(()))
        .await;
    // The second report shows that the first is not repeated any more.
    server.run("cmd_2", "server_resources", json!({})).await;
    assert!(server.heard(|heard| heard.reports.iter().all(|report| report["command_id"] != "cmd_1")));
}

#[tokio::test]
async fn an_agent_outlives_its_server() {
    let server = Server::start().await;
    server.join();
    server.change(|heard| heard.is_gone = true);
    let _agent = server.run_agent();
    server.enqueue(command("cmd_1", "server_resources", json!({})));
    server.change(|heard| heard.is_gone = false);
    assert_eq!(server.report_of("cmd_1").await["status"], "completed");
}

#[tokio::test]
async fn a_new_token_is_on_disk_before_it_is_used_and_the_old_one_is_dropped_when_it_works() {
    let server = Server::start().await;
    server.join();
    let _agent = server.run_agent();
    server.change(|heard| {
        heard.tokens.push("second-token".to_owned());
        heard.next_token = Some("second-token".to_owned());
    });
    server
        .until("the second token", |heard| {
            heard.used_tokens.iter().any(|token| token == "second-token").then_some(())
        })
        .await;
    server.run("cmd_1", "server_resources", json!({})).await;
    let kept = std::fs::read_to_string(server.data().join("credentials.json")).unwrap();
    assert!(kept.contains("second-token") && !kept.contains(TOKEN), "{kept}");
}

#[tokio::test]
async fn a_new_token_that_the_server_does_not_know_after_all_does_no_harm() {
    let server = Server::start().await;
    server.join();
    let _agent = server.run_agent();
    server.change(|heard| heard.next_token = Some("never-stored".to_owned()));
    server
        .until("the new token", |heard| {
            heard.used_tokens.iter().any(|token| token == "never-stored").then_some(())
        })
        .await;
    assert_eq!(server.run("cmd_1", "server_resources", json!({})).await["status"], "completed");
    assert!(std::fs::read_to_string(server.data().join("credentials.json")).unwrap().contains(TOKEN));
}

#[tokio::test]
async fn an_agent_stops_when_it_is_told_to_and_only_one_runs_in_a_folder() {
    let server = Server::start().await;
    server.join();
    let mut agent = server.run_agent();
    server.until("a poll", |heard| (heard.polls > 0).then_some(())).await;
    let second = server.run_agent().wait_with_output().await.unwrap();
    assert!(!second.status.success());
    let id = rustix::process::Pid::from_raw(i32::try_from(agent.id().unwrap()).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    let ended =
        tokio::time::timeout(std::time::Duration::from_secs(15), agent.wait()).await.unwrap().unwrap();
    assert!(ended.success());
}
