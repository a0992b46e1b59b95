//! `GET /api/auth` tells every kind of caller who they are and what they are allowed to do.

use domain::{
    access::{Caller, Role, Scope},
    api::CreateAccessToken,
};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use stacker::services::NewRule;

use crate::{
    access::Program,
    helpers::{TestApp, caller, spawn_app},
};

async fn told(request: RequestBuilder) -> Value {
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json::<Value>().await.unwrap()["item"].clone()
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

fn ask(app: &TestApp) -> RequestBuilder {
    app.anonymous().get(app.url("/api/auth"))
}

/// Everything that the caller is allowed to do, as `resource: action, action`.
fn may(who: &Value) -> Vec<String> {
    let words = |actions: &Value| {
        let actions = actions.as_array().unwrap().iter().map(|action| action.as_str().unwrap());
        actions.collect::<Vec<_>>().join(", ")
    };
    let allowed = who["may"].as_array().unwrap().iter();
    allowed.map(|may| format!("{}: {}", may["resource"].as_str().unwrap(), words(&may["actions"]))).collect()
}

const ALL: &str = "read, create, update, delete";

#[tokio::test]
async fn strangers_are_told_that_they_are_and_may_nothing() {
    let app = spawn_app().await;
    let nobody = told(ask(&app)).await;
    assert_eq!((&nobody["role"], &nobody["may"]), (&json!("anonym"), &json!([])));
    assert_eq!((&nobody["user_id"], &nobody["subjects"]), (&json!(null), &json!(["anonym"])));
}

#[tokio::test]
async fn a_bearer_of_ours_is_told_what_its_role_and_its_scope_leave() {
    let app = spawn_app().await;
    let of = async |role: Role, scope: Scope| {
        let owner = Caller { role, ..caller("alice") };
        let new = CreateAccessToken { scope, ..CreateAccessToken::named("t") };
        let bearer = app.services.tokens().create(&owner, new).await.unwrap().token.unwrap();
        told(ask(&app).bearer_auth(bearer)).await
    };
    let user = of(Role::GroupUser, Scope::Admin).await;
    assert_eq!(
        (&user["user_id"], &user["role"], &user["scope"]),
        (&json!("alice"), &json!("group_user"), &json!("admin"))
    );
    assert_eq!(user["subjects"], json!(["group_user", "anonym"]));
    let all = |what: &str| format!("{what}: {ALL}");
    let read = |what: &str| format!("{what}: read");
    assert_eq!(
        may(&user),
        [
            all("project"),
            all("project_values"),
            all("deployment"),
            all("host"),
            all("cloud"),
            all("server"),
            all("registry"),
            all("callback"),
            all("access"),
            read("audit"),
            all("check"),
            all("rating"),
            "agreement: read, create".to_owned()
        ]
    );
    let reader = of(Role::GroupUser, Scope::Read).await;
    assert_eq!(
        may(&reader),
        [
            read("project"),
            read("deployment"),
            read("host"),
            read("access"),
            read("audit"),
            all("check"),
            read("rating"),
            read("agreement")
        ]
    );
    let deployer = may(&of(Role::GroupUser, Scope::Deploy).await);
    assert!(
        deployer.contains(&format!("deployment: {ALL}")) && deployer.contains(&read("host")),
        "{deployer:?}"
    );
    let admin = may(&of(Role::GroupAdmin, Scope::Admin).await);
    for more in
        ["any_project: read", "any_access: update", "any_audit: read", "operations: read", "rules: read"]
    {
        assert!(admin.contains(&more.to_owned()), "{more} in {admin:?}");
    }
    assert!(!may(&of(Role::GroupAdmin, Scope::Read).await).contains(&"rules: read".to_owned()));
}

#[tokio::test]
async fn a_bearer_of_a_provider_and_its_cookie_are_told_whose_they_are() {
    let app = spawn_app().await;
    let provider = app.provider_knowing("token", "u1", "group_user").await;
    let bearer = told(ask(&provider).bearer_auth("token")).await;
    let cookie = told(ask(&provider).header("cookie", "access_token=token")).await;
    assert_eq!(bearer, cookie);
    assert_eq!(
        (&bearer["user_id"], &bearer["name"], &bearer["email"]),
        (&json!("u1"), &json!("Some One"), &json!("someone@example.org"))
    );
    assert_eq!(may(&bearer).len(), 13);
    // A caller with an unknown role learns that role, and is allowed to do nothing.
    let wizard = app.provider_knowing("token", "u2", "wizard").await;
    let wizard = told(ask(&wizard).bearer_auth("token")).await;
    assert_eq!((&wizard["role"], &wizard["may"]), (&json!("wizard"), &json!([])));
    assert_eq!(wizard["subjects"], json!(["wizard", "anonym"]));
}

#[tokio::test]
async fn a_program_that_signs_is_told_which_client_it_is() {
    let app = spawn_app().await;
    let program = Program::of(&app, "alice", json!({"scope": "read"})).await;
    let who = told(program.signed(&app, Method::GET, "/api/auth", "")).await;
    assert_eq!(
        (&who["role"], &who["scope"], &who["user_id"]),
        (&json!("client"), &json!("read"), &json!("alice"))
    );
    assert_eq!(who["client_id"], program.id);
    assert_eq!(who["subjects"], json!(["client", program.id.to_string(), "anonym"]));
}

#[tokio::test]
async fn an_agent_is_told_which_one_it_is_and_where_it_waits() {
    let app = spawn_app().await;
    let agent = app.agent_of("alice").await;
    let who = told(agent.get("/api/auth")).await;
    assert_eq!((&who["role"], &who["user_id"], &who["may"]), (&json!("agent"), &json!(null), &json!([])));
    assert_eq!((&who["agent_id"], &who["channel"]), (&json!(agent.id), &json!(agent.hash)));
    assert_eq!(who["subjects"], json!(["agent", "anonym"]));
    let guessed = ask(&app).header("x-agent-id", &agent.id).bearer_auth("guessed");
    assert_eq!(status(guessed).await, 401);
}

#[tokio::test]
async fn credentials_that_do_not_hold_are_told_so_and_a_rule_can_close_it_for_strangers() {
    let app = spawn_app().await;
    for (name, value) in [
        ("authorization", "Bearer stk_unknown"),
        ("authorization", "Basic YTpi"),
        ("cookie", "access_token=stk_unknown"),
        ("stacker-id", "1"),
        ("x-agent-id", "0195f0a0-0000-7000-8000-000000000000"),
    ] {
        assert_eq!(status(ask(&app).header(name, value)).await, 401, "{name}: {value}");
    }
    let away = app.provider_away().await;
    assert_eq!(status(ask(&away).bearer_auth("of-a-provider")).await, 503);
    let open = NewRule::Allow {
        subject: "group_anonymous".to_owned(),
        pattern: "/api/auth".to_owned(),
        method: "GET".to_owned(),
    };
    app.services.rules().remove(&open).await.unwrap();
    app.services.load_rest_rules().await.unwrap();
    assert_eq!(status(ask(&app)).await, 401);
}
