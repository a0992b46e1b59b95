//! `POST /ratings/{category}/{obj_id}/rate` and `…/report/{id}`.

use app::notice::Notice;
use axum::{
    extract::{Request, State},
    response::Response,
};
use domain::rating::{Category, CreateRating, ReportRating};
use serde::Deserialize;

use super::{SignedIn, back_as, noticed, read};
use crate::{http::PathPart, state::AppState};

#[derive(Deserialize)]
struct Rated {
    rate: i32,
    #[serde(default)]
    comment: String,
}

pub async fn rate(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    PathPart((category, obj_id)): PathPart<(Category, i32)>,
    request: Request,
) -> Result<Response, Response> {
    let Rated { rate, comment } = read(request).await?;
    let body = CreateRating { obj_id, category, rate, comment: Some(comment) };
    let page = page(category, obj_id);
    Ok(match state.services.ratings().save(&caller, body).await {
        Ok(_) => noticed(&page, Notice::RatingSaved),
        Err(error) => back_as(&page, error, worded),
    })
}

pub async fn report(
    State(state): State<AppState>,
    SignedIn(caller): SignedIn,
    PathPart((category, obj_id, id)): PathPart<(Category, i32, i32)>,
) -> Response {
    let page = page(category, obj_id);
    match state.services.ratings().report(&caller, id, &ReportRating::default()).await {
        Ok(()) => noticed(&page, Notice::RatingReported),
        Err(error) => back_as(&page, error, worded),
    }
}

fn page(category: Category, obj_id: i32) -> String {
    format!("/ratings/{}/{obj_id}", category.as_str())
}

fn worded(notice: Notice) -> Notice {
    match notice {
        Notice::NameInvalid => Notice::RatingInvalid,
        other => other,
    }
}
