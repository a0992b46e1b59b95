//! The real sender.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use reqwest::{
    Client, Response, StatusCode,
    header::{ACCEPT, CONTENT_TYPE},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use url::Url;

use super::{MarketplaceWebhook, WebhookError};
use crate::connectors::{http_client, outbound::read_at_most};

const JSON: &str = "application/json";
const MAX_ANSWER_BYTES: usize = 64 * 1024;

#[derive(Clone, Debug)]
pub struct MarketplaceWebhookSettings {
    /// The path `/marketplace/sync` is added to its path.
    pub base_url: Url,
    pub token: SecretString,
    /// For one request.
    pub timeout: Duration,
}

pub struct MarketplaceWebhookClient {
    http: Client,
    settings: MarketplaceWebhookSettings,
}

#[derive(Deserialize)]
struct Answer {
    success: bool,
}

impl MarketplaceWebhookClient {
    pub fn new(settings: MarketplaceWebhookSettings) -> reqwest::Result<Self> {
        Ok(Self { http: http_client::build(settings.timeout)?, settings })
    }

    fn url(&self) -> Result<Url, WebhookError> {
        let mut url = self.settings.base_url.clone();
        url.path_segments_mut()
            .map_err(|()| WebhookError::NotFound)?
            .pop_if_empty()
            .extend(["marketplace", "sync"]);
        Ok(url)
    }
}

#[async_trait]
impl MarketplaceWebhook for MarketplaceWebhookClient {
    async fn send(&self, body: &str) -> Result<(), WebhookError> {
        let token = self.settings.token.expose_secret();
        // What no header can carry, nobody has issued.
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(WebhookError::Unauthorized);
        }
        let request = self.http.post(self.url()?).bearer_auth(token);
        let request = request.header(CONTENT_TYPE, JSON).header(ACCEPT, JSON).body(body.to_owned());
        let response = request.send().await.map_err(|error| {
            // The URL may contain credentials.
            tracing::debug!(error = %error.without_url(), "the User Service does not answer");
            WebhookError::Unavailable
        })?;
        check(response.status())?;
        accepted(response).await
    }
}

fn check(status: StatusCode) -> Result<(), WebhookError> {
    match status {
        StatusCode::OK | StatusCode::CREATED => Ok(()),
        StatusCode::UNAUTHORIZED => Err(WebhookError::Unauthorized),
        StatusCode::NOT_FOUND => Err(WebhookError::NotFound),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Err(WebhookError::Unavailable),
        status if status.is_server_error() => Err(WebhookError::Unavailable),
        status => Err(WebhookError::UnexpectedStatus { status: status.as_u16() }),
    }
}

/// The status says that the message arrived. Only an answer that says otherwise changes that.
async fn accepted(response: Response) -> Result<(), WebhookError> {
    let body = read_at_most(response, MAX_ANSWER_BYTES).await.unwrap_or_default();
    match serde_json::from_slice(&body) {
        Ok(Answer { success: false }) => Err(WebhookError::Declined),
        Ok(Answer { success: true }) | Err(_) => Ok(()),
    }
}

impl fmt::Debug for MarketplaceWebhookClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.settings.base_url.host_str();
        formatter.debug_struct("MarketplaceWebhookClient").field("host", &host).finish_non_exhaustive()
    }
}
