//! The real lookup of bearer tokens, over HTTP.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use domain::access::Caller;
use reqwest::{
    Client, Response, StatusCode,
    header::{ACCEPT, CONTENT_TYPE},
};
use url::Url;

use super::profile;
use crate::connectors::{
    http_client,
    oauth::lookup::{LookupError, UserLookup},
};

const TIMEOUT: Duration = Duration::from_secs(5);
/// Profiles are a few kilobytes long.
const MAX_BODY_BYTES: usize = 256 * 1024;
const JSON: &str = "application/json";

pub struct ProviderClient {
    http: Client,
    auth_url: Url,
}

impl ProviderClient {
    /// `auth_url` is requested with the bearer token and returns the profile of its owner.
    pub fn new(auth_url: Url) -> reqwest::Result<Self> {
        Ok(Self { http: http_client::build(TIMEOUT)?, auth_url })
    }

    async fn ask(&self, bearer: &str) -> Result<Response, reqwest::Error> {
        let request = self.http.get(self.auth_url.clone()).bearer_auth(bearer);
        request.header(CONTENT_TYPE, JSON).header(ACCEPT, JSON).send().await
    }
}

#[async_trait]
impl UserLookup for ProviderClient {
    async fn me(&self, bearer: &str) -> Result<Caller, LookupError> {
        if !is_token(bearer) {
            return Err(LookupError::Refused);
        }
        let response = self.ask(bearer).await.map_err(unavailable)?;
        let status = response.status();
        if !status.is_success() {
            return Err(refused_or_unavailable(status));
        }
        let body = read_limited(response).await?;
        profile::caller(&body).ok_or_else(|| {
            tracing::warn!("the sign-in provider's answer does not say who it is: is `auth_url` right?");
            LookupError::Refused
        })
    }
}

/// Whether the token can be sent in a header.
pub(super) fn is_token(bearer: &str) -> bool {
    !bearer.is_empty() && bearer.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A failing provider has not refused the token.
pub(super) fn refused_or_unavailable(status: StatusCode) -> LookupError {
    let in_trouble = status.is_server_error()
        || status.is_redirection()
        || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS);
    if in_trouble {
        tracing::warn!(status = status.as_u16(), "the sign-in provider does not answer as it should");
        LookupError::Unavailable
    } else {
        LookupError::Refused
    }
}

pub(super) async fn read_limited(mut response: Response) -> Result<Vec<u8>, LookupError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unavailable)? {
        if body.len() + chunk.len() > MAX_BODY_BYTES {
            tracing::warn!(limit_bytes = MAX_BODY_BYTES, "the sign-in provider's answer is too long");
            return Err(LookupError::Refused);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

pub(super) fn unavailable(error: reqwest::Error) -> LookupError {
    // The URL may contain credentials.
    let error = error.without_url();
    tracing::warn!(error = %error, "the sign-in provider does not answer");
    LookupError::Unavailable
}

impl fmt::Debug for ProviderClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ProviderClient")
            .field("host", &self.auth_url.host_str())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;
    use wiremock::{
        Mock, MockServer, ResponseTemplate,
        matchers::{header, method, path},
    };

    use super::*;

    async fn client_of(provider: &MockServer) -> ProviderClient {
        // Several tests install the provider; only the first call has an effect.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        ProviderClient::new(format!("{}/me", provider.uri()).parse().unwrap()).unwrap()
    }

    fn profile() -> serde_json::Value {
        json!({"user": {
            "_id": "u1", "email": "ada@example.com", "email_confirmed": true, "role": "group_user", "currency": null,
            "password_change_required": null, "billing_first_name": null, "billing_last_name": null,
            "deployments_left": null,
        }})
    }

    #[tokio::test]
    async fn the_owner_of_the_bearer_is_asked_for() {
        let provider = MockServer::start().await;
        Mock::given(method("GET"))
            .and(path("/me"))
            .and(header("authorization", "Bearer abc"))
            .and(header("accept", "application/json"))
            .respond_with(ResponseTemplate::new(200).set_body_json(profile()))
            .expect(1)
            .mount(&provider)
            .await;
        assert_eq!(client_of(&provider).await.me("abc").await.unwrap().user_id, "u1");
    }

    #[rstest]
    #[case(401, LookupError::Refused)]
    #[case(403, LookupError::Refused)]
    #[case(302, LookupError::Unavailable)]
    #[case(429, LookupError::Unavailable)]
    #[case(500, LookupError::Unavailable)]
    #[case(503, LookupError::Unavailable)]
    #[tokio::test]
    async fn a_provider_in_trouble_has_not_said_no(#[case] status: u16, #[case] expected: LookupError) {
        let provider = MockServer::start().await;
        let answer = ResponseTemplate::new(status).set_body_json(profile());
        Mock::given(method("GET")).respond_with(answer).mount(&provider).await;
        assert_eq!(client_of(&provider).await.me("abc").await, Err(expected));
    }

    #[tokio::test]
    async fn an_answer_that_says_nobody_opens_nothing() {
        let provider = MockServer::start().await;
        let answer = ResponseTemplate::new(200).set_body_string("<html>welcome</html>");
        Mock::given(method("GET")).respond_with(answer).mount(&provider).await;
        assert_eq!(client_of(&provider).await.me("abc").await, Err(LookupError::Refused));
    }

    #[tokio::test]
    async fn a_loopback_provider_that_is_away_opens_nothing() {
        // Nothing listens on a port that was just released.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let client = ProviderClient::new(format!("http://{address}/me").parse().unwrap()).unwrap();
        assert_eq!(client.me("abc").await, Err(LookupError::Unavailable));
    }

    #[tokio::test]
    async fn what_no_header_can_carry_is_not_sent() {
        let provider = MockServer::start().await;
        Mock::given(method("GET")).respond_with(ResponseTemplate::new(200)).expect(0).mount(&provider).await;
        let client = client_of(&provider).await;
        assert_eq!(client.me("a b").await, Err(LookupError::Refused));
        assert_eq!(client.me("").await, Err(LookupError::Refused));
    }
}
