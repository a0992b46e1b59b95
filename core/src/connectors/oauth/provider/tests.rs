use rstest::rstest;
use serde_json::json;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

use super::*;
use crate::config::Claims;

fn provider(addresses: ProviderAddresses) -> OAuthProvider {
    // Several tests install the provider; only the first call has an effect.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let own = |text: &str| text.to_owned();
    let settings = OAuthSettings {
        name: own("Example"),
        client_id: own("stacker"),
        client_secret: None,
        addresses,
        scopes: Vec::new(),
        claims: Claims { id: own("sub"), name: own("name"), email: own("email"), role: own("role") },
        default_role: own("group_user"),
        check_interval: Duration::from_secs(300),
    };
    OAuthProvider::new(settings, Context::of_the_machine()).unwrap()
}

fn each(uri: &str) -> ProviderAddresses {
    let at = |path: &str| format!("{uri}{path}").parse().unwrap();
    ProviderAddresses::Each { authorize: at("/authorize"), token: at("/token"), user_info: at("/me") }
}

#[rstest]
#[case(200, true)]
#[case(302, true)]
#[case(400, true)]
#[case(405, true)]
#[case(500, true)]
#[case(502, false)]
#[case(503, false)]
#[tokio::test]
async fn whoever_answers_for_itself_is_there(#[case] status: u16, #[case] expected: bool) {
    let server = MockServer::start().await;
    Mock::given(method("HEAD"))
        .and(path("/authorize"))
        .respond_with(ResponseTemplate::new(status))
        .expect(1)
        .mount(&server)
        .await;
    let provider = provider(each(&server.uri()));
    assert!(provider.is_known());
    assert_eq!((provider.answers().await, provider.answers().await), (expected, expected));
}

#[tokio::test]
async fn one_that_describes_itself_is_asked_for_that_and_known_once_it_did() {
    let server = MockServer::start().await;
    let uri = server.uri();
    let described = json!({"issuer": uri, "authorization_endpoint": format!("{uri}/authorize"),
        "token_endpoint": format!("{uri}/token"), "userinfo_endpoint": format!("{uri}/me")});
    let answer = ResponseTemplate::new(200).set_body_json(described);
    let description = || Mock::given(path("/.well-known/openid-configuration"));
    description().respond_with(answer).up_to_n_times(1).mount(&server).await;
    description().respond_with(ResponseTemplate::new(503)).with_priority(9).mount(&server).await;
    let mut provider = provider(ProviderAddresses::Issuer(uri.parse().unwrap()));
    assert!(!provider.is_known());
    assert!(provider.answers().await && provider.is_known());
    assert!(provider.answers().await, "as a moment ago");
    provider.presence = Presence::new();
    assert!(!provider.answers().await);
    let left = provider.authorize(&"http://127.0.0.1/back".parse().unwrap()).await.unwrap();
    assert!(left.url.as_str().starts_with(&format!("{uri}/authorize?")), "one can go anyway");
}

#[tokio::test]
async fn one_that_nothing_listens_for_is_away() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert!(!provider(each(&uri)).answers().await);
    let described = provider(ProviderAddresses::Issuer(uri.parse().unwrap()));
    assert!(!described.answers().await && !described.is_known());
}
