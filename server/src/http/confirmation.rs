//! `?confirm_name=` of requests that cannot be undone.

use serde::Deserialize;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Confirmation {
    /// The name of what is to go (of a client without a name, its id). Where it is given it must be right; with
    /// `require_confirm_name` it must be given.
    pub confirm_name: Option<String>,
}
