//! What public images look like.

use std::sync::Arc;

use chrono::{TimeZone as _, Utc};
use rstest::rstest;

use super::*;

#[tokio::test]
async fn an_image_of_docker_hub_is_found_with_its_platforms() {
    let server = MockServer::start().await;
    asks_for_token(&server, &server, "library/nginx", "t").await;
    serves_to(&server, "t", "/v2/library/nginx/manifests/1.27", ok(index())).await;
    serves_to(&server, "t", &format!("/v2/library/nginx/manifests/{AMD64}"), ok(single())).await;
    serves_to(&server, "t", &format!("/v2/library/nginx/blobs/{CONFIG}"), ok(configuration())).await;
    let facts = client(&server).look_up(&image("nginx:1.27"), None, soon()).await.unwrap();
    assert_eq!(facts.digest, manifest::digest_of(&serde_json::to_vec(&index()).unwrap()));
    let platforms: Vec<_> =
        facts.platforms.iter().map(|one| (one.architecture.as_str(), one.variant.as_deref())).collect();
    assert_eq!(platforms, [("arm64", Some("v8")), ("amd64", None)]);
    assert_eq!(facts.runs_on("linux", "arm64"), Some(true));
    assert_eq!(facts.runs_on("linux", "riscv64"), Some(false));
    assert_eq!(facts.size_bytes, Some(3_400));
    assert_eq!(
        facts.created.unwrap().timestamp(),
        Utc.with_ymd_and_hms(2026, 1, 2, 3, 4, 5).unwrap().timestamp()
    );
}

#[tokio::test]
async fn a_plain_registry_needs_no_token_and_one_image_tells_its_platform_in_its_configuration() {
    let server = MockServer::start().await;
    serves(&server, "/v2/app/manifests/latest", ok(single()), 1).await;
    // Blobs often lie elsewhere.
    let elsewhere = MockServer::start().await;
    let to = format!("{}/blob", elsewhere.uri());
    let redirect = ResponseTemplate::new(307).insert_header("location", to.as_str());
    serves(&server, &format!("/v2/app/blobs/{CONFIG}"), redirect, 1).await;
    serves(&elsewhere, "/blob", ok(configuration()), 1).await;
    let facts = client(&server).look_up(&plain(&server, "app"), None, soon()).await.unwrap();
    assert_eq!(facts.runs_on("linux", "arm64"), Some(true));
    assert_eq!((facts.platforms.len(), facts.size_bytes), (1, Some(3_400)));
}

#[tokio::test]
async fn an_image_whose_details_are_missing_still_exists() {
    let server = MockServer::start().await;
    serves(&server, "/v2/app/manifests/1", ok(index()), 1).await;
    let facts = client(&server).look_up(&plain(&server, "app:1"), None, soon()).await.unwrap();
    assert_eq!((facts.platforms.len(), facts.size_bytes, facts.created), (2, None, None));
}

#[tokio::test]
async fn a_tag_that_a_readable_repository_lacks_is_certainly_missing() {
    let server = MockServer::start().await;
    asks_for_token(&server, &server, "library/nginx", "t").await;
    serves_to(&server, "t", "/v2/library/nginx/manifests/99", ResponseTemplate::new(404)).await;
    serves_to(&server, "t", "/v2/library/nginx/tags/list", ok(json!({"tags": ["latest"]}))).await;
    let error = client(&server).look_up(&image("nginx:99"), None, soon()).await.unwrap_err();
    assert_eq!(error, LookUpError::CertainlyMissing);
}

#[rstest]
#[case::unknown_repository(ResponseTemplate::new(404))]
#[case::hidden_repository(ResponseTemplate::new(403))]
#[case::repository_that_never_was(ok(json!({"name": "app", "tags": null})))]
#[tokio::test]
async fn without_proof_that_the_repository_is_readable_nothing_is_certain(#[case] tags: ResponseTemplate) {
    let server = MockServer::start().await;
    serves(&server, "/v2/app/manifests/1", ResponseTemplate::new(404), 1).await;
    serves(&server, "/v2/app/tags/list", tags, 1).await;
    let error = client(&server).look_up(&plain(&server, "app:1"), None, soon()).await.unwrap_err();
    assert_eq!(error, LookUpError::NotReadable);
}

#[tokio::test]
async fn proof_that_cannot_be_had_makes_nothing_certain() {
    let server = MockServer::start().await;
    serves(&server, "/v2/app/manifests/1", ResponseTemplate::new(404), 1).await;
    serves(&server, "/v2/app/tags/list", ResponseTemplate::new(503), 1).await;
    let error = client(&server).look_up(&plain(&server, "app:1"), None, soon()).await.unwrap_err();
    assert_eq!(error, LookUpError::Unreachable("answers with status 503".to_owned()));
}

