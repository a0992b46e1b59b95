//! What callers send about ratings, and its limits.

use serde::{Deserialize, Serialize};

use super::{Category, HIGHEST_RATE};
use crate::api::FieldError;

/// In characters.
pub const LONGEST_COMMENT: usize = 1000;
/// In characters.
pub const LONGEST_REASON: usize = 500;

/// `POST /rating`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateRating {
    /// `obj_id` of a product.
    pub obj_id: i32,
    pub category: Category,
    /// 0 to 10.
    pub rate: i32,
    /// Plain text of up to 1,000 characters.
    #[serde(default)]
    pub comment: Option<String>,
}

/// `PUT /rating/{id}`. What is absent or null stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateRating {
    /// An empty text removes the comment.
    #[serde(default)]
    pub comment: Option<String>,
    /// 0 to 10.
    #[serde(default)]
    pub rate: Option<i32>,
}

/// `PUT /admin/rating/{id}`. What is absent or null stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModerateRating {
    /// An empty text removes the comment.
    #[serde(default)]
    pub comment: Option<String>,
    /// 0 to 10.
    #[serde(default)]
    pub rate: Option<i32>,
    /// A hidden rating is not shown and does not count.
    #[serde(default)]
    pub hidden: Option<bool>,
}

/// `POST /rating/{id}/report`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportRating {
    /// For the administrators, up to 500 characters.
    #[serde(default)]
    pub reason: Option<String>,
}

impl CreateRating {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        check(Some(self.rate), self.comment.as_deref())
    }
}

impl UpdateRating {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        check(self.rate, self.comment.as_deref())
    }
}

impl ModerateRating {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        check(self.rate, self.comment.as_deref())
    }
}

impl ReportRating {
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        finished(text_error("reason", self.reason.as_deref(), LONGEST_REASON).into_iter().collect())
    }
}

/// A text as it is stored: without blanks around it, and absent if nothing else is in it.
pub fn kept_text(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn check(rate: Option<i32>, comment: Option<&str>) -> Result<(), Vec<FieldError>> {
    let mut errors = Vec::new();
    if rate.is_some_and(|rate| !(0..=HIGHEST_RATE).contains(&rate)) {
        let message = format!("must be a whole number from 0 to {HIGHEST_RATE}");
        errors.push(FieldError { field: "rate".to_owned(), message });
    }
    errors.extend(text_error("comment", comment, LONGEST_COMMENT));
    finished(errors)
}

fn text_error(field: &str, text: Option<&str>, most: usize) -> Option<FieldError> {
    let text = text?;
    let message = if text.chars().count() > most {
        format!("must have at most {most} characters")
    } else if text.contains('\0') {
        "must not contain the character NUL".to_owned()
    } else {
        return None;
    };
    Some(FieldError { field: field.to_owned(), message })
}

fn finished(errors: Vec<FieldError>) -> Result<(), Vec<FieldError>> {
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(result: Result<(), Vec<FieldError>>) -> Vec<String> {
        result.err().unwrap_or_default().into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn every_wrong_value_is_named_at_once() {
        let rating =
            |rate, comment: String| CreateRating { rate, comment: Some(comment), ..CreateRating::default() };
        assert!(fields(rating(0, "ö".repeat(1000)).check()).is_empty());
        assert!(fields(rating(10, String::new()).check()).is_empty());
        assert_eq!(fields(rating(11, "ö".repeat(1001)).check()), ["rate", "comment"]);
        assert_eq!(fields(rating(-1, "a\0b".to_owned()).check()), ["rate", "comment"]);
        assert_eq!(fields(UpdateRating { rate: Some(11), comment: None }.check()), ["rate"]);
        assert!(fields(UpdateRating::default().check()).is_empty());
        assert_eq!(fields(ReportRating { reason: Some("x".repeat(501)) }.check()), ["reason"]);
    }

    #[test]
    fn blanks_are_no_comment() {
        assert_eq!(kept_text(Some(" \n ")), None);
        assert_eq!(kept_text(Some(" fine\n")), Some("fine"));
    }
}
