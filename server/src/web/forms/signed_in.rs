//! Who posts a form. Without a session: to the sign-in page.

use app::rpc::CurrentCaller;
use axum::{extract::FromRequestParts, http::request::Parts, response::Redirect};
use domain::access::Caller;

pub struct SignedIn(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Redirect;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Redirect> {
        let current = parts.extensions.get::<CurrentCaller>().cloned();
        current.and_then(|current| current.0).map(Self).ok_or_else(|| Redirect::to("/sign-in"))
    }
}
