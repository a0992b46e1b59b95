use std::{
    collections::VecDeque,
    io,
    net::{IpAddr, TcpListener},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use reqwest::{Method, Request};
use rstest::rstest;
use url::Url;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};

use super::*;
use crate::config::Networks;

/// Answers each question with the next list of addresses; the last list stays.
#[derive(Debug)]
struct Scripted(Mutex<VecDeque<Vec<IpAddr>>>);

impl Scripted {
    fn new(answers: &[&[&str]]) -> Arc<Self> {
        let parse = |answer: &&[&str]| answer.iter().map(|address| address.parse().unwrap()).collect();
        Arc::new(Self(Mutex::new(answers.iter().map(parse).collect())))
    }
}

#[async_trait]
impl HostResolver for Scripted {
    async fn resolve(&self, _host: &str) -> io::Result<Vec<IpAddr>> {
        let mut answers = self.0.lock().unwrap();
        let answer = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        answer.ok_or_else(|| io::Error::other("no such host"))
    }
}

fn allowing(networks: &str, hosts: &[&str]) -> OutboundSettings {
    let hosts = hosts.iter().map(|host| (*host).to_owned());
    OutboundSettings {
        allowed: AllowList::new(Networks::parse(networks).unwrap(), hosts),
        ..OutboundSettings::default()
    }
}

fn client(settings: OutboundSettings, resolver: Arc<dyn HostResolver>) -> OutboundClient {
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    OutboundClient::with_resolver(settings, resolver).unwrap()
}

fn get(url: &str) -> Request {
    Request::new(Method::GET, url.parse().unwrap())
}

async fn server_answering(answer: ResponseTemplate, times: u64) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(answer).expect(times).mount(&server).await;
    server
}

fn not_allowed(range: ReservedRange) -> OutboundError {
    OutboundError::NotAllowed(NotAllowed(range))
}

#[tokio::test]
async fn a_name_that_leads_to_this_machine_is_not_connected() {
    let server = server_answering(ResponseTemplate::new(200), 0).await;
    let client = client(OutboundSettings::default(), Scripted::new(&[&["127.0.0.1"]]));
    let url = format!("http://hooks.example.com:{}/", server.address().port());
    assert_eq!(client.send(get(&url)).await.unwrap_err(), not_allowed(ReservedRange::Loopback));
}

#[tokio::test]
async fn a_name_that_changes_its_address_after_a_check_is_checked_again() {
    let server = server_answering(ResponseTemplate::new(200), 0).await;
    // The first answer is what a check before the request would have seen.
    let resolver = Scripted::new(&[&["8.8.8.8"], &["127.0.0.1"]]);
    assert_eq!(resolver.resolve("rebind.example.com").await.unwrap(), ["8.8.8.8".parse::<IpAddr>().unwrap()]);
    let client = client(OutboundSettings::default(), resolver);
    let url = format!("http://rebind.example.com:{}/", server.address().port());
    assert_eq!(client.send(get(&url)).await.unwrap_err(), not_allowed(ReservedRange::Loopback));
}

