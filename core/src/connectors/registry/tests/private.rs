//! Who gets to see credentials.

use super::*;

/// Docker Hub with its token server elsewhere.
fn client_with_token_host(server: &MockServer, token_server: &MockServer) -> RegistryClient {
    let mut settings = RegistrySettings { docker_hub: server.uri(), ..RegistrySettings::default() };
    let hosts = BTreeSet::from([token_server.address().to_string()]);
    settings.token_hosts.insert("docker.io".to_owned(), hosts);
    RegistryClient::new(outbound(), settings)
}

#[tokio::test]
async fn credentials_open_a_private_repository_by_way_of_its_token_host() {
    let (server, token_server) = (MockServer::start().await, MockServer::start().await);
    asks_for_token(&server, &token_server, "acme/shop", "for everyone").await;
    Mock::given(path("/token"))
        .and(header("authorization", ADA))
        .respond_with(ok(json!({"access_token": "for ada"})))
        .with_priority(1)
        .mount(&token_server)
        .await;
    serves_to(&server, "for ada", "/v2/acme/shop/manifests/latest", ok(index())).await;
    let client = client_with_token_host(&server, &token_server);
    let image = image("acme/shop");
    assert!(client.look_up(&image, Some(&ada()), soon()).await.is_ok());
    assert_eq!(client.look_up(&image, None, soon()).await, Err(LookUpError::NotReadable));
    for request in server.received_requests().await.unwrap() {
        let authorization = request.headers.get("authorization").and_then(|value| value.to_str().ok());
        assert!(
            !authorization.unwrap_or_default().starts_with("Basic"),
            "the password stays with the token host"
        );
    }
}

#[tokio::test]
async fn refused_credentials_make_nothing_readable() {
    let (server, token_server) = (MockServer::start().await, MockServer::start().await);
    asks_for_token(&server, &token_server, "acme/shop", "t").await;
    let refused = ResponseTemplate::new(401).set_body_string("hunter2 is wrong");
    Mock::given(path("/token")).respond_with(refused).with_priority(1).mount(&token_server).await;
    let client = client_with_token_host(&server, &token_server);
    let error = client.look_up(&image("acme/shop"), Some(&ada()), soon()).await.unwrap_err();
    assert_eq!(error, LookUpError::NotReadable);
    assert!(!format!("{error} {error:?} {client:?} {:?}", ada()).contains("hunter2"));
}

#[tokio::test]
async fn a_registry_cannot_send_credentials_to_another_host() {
    let (server, other) = (MockServer::start().await, MockServer::start().await);
    asks_for_token(&server, &other, "acme/shop", "t").await;
    let error = client(&server).look_up(&image("acme/shop"), Some(&ada()), soon()).await.unwrap_err();
    assert_eq!(error, InvalidImage::TokenHost.into());
    assert!(other.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_registry_cannot_make_us_ask_a_private_address_for_a_token() {
    let server = MockServer::start().await;
    let challenge = "Bearer realm=\"http://127.0.0.2:1/token\"";
    let refused = ResponseTemplate::new(401).insert_header("www-authenticate", challenge);
    Mock::given(method("GET")).respond_with(refused).mount(&server).await;
    let error = client(&server).look_up(&image("acme/shop"), None, soon()).await.unwrap_err();
    assert!(matches!(error, LookUpError::NotAllowed(_)), "{error:?}");
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_credentials() {
    let (server, other) = (MockServer::start().await, MockServer::start().await);
    let wants_password = ResponseTemplate::new(401).insert_header("www-authenticate", "Basic realm=\"r\"");
    let to = format!("{}/v2/app/manifests/1", other.uri());
    let redirect = ResponseTemplate::new(307).insert_header("location", to.as_str());
    Mock::given(header("authorization", ADA)).respond_with(redirect).expect(1).mount(&server).await;
    Mock::given(method("GET")).respond_with(wants_password).with_priority(9).expect(1).mount(&server).await;
    let error = client(&server).look_up(&plain(&server, "app:1"), Some(&ada()), soon()).await.unwrap_err();
    assert_eq!(error, InvalidImage::Redirected.into());
    assert!(other.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_redirect_is_followed_by_nobody_in_particular() {
    let (server, other) = (MockServer::start().await, MockServer::start().await);
    let to = format!("{}/v2/mirror/app/manifests/1", other.uri());
    let redirect = ResponseTemplate::new(307).insert_header("location", to.as_str());
    serves(&server, "/v2/app/manifests/1", redirect, 1).await;
    serves(&other, "/v2/mirror/app/manifests/1", ok(index()), 1).await;
    assert!(client(&server).look_up(&plain(&server, "app:1"), None, soon()).await.is_ok());
}

#[tokio::test]
async fn a_blob_elsewhere_is_fetched_without_the_token() {
    let (server, other) = (MockServer::start().await, MockServer::start().await);
    asks_for_token(&server, &server, "acme/shop", "t").await;
    serves_to(&server, "t", "/v2/acme/shop/manifests/latest", ok(single())).await;
    let to = format!("{}/blob", other.uri());
    let redirect = ResponseTemplate::new(307).insert_header("location", to.as_str());
    serves_to(&server, "t", &format!("/v2/acme/shop/blobs/{CONFIG}"), redirect).await;
    serves(&other, "/blob", ok(configuration()), 1).await;
    let facts = client(&server).look_up(&image("acme/shop"), None, soon()).await.unwrap();
    assert_eq!(facts.platforms.len(), 1);
    let requests = other.received_requests().await.unwrap();
    assert!(requests.iter().all(|request| !request.headers.contains_key("authorization")));
}
