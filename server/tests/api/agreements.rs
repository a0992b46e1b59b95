//! Agreements as existing clients know them, on their page, and before a deployment.

use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::helpers::spawn_app;

async fn told(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/json");
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn an_agreement_is_published_accepted_and_changed() {
    let app = spawn_app().await;
    let (ada, eva, admin) = (app.client("ada").await, app.client("eva").await, app.admin("root").await);
    let text = "😀".repeat(5000);
    let (status, made) =
        told(admin.post("/admin/agreement").json(&json!({"name": "Terms", "text": text}))).await;
    assert_eq!((status, &made["message"], &made["item"]["text"]), (200, &json!("success"), &json!(text)));
    let id = made["item"]["id"].clone();
    let accepted = format!("/agreement/accepted/{id}");

    assert_eq!(told(ada.get(&accepted)).await.0, 404);
    let (status, signed) = told(ada.post("/agreement").json(&json!({"agrt_id": id}))).await;
    assert_eq!(
        (status, &signed["message"], &signed["item"]["user_id"]),
        (200, &json!("success"), &json!("ada"))
    );
    let (status, again) = told(ada.post("/agreement").json(&json!({"agrt_id": id}))).await;
    assert_eq!(
        (status, &again["message"], &again["code"]),
        (400, &json!("already signed"), &json!("already-signed"))
    );
    assert_eq!(ada.get_json(&accepted).await["item"], signed["item"]);
    assert_eq!(told(eva.get(&accepted)).await.0, 404, "what Ada accepted is accepted by nobody else");
    let (status, unknown) = told(ada.post("/agreement").json(&json!({"agrt_id": 99}))).await;
    assert_eq!((status, &unknown["message"]), (404, &json!("not found")));

    let change = json!({"name": "Terms", "text": "Shorter."});
    let (status, changed) = told(admin.put(&format!("/admin/agreement/{id}")).json(&change)).await;
    assert_eq!(
        (status, &changed["item"]["name"], &changed["item"]["version"]),
        (200, &json!("Terms"), &json!(2))
    );
    assert_eq!(ada.get_json(&format!("/agreement/{id}")).await["item"]["text"], "Shorter.");
    assert_eq!(told(ada.get(&accepted)).await.0, 404, "the changed text has to be accepted again");
    let old = json!({"agrt_id": id, "version": 1});
    let (status, refused) = told(ada.post("/agreement").json(&old)).await;
    assert_eq!((status, &refused["code"]), (409, &json!("agreement-changed")));
    let proof = admin.get_json(&format!("/admin/agreement/{id}/acceptances")).await;
    assert_eq!(proof["list"], json!([signed["item"]]));
    let texts = admin.get_json(&format!("/admin/agreement/{id}/versions?limit=1")).await;
    assert_eq!((&texts["list"][0]["text"], &texts["meta"]["next"]), (&json!("Shorter."), &json!(2)));
    let (status, wrong) =
        told(admin.post("/admin/agreement").json(&json!({"name": "", "text": "x".repeat(5001)}))).await;
    assert_eq!((status, wrong["errors"].as_array().unwrap().len()), (400, 2));
}

#[tokio::test]
async fn a_deployment_asks_for_what_is_required() {
    let app = spawn_app().await;
    let (ada, admin) = (app.client("ada").await, app.admin("root").await);
    let project = ada.import("shop", "services:\n  web:\n    image: nginx:1.27\n").await;
    let terms = json!({"name": "Terms", "text": "Be kind.", "required": true});
    let (_, made) = told(admin.post("/admin/agreement").json(&terms)).await;
    let id = made["item"]["id"].clone();
    let body = json!({"stack": {}, "server": {}, "cloud": {"provider": "own"}});
    for path in [format!("/project/{project}/deploy"), format!("/project/{project}/deploy/1")] {
        let (status, refused) = told(ada.post(&path).json(&body)).await;
        assert_eq!(
            (status, &refused["code"], &refused["id"]),
            (403, &json!("agreement-required"), &id),
            "{path}"
        );
    }
    told(ada.post("/agreement").json(&json!({"agrt_id": id}))).await;
    let (status, deployed) = told(ada.post(&format!("/project/{project}/deploy")).json(&body)).await;
    assert_eq!(status, 200, "{deployed}");
}

#[tokio::test]
async fn a_person_reads_and_accepts_on_the_page() {
    let app = spawn_app().await;
    let (browser, admin) = (app.signed_in().await, app.admin("root").await);
    let page = async || {
        let page = browser.get(app.url("/agreements")).header("accept", "text/html");
        page.send().await.unwrap().text().await.unwrap()
    };
    assert!(page().await.contains("There is nothing to accept"));
    let terms = json!({"name": "<b>Terms</b>", "text": "<script>x</script>", "required": true});
    let (_, made) = told(admin.post("/admin/agreement").json(&terms)).await;
    let id = made["item"]["id"].clone();
    let html = page().await;
    assert!(html.contains("&lt;b&gt;Terms&lt;/b&gt;") && html.contains("&lt;script&gt;x&lt;/script&gt;"));
    assert!(!html.contains("<b>Terms"));
    let accept = async |version: &'static str| {
        let form = browser.post(app.url(&format!("/agreements/{id}/accept"))).form(&[("version", version)]);
        let answer = form.header("sec-fetch-site", "same-origin").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        answer.headers()["location"].to_str().unwrap().to_owned()
    };
    assert_eq!(accept("2").await, "/agreements?notice=agreement-changed");
    assert_eq!(accept("1").await, "/agreements?notice=agreement-accepted");
    assert!(page().await.contains("accepted"));
    assert_eq!(
        admin.get_json(&format!("/admin/agreement/{id}/acceptances")).await["list"][0]["user_id"],
        "local"
    );
}
