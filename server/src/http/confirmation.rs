//! `?confirm_name=` of what cannot be undone, and the answer where it is missing or wrong.

use domain::{api::FieldError, confirm::NotConfirmed};
use serde::Deserialize;

use super::ApiError;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Confirmation {
    /// The name of what is to go (of a client without a name, its id). Where it is given it must be right; with
    /// `require_confirm_name` it must be given.
    pub confirm_name: Option<String>,
}

impl From<NotConfirmed> for ApiError {
    fn from(error: NotConfirmed) -> Self {
        let message = error.to_string();
        let errors = vec![FieldError { field: NotConfirmed::FIELD.to_owned(), message: message.clone() }];
        Self::bad_request("not-confirmed", message).with_errors(errors)
    }
}
