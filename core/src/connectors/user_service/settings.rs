//! How the User Service is asked.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::UserPlanUrl;

#[derive(Clone, Debug)]
pub struct UserServiceSettings {
    /// Paths such as `/oauth_server/api/me` are added to its path.
    pub base_url: Url,
    /// For one request.
    pub timeout: Duration,
    /// How often the categories are asked for at most. Everything else is asked once.
    pub attempts: u32,
    /// The token of this server.
    pub service_token: Option<SecretString>,
    /// `None`: nobody is asked about without a token of their own.
    pub user_plan_url: Option<UserPlanUrl>,
}
