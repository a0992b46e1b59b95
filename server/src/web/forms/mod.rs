//! Forms of pages, which work without JavaScript: each does one thing and redirects the browser with 303. The page it leads to
//! shows what went wrong ([`app::notice::Notice`]).

mod agreement;
mod audit_export;
mod callback;
mod client;
mod cloud;
mod create;
mod host;
mod project;
mod rating;
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
use domain::{
    access::Caller,
    problem::{Extra, Problem, ProblemKind, UseCaseError},
};
use serde::{Deserialize, de::DeserializeOwned};

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
        .route("/callbacks/{id}/delete", post(callback::delete))
        .route("/clouds/{id}/delete", post(cloud::delete))
        .route("/agreements/{id}/accept", post(agreement::accept))
        .route("/ratings/{category}/{obj_id}/rate", post(rating::rate))
        .route("/ratings/{category}/{obj_id}/report/{id}", post(rating::report))
        .route("/audit/export", get(audit_export::export))
        .route("/projects/{id}/docker-compose.yml", get(project::download))
        .route("/projects/{id}/env", post(project::download_env))
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

/// Redirects to a page, which shows what went wrong if something did.
fn back_after(page: &str, result: Result<(), impl UseCaseError>) -> Response {
    match result {
        Ok(()) => Redirect::to(page).into_response(),
        Err(error) => back(page, error),
    }
}

/// Redirects to a page that shows what went wrong.
fn back(page: &str, error: impl UseCaseError) -> Response {
    back_as(page, error, |notice| notice)
}

/// The same for a form that words some notices in its own way.
fn back_as(page: &str, error: impl UseCaseError, worded: impl FnOnce(Notice) -> Notice) -> Response {
    let notice = worded(notice_of(&error.problem()));
    if notice == Notice::Failed {
        tracing::error!(?error, "a form failed");
    }
    noticed(page, notice)
}

fn notice_of(problem: &Problem) -> Notice {
    let missing = match &problem.extra {
        Some(Extra::Missing(what)) => what.as_str(),
        _ => "",
    };
    match (problem.kind, &*problem.code) {
        (ProblemKind::NotFound, _) => match missing {
            "host" => Notice::NoSuchHost,
            "client" => Notice::NoSuchClient,
            "cloud" => Notice::NoSuchCloud,
            "rating" => Notice::NoSuchRating,
            "agreement" => Notice::NoSuchAgreement,
            "member" => Notice::NoSuchMember,
            "invitation" => Notice::InvitationInvalid,
            _ => Notice::NotFound,
        },
        (ProblemKind::CodeInvalid, _) => Notice::InvitationInvalid,
        (ProblemKind::Forbidden, _) => Notice::Forbidden,
        (ProblemKind::LacksRole, _) => Notice::LacksRole,
        (ProblemKind::NameInvalid | ProblemKind::Invalid, _) => Notice::NameInvalid,
        (ProblemKind::Unreadable, _) => Notice::Unreadable,
        (ProblemKind::TooLarge, _) => Notice::TooLarge,
        (ProblemKind::HasDeployments, _) => Notice::HasDeployments,
        (ProblemKind::Declined, "not-confirmed") => Notice::ConfirmMismatch,
        (ProblemKind::Declined, "already-rated") => Notice::NoSuchRating,
        (ProblemKind::Declined, "already-signed") => Notice::AgreementAccepted,
        (ProblemKind::Conflict, "agreement-changed") => Notice::AgreementChanged,
        (ProblemKind::LimitReached | ProblemKind::TooManyKept, _) => Notice::LimitReached,
        (ProblemKind::VersionConflict, _) => Notice::Conflict,
        (ProblemKind::Conflict, "owner-stays") => Notice::OwnProject,
        (ProblemKind::Conflict, "project-on-hosts") => Notice::OnHosts,
        _ => Notice::Failed,
    }
}

fn noticed(page: &str, notice: Notice) -> Response {
    Redirect::to(&notice.on(page)).into_response()
}
