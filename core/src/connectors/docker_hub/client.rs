//! The real client.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url, header::RETRY_AFTER};
use secrecy::ExposeSecret as _;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    Audience, BrowseCache, DockerHub,
    error::BrowseError,
    json,
    settings::BrowseSettings,
    types::{Namespace, Repository, Tag},
};
use crate::connectors::{
    http_client,
    outbound::{OutboundError, read_at_most},
};

const USER_AGENT: &str = concat!("stacker-dockerhub-client/", env!("CARGO_PKG_VERSION"));
const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;
const MAX_PAGE_SIZE: u32 = 100;
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_millis(1_600);
/// Docker Hub's names are shorter; what is longer cannot exist.
const MAX_NAME: usize = 255;
const MAX_QUERY: usize = 200;

pub struct DockerHubClient {
    http: Client,
    settings: BrowseSettings,
    cache: Arc<dyn BrowseCache>,
}

/// One list: where it is, where it is kept and how it is read.
struct List<T> {
    url: Url,
    key: String,
    ttl: Duration,
    read: fn(&Value) -> Result<Vec<T>, BrowseError>,
}

impl DockerHubClient {
    pub fn new(settings: BrowseSettings, cache: Arc<dyn BrowseCache>) -> reqwest::Result<Self> {
        let timeout = settings.timeout.max(Duration::from_secs(1));
        let http = http_client::builder(timeout).user_agent(USER_AGENT).build()?;
        Ok(Self { http, settings, cache })
    }

    async fn list<T: Serialize + DeserializeOwned>(&self, list: List<T>) -> Result<Vec<T>, BrowseError> {
        // What another version wrote and we cannot read is asked for again.
        if !list.ttl.is_zero()
            && let Some(kept) = self.cache.get(&list.key).await
            && let Ok(kept) = serde_json::from_str(&kept)
        {
            return Ok(kept);
        }
        let found = (list.read)(&self.get(list.url).await?)?;
        if !list.ttl.is_zero()
            && let Ok(text) = serde_json::to_string(&found)
        {
            self.cache.put(&list.key, &text, list.ttl, self.audience()).await;
        }
        Ok(found)
    }

    async fn get(&self, url: Url) -> Result<Value, BrowseError> {
        let mut wait = FIRST_WAIT;
        for _ in 1..self.settings.attempts.max(1) {
            match self.get_once(url.clone()).await {
                Err(BrowseError::Unavailable) => {}
                answer => return answer,
            }
            tokio::time::sleep(wait).await;
            wait = LONGEST_WAIT.min(wait * 2);
        }
        self.get_once(url).await
    }

    async fn get_once(&self, url: Url) -> Result<Value, BrowseError> {
        let request = self.signed_in(self.http.get(url));
        let response = request.send().await.map_err(|error| transport(error.into()))?;
        check(&response)?;
        let body = read_at_most(response, MAX_BODY_BYTES).await.map_err(transport)?;
        serde_json::from_slice(&body).map_err(|_| BrowseError::InvalidAnswer)
    }

    fn signed_in(&self, request: RequestBuilder) -> RequestBuilder {
        match (&self.settings.username, &self.settings.personal_access_token) {
            (Some(username), Some(token)) => request.basic_auth(username, Some(token.expose_secret())),
            (None, Some(token)) => request.bearer_auth(token.expose_secret()),
            (_, None) => request,
        }
    }

    fn audience(&self) -> Audience {
        match self.settings.personal_access_token {
            Some(_) => Audience::OurAccount,
            None => Audience::Everyone,
        }
    }

    /// `None` if one of the segments cannot be a name.
    fn url(&self, segments: &[&str], query_name: &str, query: Option<&str>) -> Option<Url> {
        let is_name = |segment: &&str| segment.len() <= MAX_NAME && !matches!(*segment, "." | "..");
        if !segments.iter().all(is_name) {
            return None;
        }
        let mut url = self.settings.base_url.clone();
        // Encodes what is special in a path.
        url.path_segments_mut().ok()?.pop_if_empty().push("v2").extend(segments);
        let size = self.settings.page_size.clamp(1, MAX_PAGE_SIZE).to_string();
        url.query_pairs_mut().append_pair("page_size", &size);
        if let Some(query) = query {
            url.query_pairs_mut().append_pair(query_name, query);
        }
        Some(url)
    }
}

