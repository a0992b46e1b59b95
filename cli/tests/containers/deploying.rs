//! Deployments that become healthy, and deployments that return to the last good revision.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::{stack::Stack, stand_in::HASH};

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn a_stack_is_deployed_step_by_step_and_changed_and_its_revisions_are_kept_byte_for_byte() {
    let stack = Stack::on_a_host().await;
    let first = stack.web("one");
    let report = stack.deploy(1, &first).await;
    assert_eq!(report["status"], "completed", "{report:#}");
    assert_eq!(report["result"]["outcome"], "deployed");
    assert_eq!(report["result"]["running_revision"], 1);
    assert_eq!(report["result"]["services"][0]["health"], "healthy");
    assert_eq!(stack.says(), "one");
    stack
        .server
        .until("the last step", |heard| {
            heard.progress.iter().any(|line| line["step"] == "done").then_some(())
        })
        .await;
    assert_eq!(stack.steps(), ["validate", "plan", "up", "wait", "done"]);
    let numbers: Vec<i64> =
        stack.server.heard(|heard| heard.progress.iter().filter_map(|line| line["seq"].as_i64()).collect());
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");

    let report = stack.deploy(2, &stack.web("two")).await;
    assert_eq!(report["result"]["outcome"], "deployed", "{report:#}");
    assert_eq!(stack.says(), "two");
    let kept = stack.server.data().join("stacks").join(&stack.name).join("revisions/1/compose.yml");
    assert_eq!(std::fs::read_to_string(kept).unwrap(), first);
    let state = stack.state("revision 2", |stack| stack["revision"] == 2).await;
    assert_eq!(state["drift"], json!([]));
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn a_revision_that_does_not_become_healthy_is_taken_back_although_the_server_has_vanished() {
    let stack = Stack::on_a_host().await;
    assert_eq!(stack.deploy(1, &stack.web("good")).await["result"]["outcome"], "deployed");
    let mut bad = stack.deployment(2, &stack.service("web", "[sick]"));
    bad["health_timeout_secs"] = 6.into();
    stack.server.enqueue(crate::stand_in::command("cmd_bad", "deploy_stack", bad));
    stack
        .server
        .until("the second revision on its way", |heard| {
            heard
                .progress
                .iter()
                .any(|line| line["command_id"] == "cmd_bad" && line["step"] == "up")
                .then_some(())
        })
        .await;
    stack.server.change(|heard| heard.is_gone = true);
    let record = stack.server.data().join("journal/cmd_bad.json");
    let finished = async {
        let mut ticks = tokio::time::interval(std::time::Duration::from_millis(50));
        loop {
            ticks.tick().await;
            if std::fs::read_to_string(&record).is_ok_and(|text| text.contains("\"finished\"")) {
                return;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(90), finished).await.unwrap();
    assert_eq!(stack.says(), "good");
    stack.server.change(|heard| heard.is_gone = false);
    let report = stack.server.report_of("cmd_bad").await;
    assert_eq!(report["status"], "failed");
    assert_eq!(report["result"]["outcome"], "returned-to-last-good", "{report:#}");
    assert_eq!(report["result"]["running_revision"], 1);
    assert!(report["result"]["message"].as_str().unwrap().contains("revision 1 is running again"));
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn what_crashes_is_noticed_before_the_time_is_up_and_without_an_earlier_revision_there_is_no_way_back()
{
    let stack = Stack::on_a_host().await;
    let text = "services:\n  worker:\n    image: stacker.test/app:1\n    command: [crash]\n";
    let report = stack.deploy(1, text).await;
    assert_eq!(report["result"]["outcome"], "unhealthy", "{report:#}");
    assert_eq!(report["result"]["running_revision"], json!(null));
    assert!(
        report["result"]["message"].as_str().unwrap().contains("worker ended with exit code 3"),
        "{report:#}"
    );
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn the_variables_of_a_command_fill_the_file_and_its_env_file_and_are_said_nowhere() {
    let stack = Stack::on_a_host().await;
    let text = stack.service("web", "[serve, \"$TEXT\"]");
    let mut parameters = stack.deployment(1, &text);
    parameters["variables"] = json!({"TEXT": "it's $5", "PORT": "8080"});
    let report = stack.server.run("cmd_variables", "deploy_stack", parameters).await;
    assert_eq!(report["result"]["outcome"], "deployed", "{report:#}");
    assert_eq!(stack.says(), "it's $5");
    let file = stack.server.data().join("stacks").join(&stack.name).join("project/.env");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(std::fs::read_to_string(&file).unwrap().ends_with("PORT=8080\nTEXT=\"it's \\$5\"\n"));

    // Another value of the same text is a change, which the plan shows without the value.
    let mut wanted = json!({"stack": stack.name, "revision": 2, "compose": text});
    wanted["variables"] = json!({"TEXT": "said-nowhere", "PORT": "8080"});
    let planned = stack.server.run("cmd_plan", "plan_stack", wanted).await;
    assert_eq!(planned["result"]["plan"]["services"][0]["action"], "recreate", "{planned:#}");
    // A value in a place where it is wrong is not repeated by the complaint.
    let mut wrong = stack.deployment(3, &text.replace("image: ", "image: \"bad image $TEXT\" #"));
    wrong["variables"] = json!({"TEXT": "said-nowhere", "PORT": "8080"});
    let refused = stack.server.run("cmd_wrong", "deploy_stack", wrong).await;
    assert_eq!(refused["status"], "failed", "{refused:#}");
    let said = format!("{planned} {refused} {}", stack.server.heard(|heard| format!("{:?}", heard.progress)));
    assert!(!said.contains("said-nowhere") && said.contains("[redacted]"), "{said}");
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn what_the_owner_of_the_host_wrote_into_the_env_file_gives_values_and_stays() {
    let stack = Stack::on_a_host().await;
    let project = stack.server.data().join("stacks").join(&stack.name).join("project");
    std::fs::create_dir_all(&project).unwrap();
    let written = "# mine\nTEXT='from the owner'\nPORT=8080\n";
    std::fs::write(project.join(".env"), written).unwrap();
    let text = stack
        .service("web", "[serve, \"${TEXT}${NOBODY}\"]")
        .replace("    volumes:", "    env_file: .env\n    volumes:");
    let plan = stack.plan("cmd_plan", &text).await;
    assert!(plan["plan"]["warnings"][0].as_str().unwrap().contains("`NOBODY`"), "{plan:#}");
    for revision in [1, 2] {
        assert_eq!(stack.deploy(revision, &text).await["result"]["outcome"], "deployed");
        assert_eq!(stack.says(), "from the owner");
        assert_eq!(std::fs::read_to_string(project.join(".env")).unwrap(), written);
    }
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn as_many_containers_run_as_the_file_wants_also_none() {
    let stack = Stack::on_a_host().await;
    let text = |count: u32| {
        format!(
            "services:\n  web:\n    image: stacker.test/app:1\n    deploy: {{replicas: {count}}}\n    healthcheck: {{test: [CMD, /app, check], interval: 1s}}\n  db:\n    image: stacker.test/app:1\n    healthcheck: {{test: [CMD, /app, check], interval: 1s}}\n"
        )
    };
    assert_eq!(stack.deploy(1, &text(2)).await["result"]["outcome"], "deployed");
    let state = stack.state("two containers", |stack| stack["drift"] == json!([])).await;
    assert_eq!(state["services"].as_array().unwrap().len(), 2);
    let report = stack.deploy(2, &text(0)).await;
    assert_eq!(report["result"]["outcome"], "deployed", "{report:#}");
    assert!(!stack.has_container("web") && stack.has_container("db"));
    let plan = stack.plan("cmd_plan", &text(1)).await;
    assert_eq!(plan["plan"]["services"][0]["action"], "create", "{plan:#}");
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn conditions_of_dependencies_are_waited_for() {
    let stack = Stack::on_a_host().await;
    let text = "services:\n  web:\n    image: stacker.test/app:1\n    depends_on:\n      db: {condition: service_healthy}\n      job: {condition: service_completed_successfully}\n    healthcheck: {test: [CMD, /app, check], interval: 1s}\n  db:\n    image: stacker.test/app:1\n    healthcheck: {test: [CMD, /app, check], interval: 1s}\n  job:\n    image: stacker.test/app:1\n    command: [job]\n";
    let report = stack.deploy(1, text).await;
    assert_eq!(report["result"]["outcome"], "deployed", "{report:#}");
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn volumes_survive_a_revision_without_them_and_the_removal_of_the_stack() {
    let stack = Stack::on_a_host().await;
    assert_eq!(
        stack.deploy(1, &stack.service("web", "[write, /data/file, kept]")).await["result"]["outcome"],
        "deployed"
    );
    assert_eq!(stack.says(), "kept\n");
    let without = format!(
        "services:\n  web:\n    image: stacker.test/app:1\n    ports: [\"127.0.0.1:{}:8080\"]\n    healthcheck: {{test: [CMD, /app, check], interval: 1s}}\n",
        stack.port
    );
    assert_eq!(stack.deploy(2, &without).await["result"]["outcome"], "deployed");
    let removed = stack.server.run("cmd_remove", "remove_stack", json!({"stack": stack.name})).await;
    assert_eq!(removed["status"], "completed", "{removed:#}");
    assert!(!stack.has_container("web"));
    assert_eq!(stack.volumes().trim(), format!("{}_data", stack.name));
    assert_eq!(
        stack.deploy(3, &stack.service("web", "[write, /data/file, again]")).await["result"]["outcome"],
        "deployed"
    );
    assert_eq!(stack.says(), "kept\nagain\n");
    let foreign = stack
        .server
        .run("cmd_remove_2", "remove_stack", json!({"stack": stack.name, "volumes": ["somebodys"]}))
        .await;
    assert_eq!(foreign["errors"][0]["code"], "foreign-volume");
    let volume = format!("{}_data", stack.name);
    let removed = stack
        .server
        .run("cmd_remove_3", "remove_stack", json!({"stack": stack.name, "volumes": [volume]}))
        .await;
    assert_eq!(removed["status"], "completed", "{removed:#}");
    assert_eq!(stack.volumes().trim(), "");
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn a_form_project_gets_its_network_and_its_folder_inside_the_stacks_own() {
    let stack = Stack::on_a_host().await;
    let network = format!("{}-default_network", stack.name);
    let text = format!(
        "services:\n  web:\n    image: stacker.test/app:1\n    command: [write, /data/file, x]\n    networks: [default_network]\n    healthcheck: {{test: [CMD, /app, check], interval: 1s}}\n    volumes:\n      - {{type: volume, source: shop-data, target: /data}}\n      - {{type: bind, source: /root/project/conf, target: /conf}}\nvolumes:\n  shop-data:\n    driver: local\n    driver_opts: {{type: none, o: bind, device: /root/project/shop-data}}\n    name: shop-data\nnetworks:\n  default_network:\n    external: true\n    name: {network}\n"
    );
    let report = stack.deploy(1, &text).await;
    assert_eq!(report["result"]["outcome"], "deployed", "{report:#}");
    let project = stack.server.data().join("stacks").join(&stack.name).join("project");
    assert_eq!(std::fs::read_to_string(project.join("shop-data/file")).unwrap(), "x\n");
    assert!(project.join("conf").is_dir());
}

#[tokio::test]
#[ignore = "needs the engine of scripts/with-test-podman.sh"]
async fn what_the_policy_forbids_is_refused_with_the_rule_and_nothing_is_changed() {
    let stack = Stack::on_a_host().await;
    let text = "services:\n  web:\n    image: stacker.test/app:1\n    privileged: true\n    volumes: [\"/etc:/host\"]\n";
    let report = stack.deploy(1, text).await;
    assert_eq!(report["result"]["outcome"], "refused");
    assert_eq!(report["errors"][0]["code"], "policy");
    let rules: Vec<&str> = report["result"]["plan"]["plan"]["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|refused| refused["rule"].as_str().unwrap())
        .collect();
    assert_eq!(rules, ["allow_privileged", "bind_roots"]);
    assert!(!stack.has_container("web"));
    // The administrator edits the policy; the agent need not be restarted.
    std::fs::write(&stack.server.policy, "bind_roots: [/etc]\n").unwrap();
    let text = "services:\n  web:\n    image: stacker.test/app:1\n    volumes: [\"/etc:/host:ro\"]\n    healthcheck: {test: [CMD, /app, check], interval: 1s}\n";
    assert_eq!(stack.deploy(2, text).await["result"]["outcome"], "deployed");
    assert_eq!(HASH, stack.state("the stack", |_| true).await["deployment_hash"]);
}
