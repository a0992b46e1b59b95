//! Who is in a project: join with a code, transfer to a member.

use app::notice::Notice;
use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Redirect, Response},
};
use domain::api::{JoinProject, TransferProject};

use super::{SignedIn, back, back_as, read};
use crate::{http::PathId, state::AppState};

/// Joins another person's project, with the code they sent.
pub async fn join(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    request: Request,
) -> Result<Response, Response> {
    let JoinProject { code } = read(request).await?;
    let joined = state.services.projects().join(&caller, &code).await;
    let joined = joined.map_err(|error| back("/", error))?;
    Ok(Redirect::to(&format!("/projects/{}", joined.project_id)).into_response())
}

/// Transfers a project to a member, if the project's name was typed correctly.
pub async fn transfer(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId,
    request: Request,
) -> Result<Response, Response> {
    let people = format!("/projects/{id}/people");
    let request: TransferProject = read(request).await?;
    let given = state.services.projects().transfer(&caller, id, request).await;
    given.map_err(|error| back_as(&people, error, transfer_notice))?;
    Ok(Redirect::to(&people).into_response())
}

fn transfer_notice(notice: Notice) -> Notice {
    match notice {
        Notice::ConfirmMismatch => Notice::TransferConfirmMismatch,
        Notice::LimitReached => Notice::NewOwnerHasNoRoom,
        other => other,
    }
}
