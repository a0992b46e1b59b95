//! The real client.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::marketplace::{Plans, Product, Profile};
use moka::future::Cache;
use reqwest::{Client, Method, StatusCode, header::ACCEPT};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::{
    Category, NewStack, RemoteStack, UserService, UserServiceError, UserServiceSettings, types::StackBody,
};
use crate::connectors::{
    http_client,
    outbound::{OutboundError, read_at_most},
};

/// Profiles with many purchases are the longest: some hundred kilobytes.
const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;
/// Plans change rarely, and a deployment waits for them.
const PLANS_KNOWN_FOR: Duration = Duration::from_secs(300);
/// The pause before the second attempt. It doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_millis(100);

pub struct UserServiceClient {
    http: Client,
    settings: UserServiceSettings,
    /// The list of plans, under the only key. A missing answer is not cached.
    plans: Cache<(), Arc<Plans>>,
}

/// A list, bare or in `_items`.
#[derive(Deserialize)]
#[serde(untagged)]
enum List<T> {
    Bare(Vec<T>),
    Items {
        #[serde(rename = "_items")]
        items: Vec<T>,
    },
}

impl<T> List<T> {
    fn into_items(self) -> Vec<T> {
        match self {
            Self::Bare(items) | Self::Items { items } => items,
        }
    }
}

impl UserServiceClient {
    pub fn new(settings: UserServiceSettings) -> reqwest::Result<Self> {
        let plans = Cache::builder().max_capacity(1).time_to_live(PLANS_KNOWN_FOR).build();
        Ok(Self { http: http_client::build(settings.timeout)?, settings, plans })
    }

    fn url(&self, segments: &[&str]) -> Result<Url, UserServiceError> {
        let mut url = self.settings.base_url.clone();
        // Encodes what is special in a path.
        url.path_segments_mut().map_err(|()| UserServiceError::Unavailable)?.pop_if_empty().extend(segments);
        Ok(url)
    }

    /// With the token of this server, if there is one.
    async fn get(&self, url: Url) -> Result<Value, UserServiceError> {
        self.ask(Method::GET, url, self.settings.service_token.as_ref(), None).await
    }

    async fn post(&self, url: Url, body: &Value) -> Result<Value, UserServiceError> {
        self.ask(Method::POST, url, self.settings.service_token.as_ref(), Some(body)).await
    }

    async fn ask(
        &self,
        method: Method,
        url: Url,
        token: Option<&SecretString>,
        body: Option<&Value>,
    ) -> Result<Value, UserServiceError> {
        let mut request = self.http.request(method, url).header(ACCEPT, "application/json");
        if let Some(token) = token {
            let token = token.expose_secret();
            // What no header can carry, nobody has issued.
            if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(UserServiceError::Refused);
            }
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(|error| failed(error.into()))?;
        check(response.status())?;
        let body = read_at_most(response, MAX_BODY_BYTES).await.map_err(failed)?;
        serde_json::from_slice(&body).map_err(|_| UserServiceError::InvalidAnswer)
    }

    async fn categories_once(&self) -> Result<Vec<Category>, UserServiceError> {
        let list: List<Category> = read(self.get(self.url(&["api", "1.0", "category"])?).await?)?;
        Ok(list.into_items())
    }
}

#[async_trait]
impl UserService for UserServiceClient {
    fn is_on(&self) -> bool {
        true
    }

    async fn profile(&self, token: &SecretString) -> Result<Profile, UserServiceError> {
        let url = self.url(&["oauth_server", "api", "me"])?;
        let body = self.ask(Method::GET, url, Some(token), None).await?;
        Profile::read(&body).ok_or(UserServiceError::InvalidAnswer)
    }

    async fn profile_of(&self, user_id: &str) -> Result<Profile, UserServiceError> {
        let address = self.settings.user_plan_url.as_ref().ok_or(UserServiceError::NotAskable)?;
        let url = address.of(user_id).ok_or(UserServiceError::NotFound)?;
        Profile::read(&self.get(url).await?).ok_or(UserServiceError::InvalidAnswer)
    }

    async fn plans(&self) -> Result<Arc<Plans>, UserServiceError> {
        let ask = async {
            let body = self.get(self.url(&["api", "1.0", "plan_description"])?).await?;
            Plans::read(&body).map(Arc::new).ok_or(UserServiceError::InvalidAnswer)
        };
        self.plans.try_get_with((), ask).await.map_err(|error| *error)
    }

    async fn template_product(&self, template_id: Uuid) -> Result<Option<Product>, UserServiceError> {
        let mut url = self.url(&["api", "1.0", "products"])?;
        let id = template_id.to_string();
        // This order of the keys is what the User Service has always been sent.
        let condition = format!(r#"{{"external_id":"{id}","product_type":"template"}}"#);
        url.query_pairs_mut().append_pair("where", &condition);
        let products = Product::read_list(&self.get(url).await?).ok_or(UserServiceError::InvalidAnswer)?;
        // A service that ignores the condition sends the products of others, too.
        Ok(products.into_iter().find(|product| product.is_template(&id, &id)))
    }

    async fn categories(&self) -> Result<Vec<Category>, UserServiceError> {
        let mut wait = FIRST_WAIT;
        for _ in 1..self.settings.attempts.max(1) {
            match self.categories_once().await {
                Err(UserServiceError::Unavailable) => {}
                answer => return answer,
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
        self.categories_once().await
    }

    async fn create_stack(&self, stack: &NewStack) -> Result<RemoteStack, UserServiceError> {
        let body = serde_json::to_value(StackBody::from(stack));
        let body = body.map_err(|_| UserServiceError::InvalidAnswer)?;
        read(self.post(self.url(&["api", "1.0", "stacks"])?, &body).await?)
    }

    async fn stack(&self, id: i64) -> Result<RemoteStack, UserServiceError> {
        read(self.get(self.url(&["api", "1.0", "stacks", &id.to_string()])?).await?)
    }

    async fn stacks_of(&self, user_id: &str) -> Result<Vec<RemoteStack>, UserServiceError> {
        let body = json!({"where": {"user_id": user_id}});
        let list: List<RemoteStack> = read(self.post(self.url(&["api", "1.0", "stacks"])?, &body).await?)?;
        Ok(list.into_items())
    }
}

fn read<T: DeserializeOwned>(body: Value) -> Result<T, UserServiceError> {
    serde_json::from_value(body).map_err(|_| UserServiceError::InvalidAnswer)
}

fn check(status: StatusCode) -> Result<(), UserServiceError> {
    match status {
        status if status.is_success() => Ok(()),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(UserServiceError::Refused),
        StatusCode::NOT_FOUND => Err(UserServiceError::NotFound),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Err(UserServiceError::Unavailable),
        status if status.is_server_error() => Err(UserServiceError::Unavailable),
        status => Err(UserServiceError::UnexpectedStatus { status: status.as_u16() }),
    }
}

fn failed(error: OutboundError) -> UserServiceError {
    tracing::warn!(%error, "the User Service does not answer");
    match error {
        OutboundError::TooLarge { .. } => UserServiceError::InvalidAnswer,
        _ => UserServiceError::Unavailable,
    }
}

impl fmt::Debug for UserServiceClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.settings.base_url.host_str();
        formatter.debug_struct("UserServiceClient").field("host", &host).finish_non_exhaustive()
    }
}
