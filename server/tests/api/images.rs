//! Docker Hub and registries over REST, against scripted ones.

use reqwest::StatusCode;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path, query_param},
};

use crate::{
    helpers::{TestApp, spawn_app, spawn_with},
    processes::{CONSOLE, folder, program},
};

async fn with_docker_hub() -> (TestApp, MockServer) {
    let hub = MockServer::start().await;
    let app = spawn_with(&[
        ("STACKER__CONNECTORS__DOCKERHUB_SERVICE__ENABLED", "true"),
        ("STACKER__CONNECTORS__DOCKERHUB_SERVICE__BASE_URL", &hub.uri()),
        ("STACKER__CONNECTORS__DOCKERHUB_SERVICE__RETRY_ATTEMPTS", "1"),
    ])
    .await;
    (app, hub)
}

/// A registry that has `nginx:1.27` and no other tag of it.
async fn registry() -> MockServer {
    let registry = MockServer::start().await;
    let manifest = json!({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
        {"mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 1,
            "digest": format!("sha256:{}", "a".repeat(64)), "platform": {"os": "linux", "architecture": "amd64"}}]});
    Mock::given(method("GET"))
        .and(path("/v2/library/nginx/manifests/1.27"))
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_raw(manifest.to_string(), "application/vnd.oci.image.index.v1+json"),
        )
        .mount(&registry)
        .await;
    Mock::given(method("GET"))
        .and(path("/v2/library/nginx/tags/list"))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(json!({"name": "library/nginx", "tags": ["1.27"]})),
        )
        .mount(&registry)
        .await;
    registry
}

fn asking(registry: &MockServer) -> [(&'static str, String); 3] {
    [
        ("STACKER__CONNECTORS__REGISTRY__ENABLED", "true".to_owned()),
        ("STACKER__CONNECTORS__REGISTRY__DOCKER_HUB_URL", registry.uri()),
        ("STACKER__CONNECTORS__REGISTRY__ALLOWED_NETWORKS", "127.0.0.0/8".to_owned()),
    ]
}

#[tokio::test]
async fn tags_of_docker_hub_are_listed_as_existing_clients_know_them() {
    let (app, hub) = with_docker_hub().await;
    let results = json!({"results": [{"name": "1.4", "digest": "sha256:d", "tag_status": "active",
        "tag_last_pushed": "2026-01-02T03:04:05Z", "media_type": "m", "full_size": 7}]});
    Mock::given(method("GET"))
        .and(path("/v2/namespaces/acme/repositories/shop/tags"))
        .and(query_param("name", "1."))
        .respond_with(ResponseTemplate::new(200).set_body_json(results))
        .mount(&hub)
        .await;
    let body = app.client("ada").await.get_json("/dockerhub/acme/repositories/shop/tags?q=1.").await;
    assert_eq!(body["message"], "OK");
    let tag = &body["list"][0];
    assert_eq!((&tag["name"], &tag["digest"]), (&json!("1.4"), &json!("sha256:d")));
    assert_eq!((&tag["tag_status"], &tag["content_type"]), (&json!("active"), &json!("m")));
    assert_eq!(tag["last_updated"], "2026-01-02T03:04:05Z");
}

#[tokio::test]
async fn failures_of_docker_hub_have_codes_and_none_of_its_text() {
    for (upstream, status, code) in [
        (401, 401, "registry-refused"),
        (404, 404, "not-found"),
        (429, 429, "registry-rate-limited"),
        (500, 503, "registry-unavailable"),
        (418, 502, "registry-answer-unusable"),
    ] {
        let (app, hub) = with_docker_hub().await;
        Mock::given(method("GET"))
            .respond_with(ResponseTemplate::new(upstream).set_body_string("what the hub says"))
            .mount(&hub)
            .await;
        let ada = app.client("ada").await;
        let answer = ada.get("/dockerhub/acme/repositories").send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status);
        let body = answer.text().await.unwrap();
        let read: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(read["code"], code);
        assert!(!body.contains("what the hub says"), "{body}");
    }
}

#[tokio::test]
async fn a_server_without_docker_hub_makes_nothing_up() {
    let app = spawn_app().await;
    let answer = app.client("ada").await.get("/dockerhub/namespaces").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], "registry-off");
}

