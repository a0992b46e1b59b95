//! The program that hosts download, and the steps of a host on its way.

use std::fs;

use futures::StreamExt as _;
use reqwest::{
    Method, StatusCode,
    header::{ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::helpers::{TestApp, spawn_with};

/// SHA-256 of "abcdefgh".
const SUM: &str = "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab";

async fn with_program() -> (TestApp, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("stacker-linux-riscv64"), "abcdefgh").unwrap();
    let app = spawn_with(&[("STACKER__PROGRAMS_DIR", folder.path().to_str().unwrap())]).await;
    (app, folder)
}

const PROGRAM: &str = "/download/stacker?platform=linux-riscv64";

#[tokio::test]
async fn anybody_downloads_the_program_and_its_sum() {
    let (app, _folder) = with_program().await;
    let http = app.anonymous();
    let whole = http.get(app.url(PROGRAM)).send().await.unwrap();
    assert_eq!(
        (whole.status(), &whole.headers()[CACHE_CONTROL]),
        (StatusCode::OK, &"public, no-cache".parse().unwrap())
    );
    assert_eq!(whole.headers()[ETAG].to_str().unwrap(), format!("\"{SUM}\""));
    assert_eq!(whole.headers()["content-type"], "application/octet-stream");
    assert_eq!(whole.text().await.unwrap(), "abcdefgh");
    let sum = http.get(app.url("/download/stacker.sha256?platform=linux-riscv64")).send().await.unwrap();
    assert_eq!(sum.text().await.unwrap(), format!("{SUM}  stacker\n"));
}

#[tokio::test]
async fn a_download_is_looked_at_continued_and_not_sent_again() {
    let (app, _folder) = with_program().await;
    let http = app.anonymous();
    let head = http.request(Method::HEAD, app.url(PROGRAM)).send().await.unwrap();
    assert_eq!((head.status(), &head.headers()[CONTENT_LENGTH]), (StatusCode::OK, &"8".parse().unwrap()));
    assert_eq!(head.headers()[ACCEPT_RANGES], "bytes");
    let tag = head.headers()[ETAG].clone();

    let rest =
        http.get(app.url(PROGRAM)).header(RANGE, "bytes=5-").header(IF_RANGE, &tag).send().await.unwrap();
    assert_eq!(rest.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(rest.text().await.unwrap(), "fgh");
    let of_another = http.get(app.url(PROGRAM)).header(RANGE, "bytes=5-").header(IF_RANGE, "\"other\"");
    assert_eq!(of_another.send().await.unwrap().text().await.unwrap(), "abcdefgh");

    let same = http.get(app.url(PROGRAM)).header(IF_NONE_MATCH, &tag).send().await.unwrap();
    assert_eq!(same.status(), StatusCode::NOT_MODIFIED);
    assert!(same.text().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_platform_without_a_program_is_told_and_is_never_a_path() {
    let (app, _folder) = with_program().await;
    for platform in ["linux-vax", "..%2Fx", "", "%2Fetc%2Fpasswd"] {
        for path in ["/download/stacker", "/download/stacker.sha256"] {
            let answer =
                app.anonymous().get(app.url(&format!("{path}?platform={platform}"))).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{platform}");
            let body: Value = answer.json().await.unwrap();
            assert_eq!(body["code"], "platform-not-available", "{platform}");
        }
    }
}

#[tokio::test]
async fn a_page_hears_at_once_that_its_host_has_the_program() {
    let (app, _folder) = with_program().await;
    let browser = app.signed_in().await;
    let operator = stacker::local_operator::local_operator();
    let host = serde_json::from_value(json!({"name": "attic"})).unwrap();
    let enrolment = app.services.hosts().invite(&operator, host, None).await.unwrap();
    assert_eq!(app.anonymous().get(app.url("/hosts/events")).send().await.unwrap().status(), 401);
    let stream = browser.get(app.url("/hosts/events")).send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let mut events = stream.bytes_stream();
    let mut heard = String::new();
    let mut hear = async |wanted: &str| {
        while !heard.contains(wanted) {
            heard.push_str(&String::from_utf8_lossy(&events.next().await.unwrap().unwrap()));
        }
        std::mem::take(&mut heard)
    };
    assert!(hear("\n\n").await.contains("\"program_fetched_at\":null"));
    // An id that is none is no error: the host gets its program.
    for host in ["nonsense", &enrolment.host_id.unwrap().to_string()] {
        let got = app.anonymous().get(app.url(&format!("{PROGRAM}&host={host}"))).send().await.unwrap();
        assert_eq!(got.text().await.unwrap(), "abcdefgh");
    }
    let told = hear("\n\n").await;
    assert!(told.contains("\"program_fetched_at\":\""), "{told}");
    assert!(!told.contains(&enrolment.code));
}
