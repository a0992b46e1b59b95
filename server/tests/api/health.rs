use serde_json::Value;

use crate::helpers::spawn_app;

#[tokio::test]
async fn anybody_learns_whether_the_server_works_and_no_more() {
    let app = spawn_app().await;

    let answer = app.anonymous().get(app.url("/health_check")).send().await.unwrap();

    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["status"], "healthy");
    assert_eq!(body["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(body.as_object().unwrap().len(), 2, "{body}");
}

#[tokio::test]
async fn operators_learn_the_details() {
    let app = spawn_app().await;
    let operator = app.admin("root").await;

    let health = operator.get_json("/health_check").await;
    assert_eq!(health["components"]["database"]["status"], "healthy", "{health}");
    let metrics = operator.get_json("/health_check/metrics").await;
    assert!(metrics["database"]["total_checks"].as_u64().unwrap() >= 1, "{metrics}");
}