#[async_trait]
impl DockerHub for DockerHubClient {
    async fn namespaces(&self, query: Option<&str>) -> Result<Vec<Namespace>, BrowseError> {
        let query = trimmed(query);
        // The empty segment is the slash at the end.
        let url = self.url(&["search", "repositories", ""], "query", query.as_deref());
        self.list(List {
            url: url.ok_or(BrowseError::NotFound)?,
            key: key("namespaces", &[query.as_deref().unwrap_or_default()]),
            ttl: self.settings.namespaces_ttl,
            read: json::namespaces,
        })
        .await
    }

    async fn repositories(
        &self,
        namespace: &str,
        query: Option<&str>,
    ) -> Result<Vec<Repository>, BrowseError> {
        let (namespace, query) = (name(namespace)?, trimmed(query));
        let url = self.url(&["namespaces", namespace, "repositories"], "name", query.as_deref());
        self.list(List {
            url: url.ok_or(BrowseError::NotFound)?,
            key: key("repos", &[namespace, query.as_deref().unwrap_or_default()]),
            ttl: self.settings.repositories_ttl,
            read: json::repositories,
        })
        .await
    }

    async fn tags(
        &self,
        namespace: &str,
        repository: &str,
        query: Option<&str>,
    ) -> Result<Vec<Tag>, BrowseError> {
        let (namespace, repository, query) = (name(namespace)?, name(repository)?, trimmed(query));
        let segments = ["namespaces", namespace, "repositories", repository, "tags"];
        let url = self.url(&segments, "name", query.as_deref());
        self.list(List {
            url: url.ok_or(BrowseError::NotFound)?,
            key: key("tags", &[namespace, repository, query.as_deref().unwrap_or_default()]),
            ttl: self.settings.tags_ttl,
            read: json::tags,
        })
        .await
    }
}

/// A part of a path; nothing cannot be one.
fn name(text: &str) -> Result<&str, BrowseError> {
    let text = text.trim();
    if text.is_empty() { Err(BrowseError::NotFound) } else { Ok(text) }
}

fn trimmed(query: Option<&str>) -> Option<String> {
    let query: String = query?.trim().chars().take(MAX_QUERY).collect();
    (!query.is_empty()).then_some(query)
}

/// `dockerhub:tags:acme:shop:all`. What separates the parts is encoded inside them, so that no list can be taken for another.
fn key(list: &str, parts: &[&str]) -> String {
    let part = |part: &&str| match part.trim().to_lowercase() {
        part if part.is_empty() => "all".to_owned(),
        part => part.replace('%', "%25").replace(':', "%3a"),
    };
    format!("dockerhub:{list}:{}", parts.iter().map(part).collect::<Vec<_>>().join(":"))
}

fn check(response: &Response) -> Result<(), BrowseError> {
    match response.status() {
        status if status.is_success() => Ok(()),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(BrowseError::Unauthorized),
        StatusCode::NOT_FOUND => Err(BrowseError::NotFound),
        StatusCode::TOO_MANY_REQUESTS => {
            let seconds =
                response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
            Err(BrowseError::RateLimited { retry_after: seconds.map(Duration::from_secs) })
        }
        status if status.is_server_error() => Err(BrowseError::Unavailable),
        status => Err(BrowseError::UnexpectedStatus { status: status.as_u16() }),
    }
}

fn transport(error: OutboundError) -> BrowseError {
    tracing::debug!(%error, "Docker Hub does not answer");
    match error {
        OutboundError::TooLarge { .. } => BrowseError::InvalidAnswer,
        _ => BrowseError::Unavailable,
    }
}

impl fmt::Debug for DockerHubClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.settings.base_url.host_str();
        formatter
            .debug_struct("DockerHubClient")
            .field("host", &host)
            .field("cache", &self.cache)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_as_older_servers_write_them_and_never_the_same_for_two_lists() {
        assert_eq!(key("namespaces", &[""]), "dockerhub:namespaces:all");
        assert_eq!(key("repos", &[" Acme ", "SHOP"]), "dockerhub:repos:acme:shop");
        assert_eq!(key("tags", &["acme", "shop", ""]), "dockerhub:tags:acme:shop:all");
        assert_ne!(key("repos", &["a:b", "c"]), key("repos", &["a", "b:c"]));
    }
}
