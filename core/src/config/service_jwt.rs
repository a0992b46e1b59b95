//! `service_jwt`: the key that verifies the JWTs of other services. Without it no service can sign in.

use std::{path::PathBuf, time::Duration};

use secrecy::{ExposeSecret as _, SecretString};

use super::{
    fields::{Fields, Key},
    values::{positive, secret, text},
};

const SECTION: &str = "service_jwt";
const ALGORITHM: Key = Key::new("service_jwt.algorithm", "HS256 or RS256");
const SECRET: Key = Key::new("service_jwt.secret", "a text of 32 bytes or more").secret();
const PUBLIC_KEY: Key =
    Key::new("service_jwt.public_key_file", "the path of a file with a public key in PEM form");
const ISSUER: Key = Key::new("service_jwt.issuer", "what the claim `iss` says");
const AUDIENCE: Key = Key::new("service_jwt.audience", "what the claim `aud` says");
const ROLES: Key = Key::new(
    "service_jwt.roles",
    "roles of services like admin_service, separated by commas; agent, client, anonym, group_anonymous and numbers are none",
);
const MAX_LIFETIME: Key = Key::new("service_jwt.max_lifetime_secs", "a number of seconds, 1 or more");

/// The key must be at least as long as the hash output (RFC 7518, 3.2).
const LEAST_SECRET: usize = 32;
/// Reserved roles: agents and API clients authenticate in other ways.
const TAKEN: [&str; 4] = ["agent", "client", "anonym", "group_anonymous"];

#[derive(Clone, Debug)]
pub struct ServiceJwtSettings {
    pub key: ServiceKey,
    pub issuer: Option<String>,
    pub audience: Option<String>,
    /// The accepted roles; any other role is refused.
    pub roles: Vec<String>,
    /// The longest accepted time until a token expires.
    pub max_lifetime: Duration,
}

/// The algorithm belongs to the key, so a token cannot have the key checked with another algorithm.
#[derive(Clone, Debug)]
pub enum ServiceKey {
    Hs256(SecretString),
    Rs256(PathBuf),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Algorithm {
    Hs256,
    Rs256,
}

impl ServiceJwtSettings {
    pub(super) fn read(fields: &mut Fields) -> Option<Self> {
        fields.ignore_empty_section(SECTION);
        let configured = fields.has_section(SECTION, &[]);
        let algorithm = fields.read(ALGORITHM, algorithm);
        let secret = fields.read(SECRET, secret);
        let public_key = fields.read(PUBLIC_KEY, text).map(PathBuf::from);
        let issuer = fields.read(ISSUER, text);
        let audience = fields.read(AUDIENCE, text);
        let roles = fields.read(ROLES, roles).unwrap_or_else(|| vec!["admin_service".to_owned()]);
        let max_lifetime = Duration::from_secs(fields.read(MAX_LIFETIME, positive).unwrap_or(86_400));
        if !configured {
            return None;
        }
        let key = match (algorithm, secret, public_key) {
            (Some(Algorithm::Hs256), Some(secret), _) => Some(ServiceKey::Hs256(secret)),
            (Some(Algorithm::Rs256), _, Some(file)) => Some(ServiceKey::Rs256(file)),
            (Some(Algorithm::Hs256), None, _) => {
                fields.contradiction(SECRET.name(), "is missing, and `service_jwt.algorithm` is HS256");
                None
            }
            (Some(Algorithm::Rs256), _, None) => {
                fields.contradiction(PUBLIC_KEY.name(), "is missing, and `service_jwt.algorithm` is RS256");
                None
            }
            (None, ..) => {
                fields.contradiction(ALGORITHM.name(), "is missing, and other keys of `service_jwt` are set");
                None
            }
        };
        Some(Self { key: key?, issuer, audience, roles, max_lifetime })
    }

    pub(super) fn validate(&self, fields: &mut Fields) {
        if let ServiceKey::Hs256(secret) = &self.key
            && secret.expose_secret().len() < LEAST_SECRET
        {
            let message = format!("is too short to sign with, expected {LEAST_SECRET} bytes or more");
            fields.contradiction(SECRET.name(), message);
        }
    }
}

fn algorithm(text: &str) -> Option<Algorithm> {
    match text {
        "HS256" => Some(Algorithm::Hs256),
        "RS256" => Some(Algorithm::Rs256),
        _ => None,
    }
}

fn roles(text: &str) -> Option<Vec<String>> {
    let roles: Vec<_> = text.split(',').map(str::trim).filter(|role| !role.is_empty()).collect();
    let fits = |role: &&str| {
        !TAKEN.contains(role)
            && role.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
            && role.bytes().any(|byte| byte.is_ascii_lowercase())
    };
    (!roles.is_empty() && roles.iter().all(fits)).then(|| roles.into_iter().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_proves_it_otherwise_is_no_role_of_a_service() {
        assert_eq!(
            roles("admin_service, billing2"),
            Some(vec!["admin_service".to_owned(), "billing2".to_owned()])
        );
        for text in ["agent", "admin_service,client", "anonym", "7", "", ",", "group user", "Root", "_1"] {
            assert_eq!(roles(text), None, "{text}");
        }
    }
}
