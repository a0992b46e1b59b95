//! `?confirm_name=` of requests that cannot be undone.

use serde::Deserialize;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Confirmation {
    /// The name of what to delete (the id, for a client without a name). If given, it must match; with `require_confirm_name`, it
    /// is required.
    pub confirm_name: Option<String>,
}
