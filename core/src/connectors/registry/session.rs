//! Requests to one repository: signing in, redirects and rate limits.

use std::time::{Duration, Instant};

use moka::{Expiry, sync::Cache};
use reqwest::{
    Method, Request, Response, StatusCode, Url,
    header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue, LOCATION},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::{
    challenge::Challenge,
    credential::{Credential, CredentialHash},
    endpoint::Endpoint,
    error::{InvalidImage, LookUpError},
    place::Place,
    rate_limit::RateLimits,
};
use crate::connectors::outbound::{OutboundClient, read_at_most};

const MAX_TOKEN_BYTES: usize = 64 * 1024;
const MAX_REDIRECTS: usize = 3;
/// The specification's own default.
const TOKEN_LIFE: Duration = Duration::from_secs(60);
const MAX_TOKEN_LIFE: Duration = Duration::from_secs(300);
/// A token is not used in its last moments, in which it might expire on its way.
const TOKEN_MARGIN: Duration = Duration::from_secs(10);
const MAX_TOKENS: u64 = 2_000;

/// How a repository is opened. Kept in memory only.
#[derive(Clone, Debug)]
pub(super) enum Access {
    Bearer {
        token: SecretString,
        for_: Duration,
    },
    /// The registry takes user name and password with each request.
    Basic,
}

/// Registry, repository, account.
type TokenKey = (String, String, Option<CredentialHash>);

/// What the sessions of one client share.
#[derive(Debug)]
pub(super) struct Shared {
    pub outbound: OutboundClient,
    pub limits: RateLimits,
    access: Cache<TokenKey, Access>,
}

impl Shared {
    pub fn new(outbound: OutboundClient) -> Self {
        let access = Cache::builder().max_capacity(MAX_TOKENS).expire_after(ByAccess).build();
        Self { outbound, limits: RateLimits::new(), access }
    }
}

struct ByAccess;

impl Expiry<TokenKey, Access> for ByAccess {
    fn expire_after_create(&self, _: &TokenKey, access: &Access, _: Instant) -> Option<Duration> {
        Some(match access {
            Access::Bearer { for_, .. } => *for_,
            Access::Basic => MAX_TOKEN_LIFE,
        })
    }
}

/// What happens to an answer that points elsewhere. A token or password is never sent there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Redirects {
    /// Followed only if the request carries no credential.
    WhenAnonymous,
    /// Followed without signing in: blobs lie in storage of another host, whose addresses are good for one download.
    WithoutSigningIn,
}

pub(super) struct Session<'a> {
    pub shared: &'a Shared,
    pub place: &'a Place,
    pub endpoint: Endpoint,
    pub credential: Option<&'a Credential>,
}