#[tokio::test]
async fn the_images_of_a_project_are_checked_without_a_body() {
    let registry = registry().await;
    let settings = asking(&registry);
    let variables = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let app = spawn_with(&variables).await;
    let ada = app.client("ada").await;
    let compose = "services:\n  old:\n    image: nginx:1.27\n  web:\n    image: nginx:9.99\n";
    let project = ada.import("shop", compose).await;
    let answer = ada.post(&format!("/project/{project}/images/check")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let check = answer.json::<Value>().await.unwrap()["item"].clone();
    assert_eq!(
        (&check["services"][0]["state"], &check["services"][1]["state"]),
        (&json!("exists"), &json!("missing"))
    );
    assert_eq!(check["services"][0]["facts"]["platforms"], json!(["linux/amd64"]));
    let finding = &check["findings"][0];
    assert_eq!((&finding["code"], &finding["line"]), (&json!("image-not-found"), &json!(5)));
}

/// What a page gets for a question.
async fn asked_by_a_page(app: &TestApp, function: &str, fields: Value) -> (StatusCode, Value) {
    let browser = app.signed_in().await;
    let request = browser.post(app.url(&format!("/rpc/{function}"))).header("sec-fetch-site", "same-origin");
    let request = request.header("accept", "application/json");
    let sent = if function == "images/look-up" { request.json(&fields) } else { request.form(&fields) };
    let answer = sent.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

#[tokio::test]
async fn pages_learn_about_images_and_tags_while_a_person_edits() {
    let registry = registry().await;
    let settings = asking(&registry);
    let variables = settings.each_ref().map(|(name, value)| (*name, value.as_str()));
    let app = spawn_with(&variables).await;
    let images = json!({"images": ["nginx:9.99", "nginx:1.27"]});
    let (status, answers) = asked_by_a_page(&app, "images/look-up", images).await;
    assert_eq!((status, &answers[0]), (StatusCode::OK, &json!({"state": "missing"})));
    assert_eq!(answers[1]["facts"]["platforms"], json!(["linux/amd64"]));
    let tags = json!({"image": "nginx", "search": "1."});
    let (status, found) = asked_by_a_page(&app, "images/tags", tags).await;
    let expected = json!({"tags": [{"name": "1.27"}], "found": 1, "is_complete": true});
    assert_eq!((status, found), (StatusCode::OK, expected));
    let (status, refused) =
        asked_by_a_page(&app, "images/tags", json!({"image": "acme/none", "search": ""})).await;
    assert_eq!((status, refused), (StatusCode::NOT_FOUND, json!({"no-such": {"what": "image"}})));
}

#[tokio::test]
async fn pages_of_a_server_without_registries_are_told_so() {
    let app = spawn_with(&[("STACKER__CONNECTORS__REGISTRY__ENABLED", "false")]).await;
    let (status, answer) = asked_by_a_page(&app, "images/look-up", json!({"images": ["nginx:1.27"]})).await;
    assert_eq!((status, answer), (StatusCode::OK, Value::Null));
    let (status, refused) =
        asked_by_a_page(&app, "images/tags", json!({"image": "nginx", "search": ""})).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(refused["not-now"]["message"], "registries are switched off on this server");
}

#[tokio::test]
async fn credentials_for_a_registry_never_show_their_password() {
    let app = spawn_app().await;
    let ada = app.client("ada").await;
    let body = json!({"server": "ghcr.io", "username": "ada", "password": "ghp-0123456789abcd"});
    let made = ada.post("/registry").json(&body).send().await.unwrap();
    assert_eq!(made.status(), StatusCode::OK);
    let made: Value = made.json().await.unwrap();
    let id = made["item"]["id"].as_i64().unwrap();
    assert_eq!(made["item"]["password"], "****abcd");
    let listed = ada.get_json("/registry").await;
    assert!(!listed.to_string().contains("ghp-"), "{listed}");
    let again = ada.post("/registry").json(&body).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::CONFLICT);
    let changed = json!({"server": "ghcr.io", "username": "eva", "password": "****abcd"});
    let changed = ada.put(&format!("/registry/{id}")).json(&changed).send().await.unwrap();
    assert_eq!(changed.json::<Value>().await.unwrap()["item"]["username"], "eva");
    assert_eq!(ada.delete(&format!("/registry/{id}")).send().await.unwrap().status(), StatusCode::OK);
    assert_eq!(ada.get_json("/registry").await["list"], json!([]));
}

#[tokio::test]
async fn the_console_says_whether_an_image_is_active() {
    let registry = registry().await;
    for (image, expected) in [
        (json!({"dockerhub_name": "nginx:1.27"}), "image is active: true\n"),
        (json!({"dockerhub_name": "nginx:9.99"}), "image is active: false\n"),
        // Neither an official image of the same name nor a namespace counts.
        (json!({"dockerhub_user": "acme", "dockerhub_name": "nginx:1.27"}), "image is active: false\n"),
    ] {
        let folder = folder();
        let mut console = program(CONSOLE, folder.path());
        console.envs(asking(&registry)).args(["debug", "dockerhub", "--json", &image.to_string()]);
        let output = console.output().await.unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected, "{image}");
    }
}
