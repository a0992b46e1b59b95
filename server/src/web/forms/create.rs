//! `POST /projects`: creates a project that is empty, from a compose file (uploaded or pasted), or from apps of the catalogue.

use app::notice::Notice;
use axum::{
    body::Bytes,
    extract::{Multipart, State, multipart::MultipartError},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use domain::{access::Caller, api::ImportProject};
use stacker::services::ProjectError;

use super::{SignedIn, back, noticed, starting_point};
use crate::state::AppState;

#[derive(Default)]
struct NewProject {
    name: String,
    file: Option<Bytes>,
    pasted: String,
    /// Codes of catalogue apps.
    apps: Vec<String>,
}

pub async fn create(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    form: Multipart,
) -> Result<Response, Response> {
    let form = read(form).await.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => noticed("/", Notice::TooLarge),
        _ => error.into_response(),
    })?;
    // Files from older Windows editors are often not UTF-8; the notice says so instead of calling the form invalid.
    let Some(compose) = form.compose() else { return Err(noticed("/", Notice::Unreadable)) };
    let id = create_from(&state, &caller, form, compose).await.map_err(|error| back("/", error))?;
    Ok(Redirect::to(&format!("/projects/{id}")).into_response())
}

async fn create_from(
    state: &AppState,
    caller: &Caller,
    form: NewProject,
    compose: String,
) -> Result<i32, ProjectError> {
    let projects = state.services.projects();
    if !compose.is_empty() {
        let (project, _) = projects.import(caller, ImportProject { name: form.name, compose }).await?;
        return Ok(project.id);
    }
    let stack = starting_point::stack(&form.apps, state.services.context().random.as_ref())?;
    Ok(projects.create_from_stack(caller, &form.name, &stack).await?.id)
}

impl NewProject {
    /// The uploaded file wins over pasted text. Empty when both are missing; `None` when the file is not UTF-8.
    fn compose(&self) -> Option<String> {
        match &self.file {
            Some(bytes) if !bytes.is_empty() => String::from_utf8(bytes.to_vec()).ok(),
            _ if self.pasted.trim().is_empty() => Some(String::new()),
            // Browsers end every line of a text area with `\r\n`, even if the pasted text did not.
            _ => Some(self.pasted.replace("\r\n", "\n")),
        }
    }
}

async fn read(mut form: Multipart) -> Result<NewProject, MultipartError> {
    let mut new = NewProject::default();
    while let Some(field) = form.next_field().await? {
        match field.name() {
            Some("name") => new.name = field.text().await?,
            Some("file") => new.file = Some(field.bytes().await?),
            Some("compose") => new.pasted = field.text().await?,
            Some("app") => new.apps.push(field.text().await?),
            _ => {}
        }
    }
    Ok(new)
}
