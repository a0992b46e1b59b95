//! The body of `POST /cloud` and `PUT /cloud/{id}`, and `cloud` of a deployment.

use serde_json::Value;

use super::{
    Secret, SecretKind,
    reading::{Part, Reading},
};
use crate::api::FieldError;

/// The longest name of a cloud or server, in characters.
pub const LONGEST_NAME: usize = 100;

/// The keys for a cloud. Existing clients also send `user_id` and `project_id`, which are checked and ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CloudBody {
    /// What the owner calls it.
    pub name: Option<String>,
    /// The code or an alias of a known provider, or any other text of 2 to 50 characters.
    pub provider: String,
    /// Null, absent or masked: a stored secret is kept. Empty: it is removed.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, write_only))]
    pub cloud_token: Option<Secret>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, write_only))]
    pub cloud_key: Option<Secret>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, write_only))]
    pub cloud_secret: Option<Secret>,
    /// Only with `true` are the secrets stored.
    pub save_token: Option<bool>,
}

impl CloudBody {
    pub fn parse(body: &Value) -> Result<Self, Vec<FieldError>> {
        let part = Reading::body(body)?;
        let mut reading = Reading::default();
        let cloud = Self::read(part, &mut reading);
        reading.finish(cloud)
    }

    pub(super) fn read(part: Part<'_>, reading: &mut Reading) -> Self {
        reading.text(part, "user_id");
        let cloud_token = reading.secret(part, "cloud_token");
        let cloud_key = reading.secret(part, "cloud_key");
        let cloud_secret = reading.secret(part, "cloud_secret");
        reading.number(part, "project_id");
        let save_token = reading.flag(part, "save_token");
        let provider = reading.text_of(part, "provider", 2, 50).unwrap_or_default();
        reading.required(part, "provider");
        let name = reading.name(part, LONGEST_NAME);
        Self { name, provider, cloud_token, cloud_key, cloud_secret, save_token }
    }

    pub fn secret(&self, kind: SecretKind) -> Option<&Secret> {
        match kind {
            SecretKind::Token => self.cloud_token.as_ref(),
            SecretKind::Key => self.cloud_key.as_ref(),
            SecretKind::Secret => self.cloud_secret.as_ref(),
        }
    }

    /// Whether it brings any credential at all.
    pub fn has_secrets(&self) -> bool {
        SecretKind::ALL.into_iter().any(|kind| self.secret(kind).is_some_and(|secret| !secret.is_empty()))
    }

    pub fn may_store_secrets(&self) -> bool {
        self.save_token == Some(true)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_of_existing_clients_is_read() {
        let body = json!({"user_id": "7", "project_id": 3, "provider": "htz", "cloud_token": "t0ken",
            "cloud_key": null, "save_token": true, "region": "fsn1"});
        let cloud = CloudBody::parse(&body).unwrap();
        assert_eq!(cloud.provider, "htz");
        assert_eq!(cloud.secret(SecretKind::Token), Some(&Secret::new("t0ken")));
        assert_eq!(cloud.secret(SecretKind::Key), None);
        assert!(cloud.may_store_secrets() && cloud.has_secrets());
    }

    #[test]
    fn no_credential_is_shown_by_debug() {
        let body = json!({"provider": "aws", "cloud_token": "hunter2", "cloud_key": "hunter2", "cloud_secret": "hunter2"});
        let shown = format!("{:?}", CloudBody::parse(&body).unwrap());
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn every_wrong_value_is_named() {
        let body = json!({"provider": "x", "cloud_token": 1, "project_id": "x", "save_token": "yes",
            "name": "n".repeat(101), "cloud_key": "k".repeat(8193), "cloud_secret": "a\0b"});
        let errors = CloudBody::parse(&body).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(
            fields,
            ["cloud_token", "cloud_key", "cloud_secret", "project_id", "save_token", "provider", "name"]
        );
        assert_eq!(CloudBody::parse(&json!({})).unwrap_err()[0].message, "is required");
        assert_eq!(CloudBody::parse(&json!([])).unwrap_err()[0].message, "must be an object");
    }

    #[test]
    fn an_unknown_provider_is_accepted() {
        let provider = |text: &str| CloudBody::parse(&json!({"provider": text})).map(|cloud| cloud.provider);
        assert_eq!(provider("éé").unwrap(), "éé");
        assert_eq!(provider(&"x".repeat(50)).unwrap().len(), 50);
        assert!(provider(&"x".repeat(51)).is_err());
    }

    #[test]
    fn a_blank_name_counts_as_none() {
        let cloud = CloudBody::parse(&json!({"provider": "aws", "name": " \t"})).unwrap();
        assert_eq!(cloud.name, None);
    }
}
