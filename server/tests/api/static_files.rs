use reqwest::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, ETAG, IF_NONE_MATCH};

use crate::helpers::spawn_with_site;

#[tokio::test]
async fn a_built_file_is_sent_compressed_and_asked_for_once() {
    let app =
        spawn_with_site(&[("pkg/stacker.abc.js", "plain"), ("pkg/stacker.abc.js.br", "compressed")]).await;

    let answer = app
        .anonymous()
        .get(app.url("/pkg/stacker.abc.js"))
        .header(ACCEPT_ENCODING, "br")
        .send()
        .await
        .unwrap();

    assert_eq!(answer.headers()[CONTENT_ENCODING], "br");
    assert!(answer.headers().contains_key(CACHE_CONTROL) && answer.headers().contains_key(ETAG));
    assert_eq!(answer.text().await.unwrap(), "compressed");
}

#[tokio::test]
async fn a_public_file_is_not_sent_again_while_it_is_the_same() {
    let app = spawn_with_site(&[("robots.txt", "User-agent: *\n")]).await;

    let first = app.anonymous().get(app.url("/robots.txt")).send().await.unwrap();
    assert_eq!(first.status(), 200);
    let tag = first.headers()[ETAG].clone();
    let again = app.anonymous().get(app.url("/robots.txt")).header(IF_NONE_MATCH, tag).send().await.unwrap();

    assert_eq!(again.status(), 304);
    assert!(again.text().await.unwrap().is_empty());
    let other =
        app.anonymous().get(app.url("/robots.txt")).header(IF_NONE_MATCH, "\"other\"").send().await.unwrap();
    assert_eq!(other.status(), 200);
}

#[tokio::test]
async fn nothing_outside_the_folder_is_sent() {
    let app = spawn_with_site(&[("robots.txt", "")]).await;

    for path in ["/pkg/..%2F..%2FCargo.toml", "/..%2fCargo.toml", "/pkg/..%5c..%5cCargo.toml"] {
        let answer = app.anonymous().get(app.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
}
