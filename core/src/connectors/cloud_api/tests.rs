use std::{net::TcpListener, time::Duration};

use rstest::rstest;
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header, method, path, query_param, query_param_is_missing},
};

use super::*;

const TOKEN: &str = "t0ken-hunter2";

fn token() -> SecretString {
    TOKEN.into()
}

fn client_at(url: &str) -> CloudApiClient {
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let url: Option<Url> = Some(url.parse().unwrap());
    CloudApiClient::new(CloudApiSettings {
        hetzner: url.clone(),
        digital_ocean: url.clone(),
        linode: url.clone(),
        vultr: url,
        timeout: Duration::from_secs(5),
    })
    .unwrap()
}

/// Providers behind a path, as their real addresses have one.
fn client_of(server: &MockServer) -> CloudApiClient {
    client_at(&format!("{}/v9", server.uri()))
}

async fn answers(server: &MockServer, at: &str, body: Value) {
    Mock::given(method("GET"))
        .and(path(format!("/v9/{at}")))
        .and(header("authorization", format!("Bearer {TOKEN}").as_str()))
        .respond_with(ResponseTemplate::new(200).set_body_json(body))
        .expect(1)
        .mount(server)
        .await;
}

#[rstest]
#[case("hetzner", "locations", json!({"locations": []}), None)]
#[case("htz", "locations", json!({"locations": []}), None)]
#[case("digitalocean", "account", json!({"account": {"email": "ada@example.com"}}), Some("ada@example.com"))]
#[case("do", "account", json!({"account": {"email": "a@b.c", "team": {"name": "Engines"}}}), Some("Engines"))]
#[case("Linode", "profile", json!({"username": "ada"}), Some("ada"))]
#[case("vultr", "account", json!({"account": {"name": "Ada", "email": "ada@example.com"}}), Some("Ada"))]
#[tokio::test]
async fn a_key_that_the_provider_accepts_is_valid(
    #[case] provider: &str,
    #[case] at: &str,
    #[case] body: Value,
    #[case] account: Option<&str>,
) {
    let server = MockServer::start().await;
    answers(&server, at, body).await;
    let verdict = client_of(&server).check(provider, &token()).await;
    assert_eq!(verdict, KeyVerdict::Valid { account: account.map(str::to_owned) });
}

#[rstest]
#[case(401, KeyVerdict::Refused)]
#[case(403, KeyVerdict::Refused)]
#[case(302, KeyVerdict::Unreachable("answers with status 302".to_owned()))]
#[case(429, KeyVerdict::Unreachable("has had too many requests; try again later".to_owned()))]
#[case(500, KeyVerdict::Unreachable("answers with status 500".to_owned()))]
#[case(503, KeyVerdict::Unreachable("answers with status 503".to_owned()))]
#[tokio::test]
async fn a_provider_in_trouble_has_not_refused_the_key(#[case] status: u16, #[case] expected: KeyVerdict) {
    let server = MockServer::start().await;
    // What the provider writes is not passed on: it may repeat the key.
    let answer =
        ResponseTemplate::new(status).set_body_string(TOKEN).insert_header("location", "/v9/account");
    Mock::given(method("GET")).respond_with(answer).expect(1).mount(&server).await;
    let client = client_of(&server);
    assert_eq!(client.check("vultr", &token()).await, expected);
}

#[tokio::test]
async fn silence_and_a_closed_port_are_unreachable_and_tell_no_key() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let away = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let verdict = client_at(&away).check("hetzner", &token()).await;
    assert_eq!(verdict, KeyVerdict::Unreachable("does not answer: the host cannot be connected".to_owned()));

    let server = MockServer::start().await;
    let silent = ResponseTemplate::new(200).set_delay(Duration::from_secs(60));
    Mock::given(method("GET")).respond_with(silent).mount(&server).await;
    let mut settings = CloudApiSettings { timeout: Duration::from_millis(50), ..CloudApiSettings::default() };
    settings.hetzner = Some(server.uri().parse().unwrap());
    let client = CloudApiClient::new(settings).unwrap();
    let verdict = client.check("hetzner", &token()).await;
    assert_eq!(verdict, KeyVerdict::Unreachable("does not answer: there was no answer in time".to_owned()));
    assert!(!format!("{client:?}").contains("hunter2"));
}

#[tokio::test]
async fn nobody_is_asked_about_keys_that_cannot_be_checked() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(200)).expect(0).mount(&server).await;
    let client = client_of(&server);
    assert_eq!(client.check("aws", &token()).await, KeyVerdict::NotSupported);
    assert_eq!(client.offers("my own cloud", &token()).await, Err(OffersError::NotSupported));
    assert_eq!(client.check("hetzner", &"two\nlines".into()).await, KeyVerdict::Refused);
    assert_eq!(client.check("hetzner", &" ".into()).await, KeyVerdict::Refused);
}

