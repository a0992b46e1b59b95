//! `connectors.marketplace_webhook`: where the User Service is told what reviewers decided. Without an address or a token, it is not
//! told.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::{
    connectors::{ADDRESS, SECONDS},
    fields::{Fields, Key},
    values::{http_url, positive, secret},
};

const BASE_URL: Key = Key::new("connectors.marketplace_webhook.base_url", ADDRESS)
    .or_fallbacks(&["URL_SERVER_USER", "USER_SERVICE_BASE_URL"]);
const TOKEN: Key = Key::new("connectors.marketplace_webhook.token", "a token of the User Service")
    .or_variable("STACKER_SERVICE_TOKEN")
    .secret();
const TIMEOUT: Key = Key::new("connectors.marketplace_webhook.timeout_secs", SECONDS);

#[derive(Clone, Debug)]
pub struct MarketplaceWebhookSettings {
    pub base_url: Option<Url>,
    pub token: Option<SecretString>,
    pub timeout: Duration,
}

impl MarketplaceWebhookSettings {
    pub(super) fn read(fields: &mut Fields) -> Self {
        fields.ignore_empty_section("connectors.marketplace_webhook");
        Self {
            base_url: fields.read(BASE_URL, http_url),
            token: fields.read(TOKEN, secret),
            timeout: Duration::from_secs(fields.read(TIMEOUT, positive).unwrap_or(10)),
        }
    }
}
