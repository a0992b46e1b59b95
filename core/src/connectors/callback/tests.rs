use std::{net::TcpListener, time::Duration};

use hmac::{Hmac, KeyInit as _, Mac as _};
use rstest::rstest;
use sha2::Sha256;
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{body_string, header, method, path},
};

use super::*;
use crate::{
    config::Networks,
    connectors::outbound::{
        AllowList, Disconnection, NotAllowed, OutboundClient, OutboundSettings, ReservedRange,
    },
};

const BODY: &str = r#"{"event":"deployment.completed","deployment":"d1"}"#;

fn sender(opened: &str) -> CallbackClient {
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let allowed = AllowList::new(Networks::parse(opened).unwrap(), []);
    let settings = OutboundSettings { allowed, timeout: Duration::from_millis(500) };
    CallbackClient::new(OutboundClient::new(settings).unwrap())
}

fn callback(url: &str) -> Callback {
    Callback {
        url: url.parse().unwrap(),
        event: "deployment.completed".to_owned(),
        delivery_id: "018f3c5e-0000-7000-8000-000000000001".to_owned(),
        timestamp: DateTime::from_timestamp(1_767_225_600, 0).unwrap(),
        body: BODY.to_owned(),
        secrets: SigningSecrets::new("whsec_first".into()),
    }
}

/// What a receiver does, with nothing but the request and its secret.
fn receiver_accepts(request: &Request, secret: &str) -> bool {
    let value = |name: &str| request.headers.get(name).unwrap().to_str().unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{}.{}.", value("stacker-timestamp"), value("stacker-delivery")).as_bytes());
    mac.update(&request.body);
    let signatures = value("stacker-signature").split(',');
    let given = signatures.filter_map(|signature| hex::decode(signature.trim().strip_prefix("v1=")?).ok());
    // Compares in constant time.
    given.into_iter().any(|given| mac.clone().verify_slice(&given).is_ok())
}

#[tokio::test]
async fn a_callback_says_what_it_is_and_the_answer_is_kept() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/hook"))
        .and(header("content-type", "application/json"))
        .and(header("stacker-event", "deployment.completed"))
        .and(header("stacker-delivery", "018f3c5e-0000-7000-8000-000000000001"))
        .and(header("stacker-timestamp", "1767225600"))
        .and(body_string(BODY))
        .respond_with(ResponseTemplate::new(202).set_body_string("thanks"))
        .expect(1)
        .mount(&server)
        .await;
    let answer = sender("127.0.0.1").send(&callback(&format!("{}/hook", server.uri()))).await.unwrap();
    assert_eq!((answer.status, answer.body.as_str(), answer.is_accepted()), (202, "thanks", true));
    assert!(answer.duration < Duration::from_millis(500));
}

#[tokio::test]
async fn a_receiver_verifies_with_either_secret_while_both_are_valid() {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let rotated = SigningSecrets::rotated("whsec_second".into(), "whsec_first".into());
    sender("127.0.0.1").send(&Callback { secrets: rotated, ..callback(&server.uri()) }).await.unwrap();
    let mut request = server.received_requests().await.unwrap().remove(0);
    assert!(receiver_accepts(&request, "whsec_first") && receiver_accepts(&request, "whsec_second"));
    assert!(!receiver_accepts(&request, "whsec_third"));
    request.body.push(b' ');
    assert!(!receiver_accepts(&request, "whsec_first"), "the body is signed");
}

#[rstest]
#[case(301)]
#[case(307)]
#[case(400)]
#[case(410)]
#[case(500)]
#[tokio::test]
async fn every_status_is_an_answer_and_no_redirect_is_followed(#[case] status: u16) {
    let (server, other) = (MockServer::start().await, MockServer::start().await);
    let answer = ResponseTemplate::new(status).insert_header("location", other.uri().as_str());
    Mock::given(method("POST")).respond_with(answer).expect(1).mount(&server).await;
    let answer = sender("127.0.0.1").send(&callback(&server.uri())).await.unwrap();
    assert_eq!((answer.status, answer.is_accepted()), (status, false));
    assert!(other.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn only_the_beginning_of_a_long_answer_is_kept() {
    let server = MockServer::start().await;
    let long = "a\0\u{e9}".repeat(100_000);
    let answer = ResponseTemplate::new(200).set_body_string(long);
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;
    let answer = sender("127.0.0.1").send(&callback(&server.uri())).await.unwrap();
    assert!(answer.body.starts_with("a\u{fffd}\u{e9}a") && answer.body.len() <= 2_048);
    assert!(!answer.body.contains('\0'));
}

#[tokio::test]
async fn an_address_that_is_not_public_gets_nothing() {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(200)).expect(0).mount(&server).await;
    let by_name = format!("http://localhost:{}/", server.address().port());
    for url in [server.uri(), by_name] {
        let error = sender("").send(&callback(&url)).await.unwrap_err();
        assert_eq!(error.reason, OutboundError::NotAllowed(NotAllowed(ReservedRange::Loopback)), "{url}");
    }
}

#[tokio::test]
async fn why_there_is_no_answer_is_told_without_secrets() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let away = format!("http://{}/hook?key=hunter2", listener.local_addr().unwrap());
    drop(listener);
    let callback_away = callback(&away);
    let error = sender("127.0.0.1").send(&callback_away).await.unwrap_err();
    assert_eq!(error.reason, OutboundError::Unreachable(Disconnection::NoConnection));
    let told = format!("{error} {error:?} {callback_away:?}");
    assert!(!told.contains("hunter2") && !told.contains("whsec"));

    let server = MockServer::start().await;
    let silent = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    Mock::given(method("POST")).respond_with(silent).mount(&server).await;
    let error = sender("127.0.0.1").send(&callback(&server.uri())).await.unwrap_err();
    assert_eq!(error.reason, OutboundError::TimedOut);
    assert!(error.duration >= Duration::from_millis(500));
}

#[tokio::test]
async fn what_no_header_can_carry_is_not_sent() {
    let server = MockServer::start().await;
    let callback = Callback { event: "two\nlines".to_owned(), ..callback(&server.uri()) };
    let error = sender("127.0.0.1").send(&callback).await.unwrap_err();
    assert_eq!(error.reason, OutboundError::Unsendable);
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_fake_answers_as_told_and_remembers_what_came() {
    let fake = FakeCallbackSender::default();
    fake.then_answers(Ok(500));
    fake.then_answers(Err(OutboundError::TimedOut));
    let callback = callback("https://example.com/hook");
    assert_eq!(fake.send(&callback).await.unwrap().status, 500);
    assert_eq!(fake.send(&callback).await.unwrap_err().reason, OutboundError::TimedOut);
    assert!(fake.send(&callback).await.unwrap().is_accepted());
    assert_eq!(fake.received().len(), 3);
}