#[test]
fn without_a_setting_the_providers_own_addresses_are_asked() {
    for (code, expected) in [
        ("hetzner", "https://api.hetzner.cloud/v1/locations"),
        ("do", "https://api.digitalocean.com/v2/account"),
        ("linode", "https://api.linode.com/v4/profile"),
        ("vultr", "https://api.vultr.com/v2/account"),
    ] {
        let provider = provider::Provider::of_code(code).unwrap();
        let url = provider.url(&CloudApiSettings::default(), provider.check_path).unwrap();
        assert_eq!(url.as_str(), expected);
    }
}

#[tokio::test]
async fn hetzner_offers_are_read_from_every_page_with_their_prices() {
    let server = MockServer::start().await;
    answers(
        &server,
        "locations",
        json!({"locations": [
            {"name": "fsn1", "city": "Falkenstein", "country": "DE", "new_field": {}}, {"no": "name"},
        ]}),
    )
    .await;
    answers(&server, "pricing", json!({"pricing": {"currency": "EUR"}})).await;
    answers(
        &server,
        "images",
        json!({"images": [
            {"name": "debian-12", "description": "Debian 12", "architecture": "x86", "deprecated": null},
            {"name": "debian-12", "description": "Debian 12", "architecture": "arm", "deprecated": null},
            {"name": "debian-9", "description": "Debian 9", "deprecated": "2021-01-01T00:00:00Z"},
        ]}),
    )
    .await;
    let size = |name: &str, deprecated: bool| {
        json!({"name": name, "cores": 2, "memory": 4.0, "disk": 40, "deprecated": deprecated, "prices": [
            {"location": "fsn1", "price_monthly": {"net": "3.7900000000", "gross": "4.5101000000"}}]})
    };
    let page = |sizes: Value, next: Value| {
        ResponseTemplate::new(200)
            .set_body_json(json!({"server_types": sizes, "meta": {"pagination": {"next_page": next}}}))
    };
    let sizes =
        || Mock::given(method("GET")).and(path("/v9/server_types")).and(query_param("per_page", "50"));
    sizes()
        .and(query_param_is_missing("page"))
        .respond_with(page(json!([size("cx22", false), size("cx11", true)]), json!(2)))
        .mount(&server)
        .await;
    sizes()
        .and(query_param("page", "2"))
        .respond_with(page(json!([size("cax11", false)]), json!(null)))
        .mount(&server)
        .await;

    let offers = client_of(&server).offers("htz", &token()).await.unwrap();
    let regions = [Region { code: "fsn1".to_owned(), label: "Falkenstein, DE".to_owned() }];
    assert_eq!(offers.regions, regions);
    assert_eq!(offers.images, [OsImage { code: "debian-12".to_owned(), label: "Debian 12".to_owned() }]);
    let codes: Vec<&str> = offers.sizes.iter().map(|size| size.code.as_str()).collect();
    assert_eq!(codes, ["cx22", "cax11"]);
    let cx22 = &offers.sizes[0];
    assert_eq!((cx22.cpus, cx22.memory_mib, cx22.disk_gib), (2, 4096, 40));
    let price = cx22.price_in("fsn1").unwrap();
    assert_eq!((price.amount.as_str(), price.currency.as_deref()), ("3.79", Some("EUR")));
    assert_eq!(cx22.price_in("hel1"), None);
}

#[tokio::test]
async fn digital_ocean_offers_leave_out_what_is_not_available() {
    let server = MockServer::start().await;
    answers(
        &server,
        "regions",
        json!({"regions": [
            {"slug": "fra1", "name": "Frankfurt 1", "available": true}, {"slug": "nyc2", "available": false},
        ]}),
    )
    .await;
    answers(
        &server,
        "sizes",
        json!({"sizes": [
        {"slug": "s-1vcpu-512mb-10gb", "memory": 512, "vcpus": 1, "disk": 10, "price_monthly": 4.0,
         "regions": ["fra1"], "available": true},
        {"slug": "gone", "memory": 512, "vcpus": 1, "disk": 10, "available": false},
    ], "links": {"pages": {}}}),
    )
    .await;
    answers(&server, "images", json!({"images": [
        {"slug": "debian-12-x64", "distribution": "Debian", "name": "12 x64"}, {"slug": null, "name": "old"},
    ]}))
    .await;
    let offers = client_of(&server).offers("do", &token()).await.unwrap();
    assert_eq!((offers.regions.len(), offers.sizes.len()), (1, 1));
    assert_eq!(offers.images[0].label, "Debian 12 x64");
    let price = offers.sizes[0].price_in("fra1").unwrap();
    assert_eq!((price.amount.as_str(), price.currency.as_deref()), ("4", Some("USD")));
}

