//! The event stream of a project: open builders hear of newer versions.

use serde_json::json;
use stacker::local_operator::local_operator;

use crate::{deployments::read_until, helpers::spawn_app};

#[tokio::test]
async fn an_open_page_hears_of_every_newer_version_and_goes_on_where_it_was() {
    let app = spawn_app().await;
    let own = app.client(&local_operator().user_id).await;
    let project = own.import("p", "services: {}\n").await;
    let url = app.url(&format!("/projects/{project}/events"));
    let page = app.signed_in().await;

    let stream = page.get(format!("{url}?after=1")).send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let text = json!({"compose": "services:\n  web:\n    image: nginx:1.27\n", "version": 1});
    let saved = own.put(&format!("/project/{project}/compose")).json(&text).send().await.unwrap();
    assert_eq!(saved.status(), 200);
    let read = read_until(stream, "\n\n").await;
    assert!(
        read.contains("event: project") && read.contains("id: 2") && read.contains("{\"version\":2}"),
        "{read}"
    );

    // Who was away hears of the current version at once.
    let late = page.get(&url).header("last-event-id", "1").send().await.unwrap();
    assert!(read_until(late, "\n\n").await.contains("id: 2"));

    let stranger = app.client("ada").await.get(&format!("/projects/{project}/events")).send().await.unwrap();
    assert_eq!(stranger.status(), 401, "a bearer token is no session");
}