impl Session<'_> {
    /// Signs in if the registry asks for it. The status of the answer is the caller's to judge, except for rate limits.
    pub async fn get(&self, url: Url, accept: &str, redirects: Redirects) -> Result<Response, LookUpError> {
        let key = self.key();
        let known = self.shared.access.get(&key);
        let response = self.send(&url, accept, known.as_ref(), redirects).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        self.shared.access.invalidate(&key);
        let Some(access) = self.sign_in(response.headers()).await? else { return Ok(response) };
        self.shared.access.insert(key, access.clone());
        self.send(&url, accept, Some(&access), redirects).await
    }

    async fn send(
        &self,
        url: &Url,
        accept: &str,
        access: Option<&Access>,
        redirects: Redirects,
    ) -> Result<Response, LookUpError> {
        let authorization = access.map(|access| self.authorization(access)).transpose()?;
        let anonymous = self.credential.is_none() && authorization.is_none();
        let mut response = self.send_once(url.clone(), accept, authorization).await?;
        if !anonymous && redirects == Redirects::WhenAnonymous {
            return Ok(response);
        }
        for _ in 0..MAX_REDIRECTS {
            let Some(target) = redirect(&response) else { return Ok(response) };
            if !self.endpoint.keeps_tls(&target) {
                return Ok(response);
            }
            response = self.send_once(target, accept, None).await?;
        }
        Ok(response)
    }

    async fn send_once(
        &self,
        url: Url,
        accept: &str,
        authorization: Option<HeaderValue>,
    ) -> Result<Response, LookUpError> {
        let account = self.account();
        self.shared.limits.check(&account)?;
        let mut request = Request::new(Method::GET, url);
        if let Ok(accept) = HeaderValue::from_str(accept) {
            request.headers_mut().insert(ACCEPT, accept);
        }
        if let Some(authorization) = authorization {
            request.headers_mut().insert(AUTHORIZATION, authorization);
        }
        let response = self.shared.outbound.send(request).await?;
        self.shared.limits.note(&account, &response)?;
        Ok(response)
    }

    /// `None`: the registry wants a password, and there is none.
    async fn sign_in(&self, headers: &HeaderMap) -> Result<Option<Access>, LookUpError> {
        match (Challenge::of(headers).ok_or(InvalidImage::Challenge)?, self.credential) {
            (Challenge::Basic, None) => Ok(None),
            (Challenge::Basic, Some(_)) => Ok(Some(Access::Basic)),
            (Challenge::Bearer { realm, service }, _) => self.token(realm, service).await.map(Some),
        }
    }

    async fn token(&self, mut realm: Url, service: Option<String>) -> Result<Access, LookUpError> {
        if self.credential.is_some() && !self.endpoint.trusts(&realm) {
            return Err(InvalidImage::TokenHost.into());
        }
        if !self.endpoint.keeps_tls(&realm) {
            return Err(InvalidImage::Challenge.into());
        }
        // Our scope, not the one of the challenge: a registry must not be able to ask for more than to read this repository.
        let scope = format!("repository:{}:pull", self.place.repository);
        realm
            .query_pairs_mut()
            .extend_pairs(service.map(|service| ("service", service)))
            .append_pair("scope", &scope);
        let authorization = self.credential.map(basic).transpose()?;
        let response = self.send_once(realm, "application/json", authorization).await?;
        match response.status() {
            status if status.is_success() => {}
            StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::NOT_FOUND
            | StatusCode::BAD_REQUEST => {
                return Err(LookUpError::NotReadable);
            }
            status => return Err(unexpected(status)),
        }
        let body = read_at_most(response, MAX_TOKEN_BYTES).await?;
        let answer: TokenAnswer = serde_json::from_slice(&body).map_err(|_| InvalidImage::Challenge)?;
        let token = answer.token.or(answer.access_token).ok_or(InvalidImage::Challenge)?;
        let life = answer.expires_in.map_or(TOKEN_LIFE, Duration::from_secs).min(MAX_TOKEN_LIFE);
        Ok(Access::Bearer { token, for_: life.saturating_sub(TOKEN_MARGIN) })
    }

    fn authorization(&self, access: &Access) -> Result<HeaderValue, LookUpError> {
        match (access, self.credential) {
            (Access::Bearer { token, .. }, _) => secret_header(&format!("Bearer {}", token.expose_secret())),
            (Access::Basic, Some(credential)) => basic(credential),
            (Access::Basic, None) => Err(LookUpError::NotReadable),
        }
    }

    fn account(&self) -> (String, Option<CredentialHash>) {
        (self.place.registry.clone(), self.credential.map(Credential::hash))
    }

    fn key(&self) -> TokenKey {
        let (registry, credential) = self.account();
        (registry, self.place.repository.clone(), credential)
    }
}

#[derive(Deserialize)]
struct TokenAnswer {
    token: Option<SecretString>,
    access_token: Option<SecretString>,
    expires_in: Option<u64>,
}

/// What an answer means whose status is neither success nor anything that the caller expects.
pub(super) fn unexpected(status: StatusCode) -> LookUpError {
    if status.is_redirection() {
        InvalidImage::Redirected.into()
    } else if status.is_server_error() {
        LookUpError::Unreachable(format!("answers with status {}", status.as_u16()))
    } else {
        InvalidImage::Status(status.as_u16()).into()
    }
}

fn redirect(response: &Response) -> Option<Url> {
    if !response.status().is_redirection() {
        return None;
    }
    response.url().join(response.headers().get(LOCATION)?.to_str().ok()?).ok()
}

fn basic(credential: &Credential) -> Result<HeaderValue, LookUpError> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let pair = SecretString::from(format!("{}:{}", credential.username, credential.password.expose_secret()));
    secret_header(&format!("Basic {}", STANDARD.encode(pair.expose_secret())))
}

fn secret_header(text: &str) -> Result<HeaderValue, LookUpError> {
    let mut value = HeaderValue::from_str(text).map_err(|_| InvalidImage::Challenge)?;
    value.set_sensitive(true);
    Ok(value)
}
