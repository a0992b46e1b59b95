//! Agreements: texts that people accept, and the proof of who accepted which text.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::api::FieldError;

/// In characters.
pub const LONGEST_NAME: usize = 100;
/// In characters.
pub const LONGEST_TEXT: usize = 5000;

/// `POST /admin/agreement` and `PUT /admin/agreement/{id}`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveAgreement {
    /// Up to 100 characters.
    pub name: String,
    /// Plain text of up to 5,000 characters. A changed text is a new version, which has to be accepted again.
    pub text: String,
    /// Whether only people who have accepted the newest version may deploy. Absent or null: as before, at first no.
    #[serde(default)]
    pub required: Option<bool>,
}

impl SaveAgreement {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let errors: Vec<_> = [("name", &self.name, LONGEST_NAME), ("text", &self.text, LONGEST_TEXT)]
            .into_iter()
            .filter(|(_, text, most)| {
                text.trim().is_empty() || text.chars().count() > *most || text.contains('\0')
            })
            .map(|(field, _, most)| FieldError {
                field: field.to_owned(),
                message: format!("must have 1 to {most} characters, not only blanks and none of them NUL"),
            })
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// An agreement with its newest text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Agreement {
    pub id: i32,
    pub name: String,
    /// Plain text: escape it before you show it.
    pub text: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// From 1; a changed text has the next number.
    pub version: i32,
    /// Whether only people who have accepted this version may deploy.
    pub required: bool,
    /// Of the UTF-8 text, in hex.
    pub text_sha256: String,
    /// When the caller accepted this version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<DateTime<Utc>>,
}

/// `POST /agreement`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AcceptAgreement {
    /// The id of the agreement.
    pub agrt_id: i32,
    /// The version that was read. If it is not the newest one, nothing is accepted. Absent: the newest.
    #[serde(default)]
    pub version: Option<i32>,
}

/// Who accepted which text, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserAgreement {
    pub id: i32,
    /// The id of the agreement.
    pub agrt_id: i32,
    pub user_id: String,
    pub created_at: DateTime<Utc>,
    /// The same as `created_at`: what was accepted does not change.
    pub updated_at: DateTime<Utc>,
    pub version: i32,
    /// Of the UTF-8 text that was accepted, in hex.
    pub text_sha256: String,
}

/// A text that an agreement has or had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AgreementVersion {
    pub version: i32,
    pub text: String,
    /// Of the UTF-8 text, in hex.
    pub text_sha256: String,
    /// The administrator who wrote it.
    pub created_by: String,
    pub created_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_have_limits() {
        let fields = |name: String, text: String| -> Vec<String> {
            let checked = SaveAgreement { name, text, required: None }.check();
            checked.err().unwrap_or_default().into_iter().map(|error| error.field).collect()
        };
        assert!(fields("ö".repeat(100), "ö".repeat(5000)).is_empty());
        assert_eq!(fields("x".repeat(101), "x".repeat(5001)), ["name", "text"]);
        assert_eq!(fields(" ".to_owned(), "a\0".to_owned()), ["name", "text"]);
    }
}