#[tokio::test]
async fn linode_regions_may_have_prices_of_their_own() {
    let server = MockServer::start().await;
    answers(
        &server,
        "regions",
        json!({"data": [{"id": "eu-central", "label": "Frankfurt, DE"}], "pages": 1}),
    )
    .await;
    answers(
        &server,
        "linode/types",
        json!({"data": [
        {"id": "g6-nanode-1", "vcpus": 1, "memory": 1024, "disk": 25600, "price": {"monthly": 5.0},
         "region_prices": [{"id": "br-gru", "monthly": 7}]},
    ], "pages": 1}),
    )
    .await;
    answers(
        &server,
        "images",
        json!({"data": [
            {"id": "linode/debian12", "label": "Debian 12", "is_public": true, "deprecated": false},
            {"id": "private/15", "label": "mine", "is_public": false},
            {"id": "linode/debian9", "label": "Debian 9", "is_public": true, "deprecated": true},
        ]}),
    )
    .await;
    let offers = client_of(&server).offers("linode", &token()).await.unwrap();
    let size = &offers.sizes[0];
    assert_eq!((size.disk_gib, size.memory_mib), (25, 1024));
    let amount = |region| size.price_in(region).unwrap().amount.as_str();
    assert_eq!((amount("br-gru"), amount("eu-central")), ("7", "5"));
    assert_eq!(offers.images.len(), 1);
}

#[tokio::test]
async fn vultr_pages_are_followed_by_their_cursor() {
    let server = MockServer::start().await;
    answers(&server, "regions", json!({"regions": [{"id": "fra", "city": "Frankfurt", "country": "DE"}]}))
        .await;
    answers(
        &server,
        "os",
        json!({"os": [
            {"id": 2136, "name": "Debian 12 x64 (bookworm)", "family": "debian"},
            {"id": 159, "name": "Custom", "family": "iso"},
        ]}),
    )
    .await;
    let plan = |id: &str| json!({"id": id, "vcpu_count": 1, "ram": 1024, "disk": 25, "monthly_cost": 5.5, "locations": ["fra"]});
    let page = |id: &str, next: &str| {
        let body = json!({"plans": [plan(id)], "meta": {"links": {"next": next, "prev": ""}}});
        ResponseTemplate::new(200).set_body_json(body)
    };
    let plans = || Mock::given(method("GET")).and(path("/v9/plans"));
    plans()
        .and(query_param_is_missing("cursor"))
        .respond_with(page("vc2-1", "bmV4dA=="))
        .mount(&server)
        .await;
    plans().and(query_param("cursor", "bmV4dA==")).respond_with(page("vc2-2", "")).mount(&server).await;
    let offers = client_of(&server).offers("vultr", &token()).await.unwrap();
    assert_eq!(offers.sizes.len(), 2);
    assert_eq!(offers.sizes[0].prices[0].amount, "5.50");
    let system = OsImage { code: "2136".to_owned(), label: "Debian 12 x64 (bookworm)".to_owned() };
    assert_eq!(offers.images, [system]);
}

#[tokio::test]
async fn pages_without_end_are_not_followed_forever() {
    let server = MockServer::start().await;
    let endless = json!({"data": [], "pages": 1_000_000});
    let answer = ResponseTemplate::new(200).set_body_json(endless);
    Mock::given(path("/v9/regions")).respond_with(answer.clone()).expect(10).mount(&server).await;
    Mock::given(method("GET")).respond_with(answer).mount(&server).await;
    assert_eq!(client_of(&server).offers("linode", &token()).await, Ok(Offers::default()));
}

#[tokio::test]
async fn what_is_no_list_is_an_error_and_a_refused_key_is_one_too() {
    let server = MockServer::start().await;
    answers(&server, "regions", json!({"message": "hello"})).await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(401)).mount(&server).await;
    let error = client_of(&server).offers("vultr", &token()).await.unwrap_err();
    assert_eq!(error, OffersError::Unreachable("answers with something else than a list".to_owned()));
    assert_eq!(client_of(&server).offers("hetzner", &token()).await, Err(OffersError::Refused));
}

#[tokio::test]
async fn the_fake_answers_as_told() {
    let fake = FakeCloudApi::default();
    let valid = KeyVerdict::Valid { account: None };
    fake.knows("hetzner", TOKEN, valid.clone(), Offers::default());
    assert_eq!(fake.check("hetzner", &token()).await, valid);
    assert_eq!(fake.check("hetzner", &"other".into()).await, KeyVerdict::Refused);
    assert_eq!(fake.offers("aws", &token()).await, Err(OffersError::NotSupported));
    assert_eq!(fake.asked(), 3);
    assert!(!format!("{fake:?}").contains("hunter2"));
}
