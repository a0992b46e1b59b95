//! The real client. All four providers take a bearer token and answer with JSON.

use std::{collections::HashSet, fmt};

use async_trait::async_trait;
use reqwest::{Client, StatusCode, Url, header::ACCEPT};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::{
    CloudApi, KeyVerdict, Offers, OffersError,
    json::text,
    provider::{List, Provider, Query},
    settings::CloudApiSettings,
};
use crate::connectors::{
    http_client,
    outbound::{OutboundError, read_at_most},
};

/// Lists of sizes are the longest: some hundred kilobytes.
const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;
const MAX_PAGES: usize = 10;
/// Of one list.
const MAX_ENTRIES: usize = 2_000;

pub struct CloudApiClient {
    http: Client,
    settings: CloudApiSettings,
}

impl CloudApiClient {
    pub fn new(settings: CloudApiSettings) -> reqwest::Result<Self> {
        Ok(Self { http: http_client::build(settings.timeout)?, settings })
    }

    async fn get(
        &self,
        provider: &Provider,
        path: &str,
        query: Query,
        token: &SecretString,
    ) -> Result<Value, OffersError> {
        let url = provider.url(&self.settings, path).ok_or_else(|| unreachable("has an unusable address"))?;
        self.get_url(with_query(url, query), token).await
    }

    async fn get_url(&self, url: Url, token: &SecretString) -> Result<Value, OffersError> {
        let token = token.expose_secret().trim();
        // What no header can carry, no provider has issued.
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(OffersError::Refused);
        }
        let request = self.http.get(url).bearer_auth(token).header(ACCEPT, "application/json");
        let response = request.send().await.map_err(|error| failed(error.into()))?;
        check_status(response.status())?;
        let body = read_at_most(response, MAX_BODY_BYTES).await.map_err(failed)?;
        serde_json::from_slice(&body).map_err(|_| unreachable("answers with something that is not JSON"))
    }

    async fn list<T>(
        &self,
        provider: &Provider,
        list: &List<T>,
        token: &SecretString,
    ) -> Result<Vec<T>, OffersError> {
        let url =
            provider.url(&self.settings, list.path).ok_or_else(|| unreachable("has an unusable address"))?;
        let first = with_query(url, list.query);
        let (mut url, mut entries) = (first.clone(), Vec::new());
        for number in 1..=MAX_PAGES {
            let page = self.get_url(url, token).await?;
            let found = page.get(list.field).and_then(Value::as_array);
            let found = found.ok_or_else(|| unreachable("answers with something else than a list"))?;
            entries.extend(found.iter().filter_map(list.read).take(MAX_ENTRIES - entries.len()));
            match (provider.next_page)(&page, number) {
                Some((name, value)) if entries.len() < MAX_ENTRIES => {
                    url = first.clone();
                    url.query_pairs_mut().append_pair(name, &value);
                }
                _ => break,
            }
        }
        Ok(entries)
    }

    /// `None` if it is not told; prices without a currency are better than no offers.
    async fn currency(&self, provider: &Provider, token: &SecretString) -> Option<String> {
        let (path, pointer) = provider.currency?;
        text(&self.get(provider, path, &[], token).await.ok()?, pointer)
    }

    async fn read_offers(&self, provider: &Provider, token: &SecretString) -> Result<Offers, OffersError> {
        let (regions, sizes, images, currency) = tokio::join!(
            self.list(provider, &provider.regions, token),
            self.list(provider, &provider.sizes, token),
            self.list(provider, &provider.images, token),
            self.currency(provider, token),
        );
        let mut offers = Offers { regions: regions?, sizes: sizes?, images: images? };
        // One system is listed once for each processor architecture.
        let mut seen = HashSet::new();
        offers.images.retain(|image| seen.insert(image.code.clone()));
        for price in offers.sizes.iter_mut().flat_map(|size| &mut size.prices) {
            price.currency = price.currency.take().or_else(|| currency.clone());
        }
        Ok(offers)
    }
}

#[async_trait]
impl CloudApi for CloudApiClient {
    async fn check(&self, provider: &str, token: &SecretString) -> KeyVerdict {
        let Some(provider) = Provider::of_code(provider) else { return KeyVerdict::NotSupported };
        match self.get(provider, provider.check_path, &[], token).await {
            Ok(answer) => KeyVerdict::Valid { account: (provider.account)(&answer) },
            Err(OffersError::Refused) => KeyVerdict::Refused,
            Err(OffersError::NotSupported) => KeyVerdict::NotSupported,
            Err(OffersError::Unreachable(reason)) => KeyVerdict::Unreachable(reason),
        }
    }

    async fn offers(&self, provider: &str, token: &SecretString) -> Result<Offers, OffersError> {
        let provider = Provider::of_code(provider).ok_or(OffersError::NotSupported)?;
        let offers = self.read_offers(provider, token);
        tokio::time::timeout(3 * self.settings.timeout, offers)
            .await
            .unwrap_or_else(|_| Err(failed(OutboundError::TimedOut)))
    }
}

fn with_query(mut url: Url, query: Query) -> Url {
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

fn check_status(status: StatusCode) -> Result<(), OffersError> {
    match status {
        status if status.is_success() => Ok(()),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(OffersError::Refused),
        StatusCode::TOO_MANY_REQUESTS => Err(unreachable("has had too many requests; try again later")),
        status => Err(unreachable(&format!("answers with status {}", status.as_u16()))),
    }
}

fn failed(error: OutboundError) -> OffersError {
    unreachable(&format!("does not answer: {error}"))
}

fn unreachable(reason: &str) -> OffersError {
    OffersError::Unreachable(reason.to_owned())
}

impl fmt::Debug for CloudApiClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CloudApiClient")
            .field("timeout", &self.settings.timeout)
            .finish_non_exhaustive()
    }
}
