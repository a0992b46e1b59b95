//! What Docker Hub is asked, and what becomes of its answers.

use std::sync::Arc;

use rstest::rstest;

use super::*;

fn client(settings: BrowseSettings) -> DockerHubClient {
    DockerHubClient::new(settings, Arc::new(MemoryCache::default())).unwrap()
}

#[tokio::test]
async fn namespaces_are_those_of_the_repositories_that_were_found() {
    let server = MockServer::start().await;
    let agent = concat!("stacker-dockerhub-client/", env!("CARGO_PKG_VERSION"));
    Mock::given(method("GET"))
        .and(path("/v2/search/repositories/"))
        .and(query_param("page_size", "50"))
        .and(query_param("query", "shop"))
        .and(header("user-agent", agent))
        .respond_with(ok(found()))
        .expect(1)
        .mount(&server)
        .await;
    let client = client(settings(&server));
    let expected = json!([{"name": "acme", "namespace_type": null, "description": "sells", "is_user": false,
        "is_organization": false}]);
    // The second answer comes from the cache.
    for query in [" shop", "Shop "] {
        let namespaces = client.namespaces(Some(query)).await.unwrap();
        assert_eq!(serde_json::to_value(namespaces).unwrap(), expected);
    }
}

#[tokio::test]
async fn repositories_and_tags_have_the_fields_that_clients_know() {
    let server = MockServer::start().await;
    let repositories = json!({"results": [{"name": "shop", "namespace": "acme", "description": "sells",
        "last_updated": "2026-01-02T03:04:05Z", "is_private": false, "star_count": 3, "pull_count": 40, "more": 1}]});
    Mock::given(path("/v2/namespaces/acme/repositories"))
        .and(query_param_is_missing("name"))
        .respond_with(ok(repositories))
        .mount(&server)
        .await;
    let tags = json!({"results": [{"name": "1.2", "digest": "sha256:1", "tag_last_pushed": "2026-01-02T03:04:05Z",
        "tag_status": "active", "media_type": "application/x", "full_size": 77, "images": [
            {"os": "linux", "architecture": "arm", "variant": "v7"}, {"os": "linux", "architecture": "amd64", "variant": null},
            {"os": "unknown", "architecture": "unknown"}]}]});
    Mock::given(path("/v2/namespaces/acme/repositories/shop/tags"))
        .and(query_param("name", "1."))
        .respond_with(ok(tags))
        .mount(&server)
        .await;
    let client = client(settings(&server));
    let repositories = client.repositories("acme", None).await.unwrap();
    assert_eq!(
        serde_json::to_value(repositories).unwrap(),
        json!([{"name": "shop", "namespace": "acme", "description": "sells", "last_updated": "2026-01-02T03:04:05Z",
            "is_private": false, "star_count": 3, "pull_count": 40}])
    );
    let tags = client.tags("acme", "shop", Some("1.")).await.unwrap();
    assert_eq!(
        serde_json::to_value(tags).unwrap(),
        json!([{"name": "1.2", "digest": "sha256:1", "last_updated": "2026-01-02T03:04:05Z", "tag_status": "active",
            "content_type": "application/x", "size_bytes": 77, "platforms": ["linux/arm/v7", "linux/amd64"]}])
    );
}

#[rstest]
#[case(None, Some("t0ken"), Some("Bearer t0ken"))]
#[case(Some("ada"), Some("t0ken"), Some("Basic YWRhOnQwa2Vu"))]
#[case(Some("ada"), None, None)]
#[tokio::test]
async fn an_account_signs_in_with_what_it_has(
    #[case] username: Option<&str>,
    #[case] token: Option<&str>,
    #[case] expected: Option<&str>,
) {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ok(found())).mount(&server).await;
    let client = client(BrowseSettings {
        username: username.map(str::to_owned),
        personal_access_token: token.map(Into::into),
        ..settings(&server)
    });
    client.namespaces(None).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let sent = requests[0].headers.get("authorization").map(|value| value.to_str().unwrap());
    assert_eq!(sent, expected);
    assert!(!format!("{client:?}").contains("t0ken"));
}

#[rstest]
#[case(401, BrowseError::Unauthorized, 1)]
#[case(403, BrowseError::Unauthorized, 1)]
#[case(404, BrowseError::NotFound, 1)]
#[case(302, BrowseError::UnexpectedStatus { status: 302 }, 1)]
#[case(418, BrowseError::UnexpectedStatus { status: 418 }, 1)]
#[case(500, BrowseError::Unavailable, 2)]
#[case(503, BrowseError::Unavailable, 2)]
#[case(200, BrowseError::InvalidAnswer, 1)]
#[tokio::test]
async fn only_trouble_is_asked_again_and_no_text_is_passed_on(
    #[case] status: u16,
    #[case] expected: BrowseError,
    #[case] times: u64,
) {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(status).set_body_string("<b>upstream text</b>");
    Mock::given(method("GET")).respond_with(answer).expect(times).mount(&server).await;
    let client = client(BrowseSettings { attempts: 2, ..settings(&server) });
    let error = client.repositories("acme", None).await.unwrap_err();
    assert_eq!(error, expected);
    assert!(!error.to_string().contains("upstream"));
}

#[tokio::test]
async fn a_rate_limit_says_how_long() {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(429).insert_header("retry-after", "7");
    Mock::given(method("GET")).respond_with(answer).expect(1).mount(&server).await;
    let error = client(settings(&server)).namespaces(None).await.unwrap_err();
    assert_eq!(error, BrowseError::RateLimited { retry_after: Some(Duration::from_secs(7)) });
}

#[tokio::test]
async fn trouble_that_passes_is_not_noticed() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(502)).up_to_n_times(2).mount(&server).await;
    Mock::given(method("GET")).respond_with(ok(found())).with_priority(9).mount(&server).await;
    assert_eq!(client(settings(&server)).namespaces(None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_name_cannot_leave_its_place_in_the_path() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ok(json!([]))).mount(&server).await;
    let client = client(settings(&server));
    client.repositories("a/../b?c#d%2e", None).await.unwrap();
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests[0].url.path(), "/v2/namespaces/a%2F..%2Fb%3Fc%23d%252e/repositories");
    for name in ["..", ".", " ", &"a".repeat(300)] {
        assert_eq!(client.tags("acme", name, None).await, Err(BrowseError::NotFound), "{name}");
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[rstest]
#[case(0, "1")]
#[case(7, "7")]
#[case(5_000, "100")]
#[tokio::test]
async fn the_page_size_stays_within_what_docker_hub_takes(#[case] size: u32, #[case] expected: &str) {
    let server = MockServer::start().await;
    Mock::given(query_param("page_size", expected)).respond_with(ok(found())).expect(1).mount(&server).await;
    client(BrowseSettings { page_size: size, ..settings(&server) }).namespaces(None).await.unwrap();
}

#[tokio::test]
async fn without_a_time_to_keep_nothing_is_kept() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ok(found())).expect(2).mount(&server).await;
    let client = client(BrowseSettings { namespaces_ttl: Duration::ZERO, ..settings(&server) });
    for _ in 0..2 {
        client.namespaces(None).await.unwrap();
    }
}

#[tokio::test]
async fn what_is_switched_off_makes_nothing_up() {
    assert_eq!(NoDockerHub.namespaces(None).await, Err(BrowseError::Off));
    assert_eq!(NoDockerHub.repositories("trydirect", None).await, Err(BrowseError::Off));
    assert_eq!(NoDockerHub.tags("trydirect", "stacker-api", None).await, Err(BrowseError::Off));
}
