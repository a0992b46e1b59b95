//! Authenticates other services by JWT. Only a signature made with the configured key proves who they are.
//!
//! A bearer token is treated as such a JWT if it has the claims `role`, `email` and `exp`, and the role is a configured one. It
//! is then accepted or refused here and never sent to a sign-in provider, which must not see credentials of this server. Any
//! other bearer token, JWT or not, is left to the provider: its users may have JWTs too.

use std::{fs, io, path::PathBuf, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::access::{Caller, Role};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, crypto::CryptoProvider, decode};
use rustls::pki_types::{SubjectPublicKeyInfoDer, pem::PemObject as _};
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use crate::config::{ServiceJwtSettings, ServiceKey};

/// The most bytes of a whole token. Tokens of services have a few hundred.
const MAX_BYTES: usize = 8 * 1024;
const MAX_EMAIL_CHARACTERS: usize = 254;
/// Allowed clock difference for a token that begins in the future, in seconds. The expiry time has no tolerance.
const SKEW: i64 = 60;
/// Bytes of the RSA modulus: 2048 to 8192 bits.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

#[derive(Debug, thiserror::Error)]
pub enum ServiceKeyError {
    #[error("{} cannot be read (service_jwt.public_key_file): {cause}", path.display())]
    Unreadable { path: PathBuf, cause: io::Error },
    #[error("{} contains no public RSA key of 2048 to 8192 bits in PEM form, “BEGIN PUBLIC KEY” (service_jwt.public_key_file)", path.display())]
    NoPublicKey { path: PathBuf },
    #[error("service_jwt.secret cannot be used as a key")]
    Secret,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwtAuthError {
    /// Not a JWT of a service: try other kinds of bearer tokens.
    #[error("this is not a service JWT")]
    NotOurs,
    /// The token claims to be one but is not valid here. The answer does not say why.
    #[error("these credentials are unknown, expired or revoked")]
    Refused,
    /// The signature is right, but the token has expired.
    #[error("JWT token expired (exp: {exp}, now: {now})")]
    Expired { exp: i64, now: i64 },
}

#[derive(Debug, Deserialize)]
struct Claims {
    role: String,
    email: String,
    /// In seconds, like `nbf`.
    exp: i64,
    nbf: Option<i64>,
}

/// Verifies JWTs of services with one key and one algorithm.
#[derive(Debug)]
pub struct ServiceJwts {
    key: DecodingKey,
    validation: Validation,
    roles: Vec<String>,
    max_lifetime: i64,
}

impl ServiceJwts {
    pub fn open(settings: &ServiceJwtSettings) -> Result<Self, ServiceKeyError> {
        let (algorithm, key) = match &settings.key {
            ServiceKey::Hs256(secret) => {
                let key = DecodingKey::from_secret(secret.expose_secret().as_bytes());
                (Algorithm::HS256, key.map_err(|_| ServiceKeyError::Secret)?)
            }
            ServiceKey::Rs256(path) => {
                let pem = fs::read(path)
                    .map_err(|cause| ServiceKeyError::Unreadable { path: path.clone(), cause })?;
                let key = rsa_key(&pem).ok_or_else(|| ServiceKeyError::NoPublicKey { path: path.clone() })?;
                (Algorithm::RS256, key)
            }
        };
        Ok(Self {
            key,
            validation: validation(algorithm, settings),
            roles: settings.roles.clone(),
            max_lifetime: seconds(settings.max_lifetime),
        })
    }

    /// The service that sent the request. Its user id is its role, so that no JWT can act as a user of this server.
    pub fn caller(&self, token: &str, now: DateTime<Utc>) -> Result<Caller, JwtAuthError> {
        if !self.is_claimed(token) {
            return Err(JwtAuthError::NotOurs);
        }
        let claims =
            decode::<Claims>(token, &self.key, &self.validation).map_err(|_| JwtAuthError::Refused)?.claims;
        let now = now.timestamp();
        if claims.exp < now {
            return Err(JwtAuthError::Expired { exp: claims.exp, now });
        }
        let begins_later = claims.nbf.is_some_and(|nbf| nbf > now + SKEW);
        if begins_later || claims.exp - now > self.max_lifetime || !self.roles.contains(&claims.role) {
            return Err(JwtAuthError::Refused);
        }
        let email = Some(claims.email).filter(|email| !email.is_empty());
        if email.as_deref().is_some_and(|email| !is_one_line(email)) {
            return Err(JwtAuthError::Refused);
        }
        Ok(Caller::new(claims.role.as_str(), Role::named(&claims.role), "Service Account", email))
    }

    /// Whether a bearer token claims to be the JWT of a service. Nothing in it is trusted yet.
    pub fn is_claimed(&self, token: &str) -> bool {
        unverified(token).is_some_and(|claims| self.roles.contains(&claims.role))
    }
}

fn unverified(token: &str) -> Option<Claims> {
    if token.len() > MAX_BYTES {
        return None;
    }
    let mut parts = token.split('.');
    let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

fn validation(algorithm: Algorithm, settings: &ServiceJwtSettings) -> Validation {
    let mut validation = Validation::new(algorithm);
    // The times are checked in `caller`, by the same clock as everything else.
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    if let Some(issuer) = &settings.issuer {
        validation.set_issuer(&[issuer]);
        validation.required_spec_claims.insert("iss".to_owned());
    }
    // Without a configured audience, a token that names one is for another server (RFC 7519, 4.1.3).
    if let Some(audience) = &settings.audience {
        validation.set_audience(&[audience]);
        validation.required_spec_claims.insert("aud".to_owned());
    }
    validation
}

fn rsa_key(pem: &[u8]) -> Option<DecodingKey> {
    let der = SubjectPublicKeyInfoDer::from_pem_slice(pem).ok()?;
    let components = CryptoProvider::try_get_default()?.key_utils.rsa_pub_components_from_public_key;
    let (modulus, _) = components(der.as_ref()).ok()?;
    let length = modulus.iter().skip_while(|byte| **byte == 0).count();
    RSA_BYTES.contains(&length).then(|| DecodingKey::from_rsa_der(der.as_ref()))
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

fn is_one_line(text: &str) -> bool {
    text.chars().count() <= MAX_EMAIL_CHARACTERS && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests;
