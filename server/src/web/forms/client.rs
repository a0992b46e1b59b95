//! `POST /clients/{id}/delete`, which requires that the client's name is typed.

use app::notice::Notice;
use axum::{
    extract::{Request, State},
    response::{IntoResponse as _, Redirect, Response},
};
use stacker::services::ClientError;

use super::{Confirmed, SignedIn, noticed, read};
use crate::{http::PathId, state::AppState};

const PAGE: &str = "/access";

pub async fn delete(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    PathId(id): PathId,
    request: Request,
) -> Result<Response, Response> {
    let Confirmed { confirm_name } = read(request).await?;
    state.services.clients().delete(&caller, id, Some(&confirm_name)).await.map_err(back)?;
    Ok(Redirect::to(PAGE).into_response())
}

fn back(error: ClientError) -> Response {
    let notice = match error {
        ClientError::NotFound => Notice::NoSuchClient,
        ClientError::Forbidden => Notice::Forbidden,
        ClientError::NotConfirmed(_) => Notice::ConfirmMismatch,
        ClientError::TooMany { .. }
        | ClientError::NotActive
        | ClientError::AlreadyActive
        | ClientError::Invalid { .. } => Notice::Failed,
        ClientError::Internal(cause) => {
            tracing::error!(error = ?cause, "a form failed inside");
            Notice::Failed
        }
    };
    noticed(PAGE, notice)
}