#[tokio::test]
async fn a_namespace_does_not_pass_because_the_official_image_exists() {
    let server = MockServer::start().await;
    serves(&server, "/v2/library/nginx/manifests/latest", ok(index()), 0).await;
    // Docker Hub gives out tokens for repositories that do not exist, and then refuses them.
    asks_for_token(&server, &server, "acme/nginx", "t").await;
    let error = client(&server).look_up(&image("acme/nginx"), None, soon()).await.unwrap_err();
    assert_eq!(error, LookUpError::NotReadable);
}

#[tokio::test]
async fn an_image_is_not_found_because_a_namespace_has_its_name() {
    let server = MockServer::start().await;
    // The namespace exists, so this request would succeed.
    serves(&server, "/v2/repositories/nonexistent", ok(json!({"count": 1, "results": [{"status": 1}]})), 0)
        .await;
    serves(&server, "/v2/nonexistent/tool/manifests/latest", ok(index()), 0).await;
    asks_for_token(&server, &server, "library/nonexistent", "t").await;
    let error = client(&server).look_up(&image("nonexistent"), None, soon()).await.unwrap_err();
    assert_eq!(error, LookUpError::NotReadable);
}

#[tokio::test]
async fn a_digest_is_looked_up_by_itself_and_compared_with_what_came() {
    let server = MockServer::start().await;
    let body = serde_json::to_vec(&index()).unwrap();
    let right = manifest::digest_of(&body);
    serves(&server, &format!("/v2/app/manifests/{right}"), ok(index()), 1).await;
    serves(&server, &format!("/v2/app/manifests/{ARM64}"), ok(index()), 1).await;
    let client = client(&server);
    let facts = client.look_up(&plain(&server, &format!("app:1@{right}")), None, soon()).await.unwrap();
    assert_eq!(facts.digest, right);
    let error = client.look_up(&plain(&server, &format!("app@{ARM64}")), None, soon()).await.unwrap_err();
    assert_eq!(error, InvalidImage::OtherDigest.into());
}

#[tokio::test]
async fn a_manifest_over_the_limit_is_not_read() {
    let server = MockServer::start().await;
    let long = ResponseTemplate::new(200).set_body_bytes(vec![b' '; 4 * 1024 * 1024 + 1]);
    serves(&server, "/v2/app/manifests/1", long, 1).await;
    let error = client(&server).look_up(&plain(&server, "app:1"), None, soon()).await.unwrap_err();
    assert_eq!(error, InvalidImage::TooLarge { limit_bytes: 4 * 1024 * 1024 }.into());
}

#[rstest]
#[case(200, InvalidImage::NoManifest.into())]
#[case(418, InvalidImage::Status(418).into())]
#[case(500, LookUpError::Unreachable("answers with status 500".to_owned()))]
#[tokio::test]
async fn what_is_no_manifest_says_nothing_about_the_image(
    #[case] status: u16,
    #[case] expected: LookUpError,
) {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(status).set_body_string("<html>hello</html>");
    serves(&server, "/v2/app/manifests/1", answer, 1).await;
    assert_eq!(client(&server).look_up(&plain(&server, "app:1"), None, soon()).await, Err(expected));
}

#[tokio::test]
async fn a_registry_that_is_private_ground_is_not_connected() {
    let server = MockServer::start().await;
    let error = client(&server).look_up(&image("169.254.169.254/app"), None, soon()).await.unwrap_err();
    assert!(matches!(error, LookUpError::NotAllowed(_)), "{error:?}");
}

#[tokio::test]
async fn tags_are_read_page_after_page() {
    let server = MockServer::start().await;
    let list = || Mock::given(path("/v2/app/tags/list"));
    let next = "</v2/app/tags/list?n=1000&last=1.9>; rel=\"next\"";
    list()
        .and(query_param("last", "1.9"))
        .respond_with(ok(json!({"tags": ["1.10"]})))
        .expect(1)
        .mount(&server)
        .await;
    let first = ok(json!({"tags": ["1.8", "1.9"]})).insert_header("link", next);
    list().respond_with(first).with_priority(9).expect(1).mount(&server).await;
    let client = CachedRegistry::new(Arc::new(client(&server)));
    let page = client.list_tags(&plain(&server, "app:1.8"), None, "1.", 2, soon()).await.unwrap();
    assert_eq!(page, TagPage { tags: vec!["1.10".into(), "1.9".into()], found: 3, is_complete: true });
    let newest = client.newest_tag(&plain(&server, "app:1.8"), None, soon()).await.unwrap();
    assert_eq!(newest.as_deref(), Some("1.10"));
}
