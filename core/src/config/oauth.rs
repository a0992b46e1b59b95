//! `oauth`: the provider that people sign in with in the browser, OAuth 2.0 or OpenID Connect.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::{
    fields::{Fields, Key},
    server::ServerSettings,
    values::{http_url, positive, secret, text},
};

const SECTION: &str = "oauth";
const NAME: Key = Key::new("oauth.name", "what the button says after “Sign in with”");
const CLIENT_ID: Key = Key::new("oauth.client_id", "the id this server has at the provider");
const CLIENT_SECRET: Key = Key::new("oauth.client_secret", "the secret of that id").secret();
const ISSUER: Key = Key::new("oauth.issuer", "an address like https://accounts.example.com");
const AUTHORIZE_URL: Key =
    Key::new("oauth.authorize_url", "an address like https://accounts.example.com/authorize");
const TOKEN_URL: Key = Key::new("oauth.token_url", "an address like https://accounts.example.com/token");
const USER_INFO_URL: Key =
    Key::new("oauth.user_info_url", "an address like https://accounts.example.com/userinfo");
const SCOPES: Key = Key::new("oauth.scopes", "names with blanks between them");
const ID_CLAIM: Key = Key::new("oauth.id_claim", "a key like sub, or a path like user._id");
const NAME_CLAIM: Key = Key::new("oauth.name_claim", "a key like name, or a path like user.name");
const EMAIL_CLAIM: Key = Key::new("oauth.email_claim", "a key like email, or a path like user.email");
const ROLE_CLAIM: Key = Key::new("oauth.role_claim", "a key like role, or a path like user.role");
const DEFAULT_ROLE: Key = Key::new("oauth.default_role", "a role like group_user");
const CHECK_INTERVAL: Key = Key::new("oauth.check_interval_secs", "a number of seconds, 1 or more");

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderAddresses {
    /// The issuer; its discovery document names the endpoints (OpenID Connect Discovery 1.0).
    Issuer(Url),
    Each {
        authorize: Url,
        token: Url,
        user_info: Url,
    },
}

/// Where the answer of the provider contains a person's fields: keys separated by dots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    pub id: String,
    pub name: String,
    pub email: String,
    pub role: String,
}

#[derive(Clone, Debug)]
pub struct OAuthSettings {
    /// The provider's name, shown to users.
    pub name: String,
    pub client_id: String,
    pub client_secret: Option<SecretString>,
    pub addresses: ProviderAddresses,
    pub scopes: Vec<String>,
    pub claims: Claims,
    /// The role of a person for whom the provider names none.
    pub default_role: String,
    /// How often the provider is asked to confirm a session.
    pub check_interval: Duration,
}

impl OAuthSettings {
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        fields.ignore_empty_section(SECTION);
        let configured = fields.has_section(SECTION, &[]);
        let name = fields.read(NAME, text);
        let client_id = fields.read(CLIENT_ID, text);
        let client_secret = fields.read(CLIENT_SECRET, secret);
        let issuer = fields.read(ISSUER, http_url);
        let authorize = fields.read(AUTHORIZE_URL, http_url);
        let token = fields.read(TOKEN_URL, http_url);
        let user_info = fields.read(USER_INFO_URL, http_url);
        let scopes = fields.read(SCOPES, text).unwrap_or_else(|| "openid profile email".to_owned());
        let mut claim =
            |key, default: &str| fields.read(key, claim_path).unwrap_or_else(|| default.to_owned());
        let claims = Claims {
            id: claim(ID_CLAIM, "sub"),
            name: claim(NAME_CLAIM, "name"),
            email: claim(EMAIL_CLAIM, "email"),
            role: claim(ROLE_CLAIM, "role"),
        };
        let default_role = fields.read(DEFAULT_ROLE, text).unwrap_or_else(|| "group_user".to_owned());
        let check_interval = Duration::from_secs(fields.read(CHECK_INTERVAL, positive).unwrap_or(300));
        if !configured {
            return None;
        }
        if client_id.is_none() {
            fields.contradiction(CLIENT_ID.name(), "is missing, and other keys of `oauth` are set");
        }
        let addresses = match (issuer, authorize, token, user_info) {
            (Some(issuer), None, None, None) => Some(ProviderAddresses::Issuer(issuer)),
            // If all three are set, they override the discovery document.
            (_, Some(authorize), Some(token), Some(user_info)) => {
                Some(ProviderAddresses::Each { authorize, token, user_info })
            }
            _ => {
                let message = "is needed, or all three of `oauth.authorize_url`, `oauth.token_url` and `oauth.user_info_url`";
                fields.contradiction(ISSUER.name(), message);
                None
            }
        };
        Some(Self {
            name: name.unwrap_or_else(|| "your account".to_owned()),
            client_id: client_id?,
            client_secret,
            addresses: addresses?,
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            claims,
            default_role,
            check_interval,
        })
    }

    /// A provider sends browsers back only to a registered address, so `public_url` is required unless this is loopback.
    #[expect(clippy::unused_self, reason = "reads as what it is: a check of these settings")]
    pub(super) fn validate(&self, fields: &mut Fields, server: &ServerSettings) {
        if server.public_url.is_none() && !server.is_loopback() {
            let message = "is missing: with `oauth` the provider has to know where to send browsers back to";
            fields.contradiction("public_url", message);
        }
    }
}

fn claim_path(value: &str) -> Option<String> {
    text(value).filter(|path| path.split('.').all(|key| !key.is_empty()))
}
