//! The real provider: OAuth 2.0 authorisation code with PKCE, then the address that says who somebody is.

use std::{fmt, pin::Pin, time::Duration};

use async_trait::async_trait;
use chrono::TimeDelta;
use oauth2::{
    AsyncHttpClient, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, Scope, TokenResponse as _, TokenUrl,
    basic::{BasicClient, BasicErrorResponse, BasicTokenResponse},
};
use reqwest::header::ACCEPT;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::OnceCell;
use url::Url;

use super::{
    LookupError, claims,
    client::{is_token, read_limited, refused_or_unavailable, unavailable},
    identity::{Departure, Identity, IdentityProvider, ProviderTokens},
};
use crate::{
    config::{OAuthSettings, ProviderAddresses},
    connectors::http_client,
    crypto::random_secret,
    services::Context,
};

const TIMEOUT: Duration = Duration::from_secs(5);
/// Of the token: what is about to end is not used any more.
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
    /// Asked for once, when somebody signs in first: a provider that is away delays no start.
    addresses: OnceCell<Addresses>,
    context: Context,
}

impl OAuthProvider {
    pub fn new(settings: OAuthSettings, context: Context) -> reqwest::Result<Self> {
        Ok(Self { http: http_client::build(TIMEOUT)?, settings, addresses: OnceCell::new(), context })
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
        let address = format!("{base}/.well-known/openid-configuration");
        let response = self.http.get(address).send().await.map_err(unavailable)?;
        if !response.status().is_success() {
            tracing::warn!(
                status = response.status().as_u16(),
                "the sign-in provider does not describe itself"
            );
            return Err(LookupError::Unavailable);
        }
        let described: Option<Description> = serde_json::from_slice(&read_limited(response).await?).ok();
        // A description of somebody else is none of its own (OpenID Connect Discovery 1.0, 4.3).
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
            // One that is not replaced stays good (RFC 6749, 6).
            refresh: refresh.or_else(|| before?.refresh.clone()),
            expires_at: lifetime.and_then(|lifetime| now.checked_add_signed(lifetime)),
        }
    }

    /// Who the token is about.
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

/// Our client, as the crate that speaks OAuth wants it.
struct Http<'a>(&'a reqwest::Client);

impl<'c> AsyncHttpClient<'c> for Http<'_> {
    type Error = LookupError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, LookupError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let request = reqwest::Request::try_from(request).map_err(unavailable)?;
            let response = self.0.execute(request).await.map_err(unavailable)?;
            let (status, headers) = (response.status(), response.headers().clone());
            // Whatever it says then, it is no answer about the code or the token.
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

    async fn depart(&self, return_to: &Url) -> Result<Departure, LookupError> {
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
        Ok(Departure { url, state, verifier })
    }

    async fn arrive(
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
                // A token may end before its time.
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

/// The code of its answer, never a text: that may repeat what we sent.
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