#[tokio::test]
async fn only_the_allowed_ones_of_several_addresses_are_connected() {
    let server = server_answering(ResponseTemplate::new(200), 1).await;
    // Nothing could answer at the first address, so the answer shows that it was left out.
    let resolver = Scripted::new(&[&["::1", "10.0.0.1", "127.0.0.1"]]);
    let client = client(allowing("127.0.0.1", &[]), resolver);
    let url = format!("http://hooks.example.com:{}/", server.address().port());
    assert_eq!(client.send(get(&url)).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_listed_host_is_open_wherever_it_is_and_no_other_is() {
    let server = server_answering(ResponseTemplate::new(200), 1).await;
    let client = client(allowing("", &["registry.internal"]), Scripted::new(&[&["127.0.0.1"]]));
    let port = server.address().port();
    let answer = client.send(get(&format!("http://registry.internal:{port}/"))).await.unwrap();
    assert_eq!(answer.status(), 200);
    let error = client.send(get(&format!("http://other.internal:{port}/"))).await.unwrap_err();
    assert_eq!(error, not_allowed(ReservedRange::Loopback));
}

#[rstest]
#[case("http://127.0.0.1/", ReservedRange::Loopback)]
#[case("http://127.1/", ReservedRange::Loopback)]
#[case("http://0x7f000001/", ReservedRange::Loopback)]
#[case("http://2130706433/", ReservedRange::Loopback)]
#[case("http://0177.0.0.1/", ReservedRange::Loopback)]
#[case("http://169.254.169.254/latest/meta-data", ReservedRange::LinkLocal)]
#[case("http://0/", ReservedRange::Unspecified)]
#[case("http://[::1]/", ReservedRange::Loopback)]
#[case("http://[::ffff:10.0.0.1]/", ReservedRange::Private)]
#[case("http://[64:ff9b::7f00:1]/", ReservedRange::Loopback)]
#[tokio::test]
async fn an_address_in_the_url_is_checked_too(#[case] url: &str, #[case] expected: ReservedRange) {
    let client = client(OutboundSettings::default(), Scripted::new(&[]));
    assert_eq!(client.check_url(&url.parse().unwrap()), Err(not_allowed(expected)));
    assert_eq!(client.send(get(url)).await.unwrap_err(), not_allowed(expected));
}

#[rstest]
#[case("ftp://example.com/", UnusableUrl::Scheme)]
#[case("file:///etc/passwd", UnusableUrl::Scheme)]
#[case("unix:/run/docker.sock", UnusableUrl::Scheme)]
#[case("https://ada:hunter2@example.com/", UnusableUrl::Credentials)]
fn other_schemes_and_credentials_in_the_url_are_refused(#[case] url: &str, #[case] expected: UnusableUrl) {
    let client = client(OutboundSettings::default(), Scripted::new(&[]));
    let error = client.check_url(&Url::parse(url).unwrap()).unwrap_err();
    assert_eq!(error, OutboundError::InvalidUrl(expected));
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_redirect_is_an_answer_like_any_other() {
    let redirect = ResponseTemplate::new(302).insert_header("location", "/elsewhere");
    let server = server_answering(redirect, 1).await;
    let client = client(allowing("127.0.0.0/8", &[]), Scripted::new(&[]));
    assert_eq!(client.send(get(&server.uri())).await.unwrap().status(), 302);
}

#[tokio::test]
async fn what_nobody_answers_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let unknown = client(allowing("127.0.0.0/8", &[]), Scripted::new(&[]));
    let error = unknown.send(get("http://nowhere.example.com/?token=hunter2")).await.unwrap_err();
    assert_eq!(error, OutboundError::Unreachable(Disconnection::UnknownHost));
    let error = unknown.send(get(&format!("http://{address}/?token=hunter2"))).await.unwrap_err();
    assert_eq!(error, OutboundError::Unreachable(Disconnection::NoConnection));
    assert!(!error.to_string().contains("hunter2"));

    let server = server_answering(ResponseTemplate::new(200), 0).await;
    let https = server.uri().replace("http://", "https://");
    let error = unknown.send(get(&https)).await.unwrap_err();
    assert_eq!(error, OutboundError::Unreachable(Disconnection::Tls));
}

#[tokio::test]
async fn a_silent_host_is_not_waited_for_longer_than_the_timeout() {
    let answer = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    let server = server_answering(answer, 1).await;
    let settings = OutboundSettings { timeout: Duration::from_millis(50), ..allowing("127.0.0.0/8", &[]) };
    let client = client(settings, Scripted::new(&[]));
    assert_eq!(client.send(get(&server.uri())).await.unwrap_err(), OutboundError::TimedOut);
}

#[tokio::test]
async fn a_long_answer_is_refused_or_cut() {
    let server = server_answering(ResponseTemplate::new(200).set_body_string("0123456789"), 4).await;
    let client = client(allowing("127.0.0.0/8", &[]), Scripted::new(&[]));
    let answer = async || client.send(get(&server.uri())).await.unwrap();
    assert_eq!(read_at_most(answer().await, 9).await, Err(OutboundError::TooLarge { limit_bytes: 9 }));
    assert_eq!(read_at_most(answer().await, 10).await.unwrap(), b"0123456789");
    assert_eq!(read_beginning(answer().await, 4).await.unwrap(), b"0123");
    assert_eq!(read_beginning(answer().await, 99).await.unwrap(), b"0123456789");
}
