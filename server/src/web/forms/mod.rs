//! Forms of pages, which work without JavaScript: each does one thing and redirects the browser with 303. The page it leads to
//! shows what went wrong ([`app::notice::Notice`]).

mod audit_export;
mod client;
mod create;
mod host;
mod project;
mod sharing;
mod starting_point;

use app::{notice::Notice, rpc::CurrentCaller};
use axum::{
    Form, Router,
    extract::{FromRequest as _, FromRequestParts, Request},
    http::request::Parts,
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use domain::access::Caller;
use serde::{Deserialize, de::DeserializeOwned};
use stacker::services::{ProjectError, SharingError};

use crate::state::AppState;

/// Forms that hold only names and confirmations.
pub fn small() -> Router<AppState> {
    Router::new()
        .route("/projects/join", post(sharing::join))
        .route("/projects/{id}/transfer", post(sharing::transfer))
        .route("/projects/{id}/rename", post(project::rename))
        .route("/projects/{id}/duplicate", post(project::duplicate))
        .route("/projects/{id}/delete", post(project::delete))
        .route("/hosts/{id}/rename", post(host::rename))
        .route("/hosts/{id}/revoke", post(host::revoke))
        .route("/clients/{id}/delete", post(client::delete))
        .route("/audit/export", get(audit_export::export))
        .route("/projects/{id}/docker-compose.yml", get(project::download))
}

/// Forms that can hold a compose file.
pub fn with_compose() -> Router<AppState> {
    Router::new().route("/projects", post(create::create))
}

/// The person who sends a form. Without a session the browser is sent to the sign-in page.
pub(super) struct SignedIn(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Redirect;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Redirect> {
        let current = parts.extensions.get::<CurrentCaller>().cloned();
        current.and_then(|current| current.0).map(Self).ok_or_else(|| Redirect::to("/sign-in"))
    }
}

/// The field of a form that asks for the name of the thing to delete.
#[derive(Deserialize)]
pub(super) struct Confirmed {
    pub confirm_name: String,
}

/// Reads the fields of a form. Our own forms always send them.
pub(super) async fn read<T: DeserializeOwned>(request: Request) -> Result<T, Response> {
    let Form(fields) =
        Form::from_request(request, &()).await.map_err(axum::response::IntoResponse::into_response)?;
    Ok(fields)
}

/// Redirects to a page that shows what went wrong.
fn back(page: &str, error: ProjectError) -> Response {
    let notice = match error {
        ProjectError::NotFound => Notice::NotFound,
        ProjectError::Forbidden => Notice::Forbidden,
        ProjectError::LacksRole(_) => Notice::LacksRole,
        ProjectError::NameInvalid(_) | ProjectError::Invalid { .. } => Notice::NameInvalid,
        ProjectError::Unreadable { .. } => Notice::Unreadable,
        ProjectError::TooLarge { .. } => Notice::TooLarge,
        ProjectError::HasDeployments => Notice::HasDeployments,
        ProjectError::NotConfirmed(_) => Notice::ConfirmMismatch,
        ProjectError::LimitReached(_) => Notice::LimitReached,
        ProjectError::VersionConflict { .. } => Notice::Conflict,
        ProjectError::Refused(refusal) => {
            tracing::error!(%refusal, "an edit of our own was refused");
            Notice::Failed
        }
        ProjectError::Internal(cause) => {
            tracing::error!(error = ?cause, "a form failed inside");
            Notice::Failed
        }
    };
    noticed(page, notice)
}

/// The same for errors about the people in a project.
fn back_from_sharing(page: &str, error: SharingError) -> Response {
    let notice = match error {
        SharingError::NotFound => Notice::NotFound,
        SharingError::Forbidden => Notice::Forbidden,
        SharingError::LacksRole(_) => Notice::LacksRole,
        SharingError::NoSuchMember => Notice::NoSuchMember,
        SharingError::InvitationInvalid | SharingError::NoSuchInvitation => Notice::InvitationInvalid,
        SharingError::OwnerStays => Notice::OwnProject,
        SharingError::NotConfirmed(_) => Notice::TransferConfirmMismatch,
        SharingError::OnHosts => Notice::OnHosts,
        SharingError::NewOwnerHasNoRoom => Notice::NewOwnerHasNoRoom,
        SharingError::TooManyMembers { .. } | SharingError::TooManyInvitations { .. } => Notice::LimitReached,
        SharingError::RoleNotGiven => Notice::Failed,
        SharingError::Internal(cause) => {
            tracing::error!(error = ?cause, "a form failed inside");
            Notice::Failed
        }
    };
    noticed(page, notice)
}

fn noticed(page: &str, notice: Notice) -> Response {
    Redirect::to(&notice.on(page)).into_response()
}
