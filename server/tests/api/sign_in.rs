use chrono::TimeDelta;
use reqwest::{RequestBuilder, StatusCode};
use stacker::services::{LINK_CODE_LIFETIME, SESSION_LIFETIME};

use crate::helpers::{TestApp, spawn_app};

async fn code(app: &TestApp) -> String {
    app.services.sign_in().create_link_code().await.unwrap()
}

fn press(app: &TestApp, code: &str) -> RequestBuilder {
    app.anonymous().post(app.url("/sign-in")).header("sec-fetch-site", "same-origin").form(&[("code", code)])
}

fn cookie_of(answer: &reqwest::Response) -> Option<String> {
    answer.headers().get("set-cookie").map(|value| value.to_str().unwrap().to_owned())
}

#[tokio::test]
async fn the_button_makes_a_session() {
    let app = spawn_app().await;

    let answer = press(&app, &code(&app).await).send().await.unwrap();

    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()["location"], "/");
    let cookie = cookie_of(&answer).unwrap();
    for part in ["stacker_session=", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie} lacks {part}");
    }
    let session = cookie.split(';').next().unwrap().to_owned();
    let page = app
        .anonymous()
        .get(app.url("/"))
        .header("accept", "text/html")
        .header("cookie", session)
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), StatusCode::OK);
}

#[tokio::test]
async fn looking_at_the_page_does_not_use_the_code_up() {
    let app = spawn_app().await;
    let code = code(&app).await;

    for _ in 0..2 {
        let page = app
            .anonymous()
            .get(app.url(&format!("/sign-in?code={code}")))
            .header("accept", "text/html")
            .send()
            .await
            .unwrap();
        assert_eq!(page.status(), StatusCode::OK);
        assert!(page.text().await.unwrap().contains("method=\"post\""));
    }
    assert!(cookie_of(&press(&app, &code).send().await.unwrap()).is_some());
}

#[tokio::test]
async fn a_code_works_once() {
    let app = spawn_app().await;
    let code = code(&app).await;

    assert!(cookie_of(&press(&app, &code).send().await.unwrap()).is_some());
    let again = press(&app, &code).send().await.unwrap();

    assert_eq!(again.headers()["location"], "/sign-in?notice=code-invalid");
    assert!(cookie_of(&again).is_none());
}

#[tokio::test]
async fn of_two_who_press_at_once_one_gets_in() {
    let app = spawn_app().await;
    let code = code(&app).await;

    let (one, other) = tokio::join!(press(&app, &code).send(), press(&app, &code).send());

    let sessions = [one.unwrap(), other.unwrap()].iter().filter_map(cookie_of).count();
    assert_eq!(sessions, 1);
}

#[tokio::test]
async fn a_code_dies_after_a_quarter_of_an_hour() {
    let app = spawn_app().await;
    let code = code(&app).await;

    app.clock.advance(LINK_CODE_LIFETIME + TimeDelta::seconds(1));

    assert!(cookie_of(&press(&app, &code).send().await.unwrap()).is_none());
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;
    let page = || browser.get(app.url("/")).header("accept", "text/html").send();
    assert_eq!(page().await.unwrap().status(), StatusCode::OK);

    app.clock.advance(SESSION_LIFETIME + TimeDelta::seconds(1));

    assert_eq!(page().await.unwrap().status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let app = spawn_app().await;
    let answer = press(&app, &code(&app).await).send().await.unwrap();
    let session = cookie_of(&answer).unwrap().split(';').next().unwrap().to_owned();

    let out = app
        .anonymous()
        .post(app.url("/sign-out"))
        .header("cookie", &session)
        .header("sec-fetch-site", "same-origin")
        .send()
        .await
        .unwrap();

    assert_eq!(out.status(), StatusCode::SEE_OTHER);
    assert!(cookie_of(&out).unwrap().contains("Max-Age=0"));
    // The session has ended on the server, even if the browser still sends the cookie.
    let page = app
        .anonymous()
        .get(app.url("/"))
        .header("accept", "text/html")
        .header("cookie", session)
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn guessing_codes_is_slowed_down() {
    let app = spawn_app().await;

    let mut refused = None;
    for attempt in 0..30 {
        if press(&app, "guess").send().await.unwrap().status() == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(attempt);
            break;
        }
    }

    assert_eq!(refused, Some(10));
}

#[tokio::test]
async fn the_limits_can_be_switched_off() {
    let app = crate::helpers::spawn_without_rate_limits().await;

    for _ in 0..30 {
        assert_eq!(press(&app, "guess").send().await.unwrap().status(), StatusCode::SEE_OTHER);
    }
}
