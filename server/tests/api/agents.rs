//! Agents and their commands, over the protocol that deployed agents use.

mod delivery;
mod hostile;

use serde_json::{Value, json};

use crate::helpers::{spawn_app, spawn_without_rate_limits};

async fn enqueue(client: &crate::helpers::ApiClient, hash: &str, name: &str) -> String {
    let body = json!({"deployment_hash": hash, "command_type": name, "parameters": {"app_code": "web", "command": "true"}});
    let answer = client.post("/api/v1/commands").json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["message"], "Command created successfully");
    assert_eq!(body["item"]["status"], "queued");
    body["item"]["command_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_command_goes_its_way_in_the_shapes_that_agents_and_clients_know() {
    let app = spawn_app().await;
    let (client, agent) = (app.client("alice").await, app.agent_of("alice").await);
    app.listens().await;
    let polling = agent.polling();
    app.somebody_waits(1).await;

    let id = enqueue(&client, &agent.hash, "restart").await;

    let answer = polling.await.unwrap();
    assert_eq!(answer["message"], "Command available");
    let item = &answer["item"];
    assert_eq!(
        (&item["command_id"], &item["type"], &item["status"], &item["deployment_hash"]),
        (&json!(id), &json!("restart"), &json!("sent"), &json!(agent.hash))
    );
    assert_eq!(item["parameters"], json!({"app_code": "web", "force": false}));
    assert_eq!(item["timeout_seconds"], 300);

    let reported: Value = agent.report(&id, "success").await.json().await.unwrap();
    assert_eq!(reported["message"], "Result accepted");
    assert_eq!(
        reported["item"],
        json!({"accepted": true, "message": "Command result accepted, status: completed"})
    );

    let path = format!("/api/v1/commands/{}/{id}", agent.hash);
    let command = client.get_json(&path).await;
    assert_eq!(command["message"], "Command fetched successfully");
    assert_eq!(command["item"]["status"], "completed");
    let row = command["item"]["id"].as_str().unwrap();
    let by_row = client.get_json(&format!("/api/v1/commands/{}/{row}", agent.hash)).await;
    assert_eq!(by_row["item"], command["item"]);
    let refused = client.post(&format!("{path}/cancel")).send().await.unwrap();
    assert_eq!(refused.status(), 400);
    assert_eq!(
        refused.json::<Value>().await.unwrap()["message"],
        "Cannot cancel command with status 'completed'"
    );
    let list = client.get_json(&format!("/api/v1/commands/{}", agent.hash)).await;
    assert_eq!(list["list"].as_array().unwrap().len(), 1);
    let changed =
        client.get_json(&format!("/api/v1/commands/{}?since=2099-01-01T00:00:00+00:00", agent.hash)).await;
    assert_eq!(changed["list"], json!([]));
}

#[tokio::test]
async fn registration_answers_as_installers_know_it() {
    let app = spawn_app().await;
    let hash = app.deployment_of("alice").await;

    let first = app.register(&json!({"deployment_hash": hash})).await;
    assert_eq!(first.status(), 201);
    let first: Value = first.json().await.unwrap();
    let item = &first["data"]["item"];
    assert_eq!(item["agent_token"].as_str().unwrap().len(), 86);
    assert_eq!(item["supported_api_versions"], json!(["1.0"]));
    assert_eq!(item["dashboard_version"], "2.0.0");
    assert_eq!(item["channel"], hash.as_str());

    let second = app.register(&json!({"deployment_hash": hash})).await;
    assert_eq!(second.status(), 409);
    let again = app
        .anonymous()
        .post(app.url("/api/v1/agent/register"))
        .bearer_auth(item["agent_token"].as_str().unwrap())
        .json(&json!({"deployment_hash": hash}));
    let again = again.send().await.unwrap();
    assert_eq!(again.status(), 200);
    let again: Value = again.json().await.unwrap();
    assert_eq!(again["data"]["item"]["agent_id"], item["agent_id"]);
    assert_eq!(again["data"]["item"].get("agent_token"), None);

    for (body, status) in [
        (json!({}), 400),
        (json!({"deployment_hash": "unknown"}), 404),
        (json!({"deployment_hash": "nul\u{0}"}), 400),
        (json!({"deployment_hash": "", "enrolment_code": "guess"}), 401),
    ] {
        assert_eq!(app.register(&body).await.status(), status, "{body}");
    }
}

#[tokio::test]
async fn registering_is_limited_by_deployment() {
    let app = spawn_app().await;
    let mut statuses = Vec::new();
    for _ in 0..12 {
        statuses.push(app.register(&json!({"deployment_hash": "guess"})).await.status().as_u16());
    }
    assert!(statuses.contains(&404) && statuses.ends_with(&[429]), "{statuses:?}");
}

#[tokio::test]
async fn what_agents_of_others_say_besides_is_taken() {
    let app = spawn_without_rate_limits().await;
    let agent = app.agent_of("alice").await;

    let status = |word: &str, hash: &str| json!({"deployment_hash": hash, "app_code": "web", "status": word, "logs": ["a"]});
    for (body, expected) in [
        (status("running", &agent.hash), 200),
        (status("stopped", &agent.hash), 200),
        (status("confused", &agent.hash), 400),
        (status("running", "other"), 403),
    ] {
        let answer = agent.post("/api/v1/apps/status").json(&body).send().await.unwrap();
        assert_eq!(answer.status(), expected, "{body}");
    }
    let notifications = agent.get("/api/v1/agent/notifications?deployment_hash=x").send().await.unwrap();
    assert_eq!(notifications.status(), 204);
    let state = agent.post("/api/v1/agent/state").json(&json!({"at": "2026-01-01T00:00:00Z", "stacks": []}));
    assert_eq!(state.send().await.unwrap().status(), 403, "only hosts have a state");
}
