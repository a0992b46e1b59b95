//! Deployments that are interrupted: the agent is killed, or the command is cancelled.

use serde_json::json;

use crate::{stack::Stack, stand_in::command};

async fn at_step(stack: &Stack, command_id: &str, step: &str) {
    stack
        .server
        .until(step, |heard| {
            heard
                .progress
                .iter()
                .any(|line| line["command_id"] == *command_id && line["step"] == *step)
                .then_some(())
        })
        .await;
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn an_agent_killed_half_way_goes_on_at_its_next_start() {
    let mut stack = Stack::on_a_host().await;
    assert_eq!(stack.deploy(1, &stack.web("one")).await["result"]["outcome"], "deployed");
    for (round, step) in ["validate", "up", "wait"].into_iter().enumerate() {
        let said = format!("round {round}");
        let id = format!("cmd_{step}");
        let revision = i32::try_from(round).unwrap() + 2;
        let plan = stack.plan(&format!("cmd_plan_{round}"), &stack.web(&said)).await;
        let mut agreed = stack.deployment(revision, &stack.web(&said));
        agreed["plan_hash"] = plan["plan_hash"].clone();
        stack.server.enqueue(command(&id, "deploy_stack", agreed));
        at_step(&stack, &id, step).await;
        stack.agent.kill().await.unwrap();
        stack.agent = stack.server.run_agent();
        let report = stack.server.report_of(&id).await;
        assert_eq!(report["result"]["outcome"], "deployed", "killed at {step}: {report:#}");
        assert_eq!(stack.says(), said);
        assert_eq!(
            stack.server.heard(|heard| heard.reports.iter().filter(|one| one["command_id"] == *id).count()),
            1
        );
    }
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn an_agent_killed_during_a_return_completes_it() {
    let mut stack = Stack::on_a_host().await;
    assert_eq!(stack.deploy(1, &stack.web("good")).await["result"]["outcome"], "deployed");
    let mut bad = stack.deployment(2, &stack.service("web", "[sick]"));
    bad["health_timeout_secs"] = 4.into();
    stack.server.enqueue(command("cmd_bad", "deploy_stack", bad));
    at_step(&stack, "cmd_bad", "return").await;
    stack.agent.kill().await.unwrap();
    stack.agent = stack.server.run_agent();
    let report = stack.server.report_of("cmd_bad").await;
    assert_eq!(report["result"]["outcome"], "returned-to-last-good", "{report:#}");
    assert_eq!(stack.says(), "good");
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn a_cancelled_deployment_stops_and_the_last_good_revision_runs_again() {
    let stack = Stack::on_a_host().await;
    assert_eq!(stack.deploy(1, &stack.web("good")).await["result"]["outcome"], "deployed");
    stack.server.enqueue(command(
        "cmd_bad",
        "deploy_stack",
        stack.deployment(2, &stack.service("web", "[sick]")),
    ));
    at_step(&stack, "cmd_bad", "wait").await;
    let cancelled = stack.server.run("cmd_cancel", "cancel", json!({"command_id": "cmd_bad"})).await;
    assert_eq!(cancelled["result"]["cancelled"], true);
    let report = stack.server.report_of("cmd_bad").await;
    assert_eq!(report["result"]["outcome"], "cancelled", "{report:#}");
    assert_eq!(report["result"]["running_revision"], 1);
    assert_eq!(stack.says(), "good");

    // The answer to a progress call can cancel the command too.
    stack.server.change(|heard| heard.cancelled.push("cmd_worse".to_owned()));
    let report = stack
        .server
        .run("cmd_worse", "deploy_stack", stack.deployment(3, &stack.service("web", "[sick]")))
        .await;
    assert_eq!(report["result"]["outcome"], "cancelled", "{report:#}");
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn logs_are_answered_while_a_deployment_is_at_work_and_a_second_deployment_waits_its_turn() {
    let stack = Stack::on_a_host().await;
    assert_eq!(stack.deploy(1, &stack.web("one")).await["result"]["outcome"], "deployed");
    let mut slow = stack.deployment(2, &stack.service("web", "[sick]"));
    slow["health_timeout_secs"] = 10.into();
    stack.server.enqueue(command("cmd_slow", "deploy_stack", slow));
    at_step(&stack, "cmd_slow", "wait").await;
    stack.server.enqueue(command("cmd_next", "deploy_stack", stack.deployment(3, &stack.web("three"))));
    let logs = stack.server.run("cmd_logs", "logs", json!({"app_code": "web"})).await;
    assert_eq!(logs["status"], "completed", "{logs:#}");
    let order = |heard: &crate::stand_in::Heard| {
        heard
            .reports
            .iter()
            .filter_map(|report| report["command_id"].as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    stack.server.report_of("cmd_next").await;
    let order = stack.server.heard(order);
    let place = |id: &str| order.iter().position(|one| one == id);
    assert!(place("cmd_logs") < place("cmd_slow") && place("cmd_slow") < place("cmd_next"), "{order:?}");
    assert_eq!(stack.says(), "three");
}

/// Adds a mount of a folder of the host, which is forbidden unless the policy allows it.
fn reaching_out(text: &str) -> String {
    text.replace("volumes: [\"data:/data\"]", "volumes: [\"data:/data\", \"/etc:/host:ro\"]")
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn what_cannot_go_on_after_a_kill_goes_back_instead_of_being_refused() {
    let mut stack = Stack::on_a_host().await;
    assert_eq!(stack.deploy(1, &stack.web("good")).await["result"]["outcome"], "deployed");
    std::fs::write(&stack.server.policy, "bind_roots: [/etc]\n").unwrap();
    let bad = stack.deployment(2, &reaching_out(&stack.service("web", "[sick]")));
    stack.server.enqueue(command("cmd_bad", "deploy_stack", bad));
    at_step(&stack, "cmd_bad", "wait").await;
    stack.agent.kill().await.unwrap();
    std::fs::write(&stack.server.policy, "").unwrap();
    stack.agent = stack.server.run_agent();
    let report = stack.server.report_of("cmd_bad").await;
    assert_eq!(report["result"]["outcome"], "returned-to-last-good", "{report:#}");
    assert!(report["result"]["message"].as_str().unwrap().contains("bind_roots"), "{report:#}");
    assert_eq!(stack.says(), "good");
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn a_last_good_revision_that_the_policy_forbids_now_is_not_brought_back() {
    let stack = Stack::on_a_host().await;
    std::fs::write(&stack.server.policy, "bind_roots: [/etc]\n").unwrap();
    assert_eq!(stack.deploy(1, &reaching_out(&stack.web("good"))).await["result"]["outcome"], "deployed");
    std::fs::write(&stack.server.policy, "").unwrap();
    let mut bad = stack.deployment(2, &stack.service("web", "[sick]"));
    bad["health_timeout_secs"] = 4.into();
    let report = stack.server.run("cmd_bad", "deploy_stack", bad).await;
    assert_eq!(report["result"]["outcome"], "unhealthy", "{report:#}");
    assert_eq!(report["errors"][0]["code"], "policy");
    assert!(report["result"]["message"].as_str().unwrap().contains("bind_roots"), "{report:#}");
    assert_ne!(stack.says(), "good");
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn an_end_that_the_journal_does_not_have_is_reported_as_recorded() {
    let mut stack = Stack::on_a_host().await;
    assert_eq!(stack.deploy(1, &stack.web("one")).await["result"]["outcome"], "deployed");
    stack.agent.kill().await.unwrap();
    let container = stack.container("web");
    let mut begun = stack.deployment(1, &stack.web("one"));
    begun["plan_hash"] = "another".into();
    let entry = json!({"command": command("cmd_deploy_1", "deploy_stack", begun), "received_at": "2026-01-01T00:00:00Z",
        "attempts": 1, "state": {"state": "started", "at": "2026-01-01T00:00:00Z"}});
    std::fs::write(stack.server.data().join("journal/cmd_deploy_1.json"), entry.to_string()).unwrap();
    stack.server.change(|heard| heard.reports.clear());
    stack.agent = stack.server.run_agent();
    let report = stack.server.report_of("cmd_deploy_1").await;
    assert_eq!(report["result"]["outcome"], "deployed", "{report:#}");
    assert_eq!(report["result"]["running_revision"], 1);
    assert_eq!(stack.container("web"), container);
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn images_that_came_before_a_kill_do_not_make_the_plan_another_one() {
    let mut stack = Stack::on_a_host().await;
    assert_eq!(stack.deploy(1, &stack.web("one")).await["result"]["outcome"], "deployed");
    stack.agent.kill().await.unwrap();
    let begun = |command_id: &str| {
        let mut begun = stack.deployment(2, &stack.web("two"));
        begun["plan_hash"] = "of then".into();
        json!({"command": command(command_id, "deploy_stack", begun), "received_at": "2026-01-01T00:00:00Z",
            "attempts": 1, "state": {"state": "started", "at": "2026-01-01T00:00:00Z"}})
    };
    let revision = stack.server.data().join("stacks").join(&stack.name).join("revisions/2");
    std::fs::create_dir_all(&revision).unwrap();
    std::fs::write(revision.join("agreed"), "cmd_agreed").unwrap();
    for id in ["cmd_agreed", "cmd_not_agreed"] {
        let path = stack.server.data().join(format!("journal/{id}.json"));
        std::fs::write(path, begun(id).to_string()).unwrap();
    }
    stack.agent = stack.server.run_agent();
    let report = stack.server.report_of("cmd_agreed").await;
    assert_eq!(report["result"]["outcome"], "deployed", "{report:#}");
    let report = stack.server.report_of("cmd_not_agreed").await;
    assert_eq!(report["errors"][0]["code"], "plan-stale", "{report:#}");
}
