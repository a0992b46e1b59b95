//! The real provider: OAuth 2.0 authorization code with PKCE, then a request to the user information endpoint.

use std::{fmt, pin::Pin, time::Duration};

use async_trait::async_trait;
use chrono::TimeDelta;
use oauth2::{
    AsyncHttpClient, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, Scope, TokenResponse as _, TokenUrl,
    basic::{BasicClient, BasicErrorResponse, BasicTokenResponse},
};
use reqwest::{StatusCode, header::ACCEPT};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::OnceCell;
use url::Url;

use super::{
    claims,
    client::{is_token, read_limited, refused_or_unavailable, unavailable},
    identity::{Authorization, Identity, IdentityProvider, ProviderTokens},
    presence::Presence,
};
use crate::{
    config::{OAuthSettings, ProviderAddresses},
    connectors::{http_client, oauth::lookup::LookupError},
    context::Context,
    crypto::random_secret,
};

const TIMEOUT: Duration = Duration::from_secs(5);
/// A token that expires within this time is not used any more.
const MARGIN: TimeDelta = TimeDelta::seconds(10);

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

#[derive(Clone, Debug)]
struct Addresses {
    authorize: Url,
    token: Url,
    user_info: Url,
}

pub struct OAuthProvider {
    http: reqwest::Client,
    settings: OAuthSettings,
    /// Fetched at the first sign-in, so that an unreachable provider does not delay the start.
    addresses: OnceCell<Addresses>,
    presence: Presence,
    context: Context,
}

impl OAuthProvider {
    pub fn new(settings: OAuthSettings, context: Context) -> reqwest::Result<Self> {
        let (addresses, presence) = (OnceCell::new(), Presence::new());
        Ok(Self { http: http_client::build(TIMEOUT)?, settings, addresses, presence, context })
    }

    async fn addresses(&self) -> Result<&Addresses, LookupError> {
        self.addresses
            .get_or_try_init(|| async {
                match &self.settings.addresses {
                    ProviderAddresses::Issuer(issuer) => self.discover(issuer).await,
                    ProviderAddresses::Each { authorize, token, user_info } => Ok(Addresses {
                        authorize: authorize.clone(),
                        token: token.clone(),
                        user_info: user_info.clone(),
                    }),
                }
            })
            .await
    }

    async fn discover(&self, issuer: &Url) -> Result<Addresses, LookupError> {
        let base = issuer.as_str().trim_end_matches('/');
        let response = self.http.get(description_of(issuer)).send().await.map_err(unavailable)?;
        if !response.status().is_success() {
            tracing::warn!(
                status = response.status().as_u16(),
                "the sign-in provider does not describe itself"
            );
            return Err(LookupError::Unavailable);
        }
        let described: Option<Description> = serde_json::from_slice(&read_limited(response).await?).ok();
        // A document of another issuer is invalid (OpenID Connect Discovery 1.0, 4.3).
        let described = described.filter(|it| it.issuer.trim_end_matches('/') == base).ok_or_else(|| {
            tracing::warn!("the sign-in provider describes another issuer than `oauth.issuer`, or nothing that can be read");
            LookupError::Unavailable
        })?;
        Ok(Addresses {
            authorize: described.authorization_endpoint,
            token: described.token_endpoint,
            user_info: described.userinfo_endpoint,
        })
    }

    /// Sends the provider the request that costs it least.
    async fn is_there(&self) -> bool {
        let (asked, is_away): (_, fn(StatusCode) -> bool) = match &self.settings.addresses {
            // Fetching the discovery document answers the question as well.
            ProviderAddresses::Issuer(_) if !self.addresses.initialized() => {
                return self.addresses().await.is_ok();
            }
            ProviderAddresses::Issuer(issuer) => {
                (self.http.get(description_of(issuer)), |status| status.is_server_error())
            }
            // A request without parameters may get any status; only those of a proxy in front of the provider mean that it is
            // away.
            ProviderAddresses::Each { authorize, .. } => (self.http.head(authorize.clone()), |status| {
                matches!(
                    status,
                    StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
                )
            }),
        };
        asked.send().await.map_err(unavailable).is_ok_and(|answer| !is_away(answer.status()))
    }

    fn client(&self, addresses: &Addresses) -> Client {
        let mut client = BasicClient::new(ClientId::new(self.settings.client_id.clone()))
            .set_auth_uri(AuthUrl::from_url(addresses.authorize.clone()))
            .set_token_uri(TokenUrl::from_url(addresses.token.clone()));
        if let Some(secret) = &self.settings.client_secret {
            client = client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()));
        }
        client
    }

    fn tokens(&self, answer: &BasicTokenResponse, before: Option<&ProviderTokens>) -> ProviderTokens {
        let lifetime = answer.expires_in().and_then(|lifetime| TimeDelta::from_std(lifetime).ok());
        let now = self.context.clock.now();
        let refresh = answer.refresh_token().map(|token| SecretString::from(token.secret().as_str()));
        ProviderTokens {
            access: SecretString::from(answer.access_token().secret().as_str()),
            // A refresh token that is not replaced stays valid (RFC 6749, 6).
            refresh: refresh.or_else(|| before?.refresh.clone()),
            expires_at: lifetime.and_then(|lifetime| now.checked_add_signed(lifetime)),
        }
    }

    /// Fetches the person that the token belongs to.
    async fn identity(&self, tokens: ProviderTokens) -> Result<Identity, LookupError> {
        let bearer = tokens.access.expose_secret();
        if !is_token(bearer) {
            return Err(LookupError::Refused);
        }
        let address = self.addresses().await?.user_info.clone();
        let asked = self.http.get(address).bearer_auth(bearer).header(ACCEPT, "application/json");
        let response = asked.send().await.map_err(unavailable)?;
        if !response.status().is_success() {
            return Err(refused_or_unavailable(response.status()));
        }
        let answer: Value = serde_json::from_slice(&read_limited(response).await?).unwrap_or_default();
        let caller = claims::caller(&answer, &self.settings.claims, &self.settings.default_role);
        let caller = caller.ok_or_else(|| {
            tracing::warn!("the sign-in provider does not say who it is: is `oauth.id_claim` right?");
            LookupError::Refused
        })?;
        Ok(Identity { caller, tokens })
    }
}

