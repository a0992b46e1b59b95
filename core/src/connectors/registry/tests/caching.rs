//! What is asked once, and what is not asked at all.

use std::sync::Arc;

use futures::future::join_all;

use super::*;

#[tokio::test]
async fn many_who_ask_the_same_at_once_share_one_request() {
    let server = MockServer::start().await;
    serves(&server, "/v2/app/manifests/1", ok(index()), 1).await;
    let registry = image_registry(outbound(), client_settings(&server));
    let image = plain(&server, "app:1");
    let answers = join_all((0..20).map(|_| registry.look_up(&image, None, soon()))).await;
    assert!(answers.iter().all(|answer| answer.is_ok() && answer == &answers[0]));
    assert!(registry.look_up(&image, None, soon()).await.is_ok(), "from the cache");
}

fn client_settings(server: &MockServer) -> RegistrySettings {
    RegistrySettings {
        plain_http: BTreeSet::from([server.address().to_string()]),
        ..RegistrySettings::default()
    }
}

#[tokio::test]
async fn an_answer_to_a_credential_is_for_nobody_else() {
    let server = MockServer::start().await;
    let wants_password = ResponseTemplate::new(401).insert_header("www-authenticate", "Basic realm=\"r\"");
    Mock::given(header("authorization", ADA))
        .and(path("/v2/app/manifests/1"))
        .respond_with(ok(index()))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(method("GET")).respond_with(wants_password).with_priority(9).mount(&server).await;
    let registry = image_registry(outbound(), client_settings(&server));
    let image = plain(&server, "app:1");
    let eve = Credential { password: "guess".into(), ..ada() };
    assert!(registry.look_up(&image, Some(&ada()), soon()).await.is_ok());
    assert_eq!(registry.look_up(&image, Some(&eve), soon()).await, Err(LookUpError::NotReadable));
    assert_eq!(registry.look_up(&image, None, soon()).await, Err(LookUpError::NotReadable));
    assert!(registry.look_up(&image, Some(&ada()), soon()).await.is_ok());
    assert!(!format!("{registry:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_failure_is_remembered_too() {
    let fake = Arc::new(FakeRegistry::default());
    let registry = CachedRegistry::new(fake.clone());
    for _ in 0..3 {
        let answer = registry.look_up(&image("nginx:99"), None, soon()).await;
        assert_eq!(answer, Err(LookUpError::NotReadable));
    }
    assert_eq!(fake.asked(), 1);
}

#[tokio::test]
async fn different_spellings_of_one_image_are_one_question() {
    let fake = Arc::new(FakeRegistry::default());
    let registry = CachedRegistry::new(fake.clone());
    for text in ["nginx", "nginx:latest", "docker.io/library/nginx"] {
        assert!(registry.look_up(&image(text), None, soon()).await.is_err());
    }
    assert_eq!(fake.asked(), 1);
}

#[tokio::test]
async fn who_stops_waiting_does_not_lose_the_answer_for_others() {
    let server = MockServer::start().await;
    let slow = ok(index()).set_delay(Duration::from_millis(300));
    serves(&server, "/v2/app/manifests/1", slow, 1).await;
    let registry = image_registry(outbound(), client_settings(&server));
    let image = plain(&server, "app:1");
    let impatient = registry.look_up(&image, None, Instant::now() + Duration::from_millis(20)).await;
    assert_eq!(impatient, Err(LookUpError::TimedOut));
    assert!(registry.look_up(&image, None, soon()).await.is_ok());
}

#[tokio::test]
async fn a_registry_that_has_had_enough_is_not_asked_again() {
    let server = MockServer::start().await;
    let enough = ResponseTemplate::new(429).insert_header("retry-after", "120");
    Mock::given(method("GET")).respond_with(enough).expect(1).mount(&server).await;
    let client = client(&server);
    let first = client.look_up(&plain(&server, "app:1"), None, soon()).await.unwrap_err();
    assert_eq!(first, LookUpError::RateLimited { retry_after: Duration::from_secs(120) });
    let other = client.look_up(&plain(&server, "other:2"), None, soon()).await.unwrap_err();
    let LookUpError::RateLimited { retry_after } = other else { panic!("{other:?}") };
    assert!(retry_after > Duration::from_secs(100));
}

#[tokio::test]
async fn the_last_request_that_is_left_is_answered_and_followed_by_none() {
    let server = MockServer::start().await;
    let last = ok(single()).insert_header("ratelimit-remaining", "0;w=21600");
    Mock::given(method("GET")).respond_with(last).expect(1).mount(&server).await;
    let client = client(&server);
    let facts = client.look_up(&plain(&server, "app:1"), None, soon()).await.unwrap();
    assert_eq!((facts.size_bytes, facts.platforms.len()), (Some(3_400), 0));
    let next = client.look_up(&plain(&server, "app:2"), None, soon()).await;
    assert!(matches!(next, Err(LookUpError::RateLimited { .. })), "{next:?}");
}
