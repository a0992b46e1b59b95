//! Tests of all commands except deployments, and of the state that the agent reports.

use serde_json::{Value, json};

use crate::stack::{Stack, engine};

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn an_app_is_looked_at_stopped_started_and_restarted() {
    let stack = Stack::on_a_host().await;
    assert_eq!(stack.deploy(1, &stack.web("one")).await["result"]["outcome"], "deployed");
    let app = || json!({"app_code": "web"});
    let health = stack.server.run("cmd_health", "health", app()).await["result"].clone();
    assert_eq!(
        (&health["status"], &health["container_state"]),
        (&json!("ok"), &json!("running")),
        "{health:#}"
    );
    assert!(health["metrics"].is_object());

    let logs = stack.server.run("cmd_logs", "logs", app()).await["result"].clone();
    let lines = logs["lines"].as_array().unwrap();
    let of = |stream: &str| lines.iter().find(|line| line["stream"] == stream).cloned().unwrap_or_default();
    assert_eq!(of("stdout")["message"], "listening on 8080", "{logs:#}");
    assert_eq!(
        (&of("stderr")["message"], &of("stderr")["redacted"]),
        (&json!("DB_PASSWORD=[redacted]"), &json!(true))
    );
    let on = json!({"app_code": "web", "cursor": logs["cursor"]});
    assert_eq!(stack.server.run("cmd_logs_2", "logs", on).await["result"]["lines"], json!([]));

    let stopped = stack.server.run("cmd_stop", "stop", json!({"app_code": "web", "timeout": 1})).await;
    assert_eq!(stopped["result"]["container_state"], "exited", "{stopped:#}");
    let state = stack.state("a stopped service", |stack| stack["services"][0]["state"] == "exited").await;
    assert_eq!(state["drift"], json!([]), "stopped by command is not adrift");
    assert_eq!(stack.server.run("cmd_start", "start", app()).await["result"]["status"], "ok");
    assert_eq!(
        stack.server.run("cmd_restart", "restart", json!({"app_code": "web", "force": true})).await["result"]
            ["status"],
        "ok"
    );

    let listed = stack.server.run("cmd_list", "list_containers", json!({})).await["result"].clone();
    assert_eq!(listed["apps"][0]["app_code"], "web", "{listed:#}");
    let missing = stack.server.run("cmd_missing", "restart", json!({"app_code": "nobody"})).await;
    assert_eq!((&missing["status"], &missing["result"]["status"]), (&json!("failed"), &json!("failed")));
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn exec_runs_only_where_the_policy_says_so() {
    let stack = Stack::on_a_host().await;
    assert_eq!(stack.deploy(1, &stack.web("one")).await["result"]["outcome"], "deployed");
    let parameters = json!({"app_code": "web", "command": ["/app", "check"]});
    let refused = stack.server.run("cmd_exec_1", "exec", parameters.clone()).await;
    assert_eq!(refused["errors"][0]["code"], "policy");
    std::fs::write(&stack.server.policy, "allow_exec: true\n").unwrap();
    let done = stack.server.run("cmd_exec_2", "exec", parameters).await;
    assert_eq!(done["result"]["exit_code"], 0, "{done:#}");
}

fn kinds(stack: &Value) -> Vec<String> {
    stack["drift"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|drift| drift["kind"].as_str().map(str::to_owned))
        .collect()
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn what_somebody_does_by_hand_is_seen_and_taken_back_by_the_next_deployment() {
    let stack = Stack::on_a_host().await;
    let text = stack.web("one");
    assert_eq!(stack.deploy(1, &text).await["result"]["outcome"], "deployed");
    stack.state("no drift", |stack| stack["drift"] == json!([])).await;
    engine(&["stop", "-t", "0", &stack.container("web")]);
    stack.state("a stopped container", |stack| kinds(stack) == ["stopped"]).await;
    engine(&["rm", "-f", "-t", "0", &stack.container("web")]);
    stack.state("a missing container", |stack| kinds(stack) == ["missing"]).await;
    assert_eq!(stack.deploy(2, &text).await["result"]["outcome"], "deployed");
    stack.state("no drift again", |stack| stack["revision"] == 2 && stack["drift"] == json!([])).await;
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn an_app_with_a_compose_file_of_its_own_is_deployed_and_removed() {
    let stack = Stack::on_a_host().await;
    let parameters = json!({"app_code": "web", "compose_content": stack.web("${TEXT}"), "env_vars": {"TEXT": "from env"},
        "config_files": [{"content": "x", "content_type": "text", "destination_path": "conf/app.conf"}]});
    let report = stack.server.run("cmd_app", "deploy_app", parameters).await;
    assert_eq!(report["result"]["status"], "deployed", "{report:#}");
    assert_eq!(stack.says(), "from env");
    let escaped = json!({"app_code": "web", "config_files": [{"content": "x", "content_type": "text", "destination_path": "../../credentials.json"}]});
    assert_eq!(stack.server.run("cmd_app_2", "deploy_app", escaped).await["errors"][0]["code"], "policy");
    let removed = stack.server.run("cmd_app_3", "remove_app", json!({"app_code": "web"})).await;
    assert_eq!(removed["result"]["status"], "removed", "{removed:#}");
}