fn description_of(issuer: &Url) -> String {
    format!("{}/.well-known/openid-configuration", issuer.as_str().trim_end_matches('/'))
}

/// Our HTTP client as the OAuth crate requires it.
struct Http<'a>(&'a reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Http<'_> {
    type Error = LookupError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, LookupError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let request = reqwest::Request::try_from(request).map_err(unavailable)?;
            let response = self.0.execute(request).await.map_err(unavailable)?;
            let (status, headers) = (response.status(), response.headers().clone());
            // The body of an error like this says nothing about the code or the token.
            if refused_or_unavailable(status) == LookupError::Unavailable {
                return Err(LookupError::Unavailable);
            }
            let mut answer = HttpResponse::new(read_limited(response).await?);
            *answer.status_mut() = status;
            *answer.headers_mut() = headers;
            Ok(answer)
        })
    }
}

#[derive(Deserialize)]
struct Description {
    issuer: String,
    authorization_endpoint: Url,
    token_endpoint: Url,
    userinfo_endpoint: Url,
}

#[async_trait]
impl IdentityProvider for OAuthProvider {
    fn name(&self) -> &str {
        &self.settings.name
    }

    async fn answers(&self) -> bool {
        self.presence.or_ask(self.is_there()).await
    }

    fn is_known(&self) -> bool {
        match self.settings.addresses {
            ProviderAddresses::Issuer(_) => self.addresses.initialized(),
            ProviderAddresses::Each { .. } => true,
        }
    }

    async fn authorize(&self, return_to: &Url) -> Result<Authorization, LookupError> {
        let random = self.context.random.as_ref();
        let (state, verifier) = (random_secret(random, ""), random_secret(random, ""));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(
            verifier.expose_secret().to_owned(),
        ));
        let client =
            self.client(self.addresses().await?).set_redirect_uri(RedirectUrl::from_url(return_to.clone()));
        let (url, _) = client
            .authorize_url(|| CsrfToken::new(state.expose_secret().to_owned()))
            .add_scopes(self.settings.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .url();
        Ok(Authorization { url, state, verifier })
    }

    async fn callback(
        &self,
        return_to: &Url,
        code: SecretString,
        verifier: SecretString,
        issuer: Option<&str>,
    ) -> Result<Identity, LookupError> {
        if let (ProviderAddresses::Issuer(ours), Some(said)) = (&self.settings.addresses, issuer)
            && said.trim_end_matches('/') != ours.as_str().trim_end_matches('/')
        {
            return Err(LookupError::Refused);
        }
        let client =
            self.client(self.addresses().await?).set_redirect_uri(RedirectUrl::from_url(return_to.clone()));
        let answer = client
            .exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose_secret().to_owned()))
            .request_async(&Http(&self.http))
            .await
            .map_err(|error| refused(&error))?;
        self.identity(self.tokens(&answer, None)).await
    }

    async fn confirm(&self, tokens: &ProviderTokens) -> Result<Identity, LookupError> {
        let ends = self.context.clock.now() + MARGIN;
        if tokens.expires_at.is_none_or(|at| at > ends) {
            match self.identity(tokens.clone()).await {
                // A token can be revoked before it expires.
                Err(LookupError::Refused) if tokens.refresh.is_some() => {}
                answer => return answer,
            }
        }
        let refresh = tokens.refresh.as_ref().ok_or(LookupError::Refused)?;
        let answer = self
            .client(self.addresses().await?)
            .exchange_refresh_token(&RefreshToken::new(refresh.expose_secret().to_owned()))
            .request_async(&Http(&self.http))
            .await
            .map_err(|error| refused(&error))?;
        self.identity(self.tokens(&answer, Some(tokens))).await
    }
}

/// Logs the error code of the answer and never its text, which may repeat what we sent.
fn refused(error: &RequestTokenError<LookupError, BasicErrorResponse>) -> LookupError {
    match error {
        RequestTokenError::ServerResponse(answer) => {
            tracing::warn!(code = answer.error().as_ref(), "the sign-in provider gives no token");
            LookupError::Refused
        }
        RequestTokenError::Request(error) => *error,
        _ => {
            tracing::warn!("the sign-in provider's answer with the token cannot be read");
            LookupError::Unavailable
        }
    }
}

impl fmt::Debug for OAuthProvider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OAuthProvider").field("name", &self.settings.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
