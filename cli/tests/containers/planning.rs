//! Plans predict what a deployment does.

use serde_json::{Value, json};

use crate::stack::{Stack, engine};

fn actions(plan: &Value) -> Vec<(String, String)> {
    let services = plan["plan"]["services"].as_array().unwrap();
    services
        .iter()
        .map(|one| (one["service"].as_str().unwrap().to_owned(), one["action"].as_str().unwrap().to_owned()))
        .collect()
}

fn of(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(service, action)| ((*service).to_owned(), (*action).to_owned())).collect()
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn create_unchanged_recreate_and_remove_are_planned_and_carried_out() {
    let stack = Stack::on_a_host().await;
    let text = |web: &str, others: &str| {
        let check = "healthcheck: {test: [CMD, /app, check], interval: 1s}";
        format!(
            "services:\n  web:\n    image: stacker.test/app:1\n    command: [serve, {web}]\n    {check}\n  db:\n    image: stacker.test/app:1\n    {check}\n{others}"
        )
    };
    let extra =
        "  old:\n    image: stacker.test/app:1\n    healthcheck: {test: [CMD, /app, check], interval: 1s}\n";
    let plan = stack.plan("cmd_plan_1", &text("one", extra)).await;
    assert_eq!(actions(&plan), of(&[("web", "create"), ("db", "create"), ("old", "create")]), "{plan:#}");
    assert_eq!(stack.deploy(1, &text("one", extra)).await["result"]["outcome"], "deployed");
    let (web, db) = (stack.container("web"), stack.container("db"));

    let plan = stack.plan("cmd_plan_2", &text("one", extra)).await;
    assert_eq!(actions(&plan), of(&[("web", "unchanged"), ("db", "unchanged"), ("old", "unchanged")]));

    let plan = stack.plan("cmd_plan_3", &text("two", "")).await;
    assert_eq!(actions(&plan), of(&[("web", "recreate"), ("db", "unchanged"), ("old", "remove")]));
    assert_eq!(plan["plan"]["services"][0]["reasons"], json!(["command changes"]));
    let mut agreed = stack.deployment(2, &text("two", ""));
    agreed["plan_hash"] = plan["plan_hash"].clone();
    let report = stack.server.run("cmd_agreed", "deploy_stack", agreed).await;
    assert_eq!(report["result"]["outcome"], "deployed", "{report:#}");
    assert_eq!(stack.container("db"), db);
    assert_ne!(stack.container("web"), web);
    assert!(!stack.has_container("old"));
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn a_host_that_has_changed_refuses_the_old_plan_and_shows_the_new_one() {
    let stack = Stack::on_a_host().await;
    assert_eq!(stack.deploy(1, &stack.web("one")).await["result"]["outcome"], "deployed");
    let plan = stack.plan("cmd_plan", &stack.web("two")).await;
    engine(&["rm", "-f", "-t", "0", &stack.container("web")]);
    let mut agreed = stack.deployment(2, &stack.web("two"));
    agreed["plan_hash"] = plan["plan_hash"].clone();
    let report = stack.server.run("cmd_agreed", "deploy_stack", agreed).await;
    assert_eq!(report["errors"][0]["code"], "plan-stale", "{report:#}");
    assert_eq!(report["result"]["outcome"], "refused");
    assert_eq!(actions(&report["result"]["plan"]), of(&[("web", "create")]));
    assert_ne!(report["result"]["plan"]["plan_hash"], plan["plan_hash"]);
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn a_port_that_another_program_has_is_named_and_stands_in_the_way() {
    let stack = Stack::on_a_host().await;
    let _other = std::net::TcpListener::bind(("127.0.0.1", stack.port)).unwrap();
    let plan = stack.plan("cmd_plan", &stack.web("one")).await;
    assert_eq!(plan["plan"]["ports"][0]["taken_by"], "another program");
    let report = stack.deploy(1, &stack.web("one")).await;
    assert_eq!(report["errors"][0]["code"], "port-taken", "{report:#}");
    assert!(!stack.has_container("web"));
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn an_image_that_cannot_be_fetched_changes_nothing() {
    let stack = Stack::on_a_host().await;
    assert_eq!(stack.deploy(1, &stack.web("one")).await["result"]["outcome"], "deployed");
    let missing = stack.web("one").replace("stacker.test/app:1", "stacker.test/missing:9");
    let plan = stack.plan("cmd_plan", &missing).await;
    assert_eq!(plan["plan"]["pulls"], json!(["stacker.test/missing:9"]));
    let report = stack.deploy(2, &missing).await;
    assert_eq!(report["errors"][0]["code"], "pull-failed", "{report:#}");
    assert_eq!(report["result"]["running_revision"], 1);
    assert_eq!(stack.says(), "one");
}
