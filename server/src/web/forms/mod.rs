//! Forms of pages that work without JavaScript: each does one thing and sends the browser on with 303. What went wrong is
//! said on the page it leads to ([`app::notice::Notice`]).

mod audit_export;
mod client;
mod create;
mod delete;
mod download;
mod duplicate;
mod host;
mod join;
mod rename;
mod signed_in;
mod starting_point;
mod transfer;

use app::notice::Notice;
use axum::{
    Form, Router,
    extract::{FromRequest as _, Request},
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use serde::{Deserialize, de::DeserializeOwned};
use stacker::services::{ProjectError, SharingError};

pub(super) use signed_in::SignedIn;

use crate::state::AppState;

/// With names and confirmations only.
pub fn small() -> Router<AppState> {
    Router::new()
        .route("/projects/join", post(join::join))
        .route("/projects/{id}/transfer", post(transfer::transfer))
        .route("/projects/{id}/rename", post(rename::rename))
        .route("/projects/{id}/duplicate", post(duplicate::duplicate))
        .route("/projects/{id}/delete", post(delete::delete))
        .route("/hosts/{id}/rename", post(host::rename))
        .route("/hosts/{id}/revoke", post(host::revoke))
        .route("/clients/{id}/delete", post(client::delete))
        .route("/audit/export", get(audit_export::export))
        .route("/projects/{id}/docker-compose.yml", get(download::download))
}

/// With a compose file in them.
pub fn with_compose() -> Router<AppState> {
    Router::new().route("/projects", post(create::create))
}

/// Of a form that asks for the name of what is to go.
#[derive(Deserialize)]
pub(super) struct Confirmed {
    pub confirm_name: String,
}

/// The fields of a form; a form of ours always has them.
pub(super) async fn read<T: DeserializeOwned>(request: Request) -> Result<T, Response> {
    let Form(fields) =
        Form::from_request(request, &()).await.map_err(axum::response::IntoResponse::into_response)?;
    Ok(fields)
}

/// Back to a page, with what went wrong.
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

/// The same, of what is about who is in a project.
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
