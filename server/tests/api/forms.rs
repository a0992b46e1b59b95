use reqwest::{StatusCode, multipart::Form};

use crate::helpers::{TestApp, spawn_app};

const COMPOSE: &str = "# kept\nservices:\n  web:\n    image: nginx:1.27\n";

async fn post(app: &TestApp, browser: &reqwest::Client, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = browser
        .post(app.url(path))
        .header("sec-fetch-site", "same-origin")
        .form(fields)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
    answer.headers()["location"].to_str().unwrap().to_owned()
}

async fn create(app: &TestApp, browser: &reqwest::Client, form: Form) -> String {
    let answer = browser
        .post(app.url("/projects"))
        .header("sec-fetch-site", "same-origin")
        .multipart(form)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn projects_can_be_kept_without_a_script() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;

    let builder = create(&app, &browser, Form::new().text("name", "Empty").text("compose", "")).await;
    assert!(builder.starts_with("/projects/"), "{builder}");

    assert_eq!(post(&app, &browser, &format!("{builder}/rename"), &[("name", "Renamed")]).await, "/");
    assert_eq!(post(&app, &browser, &format!("{builder}/duplicate"), &[]).await, "/");
    let list =
        browser.get(app.url("/")).header("accept", "text/html").send().await.unwrap().text().await.unwrap();
    assert!(list.contains("Renamed") && !list.contains(">Empty<"));

    let wrong = post(&app, &browser, &format!("{builder}/delete"), &[("confirm_name", "renamed?")]).await;
    assert_eq!(wrong, "/?notice=confirm-mismatch");
    assert_eq!(post(&app, &browser, &format!("{builder}/delete"), &[("confirm_name", "Renamed")]).await, "/");
    assert_eq!(
        post(&app, &browser, &format!("{builder}/rename"), &[("name", "x")]).await,
        "/?notice=not-found"
    );
}

#[tokio::test]
async fn an_uploaded_file_comes_back_byte_for_byte() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;
    let file = reqwest::multipart::Part::text(COMPOSE).file_name("docker-compose.yml");

    let builder =
        create(&app, &browser, Form::new().text("name", "Shop").part("file", file).text("compose", "")).await;
    let download = browser.get(app.url(&format!("{builder}/docker-compose.yml"))).send().await.unwrap();

    assert!(download.headers()["content-disposition"].to_str().unwrap().contains("docker-compose.yml"));
    assert_eq!(download.text().await.unwrap(), COMPOSE);
}

#[tokio::test]
async fn a_pasted_file_keeps_its_line_ends_though_browsers_send_others() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;
    let sent = COMPOSE.replace('\n', "\r\n");

    let builder = create(&app, &browser, Form::new().text("name", "Shop").text("compose", sent)).await;
    let download = browser.get(app.url(&format!("{builder}/docker-compose.yml"))).send().await.unwrap();

    assert_eq!(download.text().await.unwrap(), COMPOSE);
}

#[tokio::test]
async fn what_was_wrong_is_said_on_the_page() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;

    assert_eq!(create(&app, &browser, Form::new().text("name", "  ")).await, "/?notice=name-invalid");
    let broken = Form::new().text("name", "x").text("compose", "a: [\n");
    assert_eq!(create(&app, &browser, broken).await, "/?notice=unreadable");
    let latin = reqwest::multipart::Part::bytes(b"# caf\xe9\n".as_slice()).file_name("docker-compose.yml");
    assert_eq!(
        create(&app, &browser, Form::new().text("name", "x").part("file", latin)).await,
        "/?notice=unreadable"
    );
}

#[tokio::test]
async fn a_starting_point_is_wired() {
    let app = spawn_app().await;
    let browser = app.signed_in().await;

    let builder = create(
        &app,
        &browser,
        Form::new().text("name", "Blog").text("app", "wordpress").text("app", "mariadb"),
    )
    .await;
    let compose = browser
        .get(app.url(&format!("{builder}/docker-compose.yml")))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();

    for line in ["wordpress", "mariadb", "depends_on", "service_healthy"] {
        assert!(compose.contains(line), "{compose}");
    }
}

#[tokio::test]
async fn a_stranger_is_led_to_the_sign_in() {
    let app = spawn_app().await;

    let location = post(&app, &app.anonymous(), "/projects/1/delete", &[("confirm_name", "x")]).await;

    assert_eq!(location, "/sign-in");
}
