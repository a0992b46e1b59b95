//! An app on its way from the catalogue to the canvas.

use domain::catalog::{self, App};
use leptos::prelude::*;

use crate::builder::{
    model::geometry::{NODE_WIDTH, Rect, Vec2, snap},
    state::{
        actions,
        frame::frame,
        session::{Carried, Session, use_session},
    },
    view::app_sign::AppSign,
};

/// The canvas point under a place of the window, when that is on the canvas.
fn on_canvas(session: Session, at: Vec2) -> Option<Vec2> {
    let surface = session.surface.get_untracked()?;
    let (corner, size) = frame(&surface);
    Rect::new(corner.x, corner.y, size.x, size.y)
        .contains(at)
        .then(|| session.view.get_untracked().to_canvas(at.minus(corner)))
}

pub fn carry(session: Session, app: &'static App, at: Vec2) {
    let over_canvas = on_canvas(session, at).is_some();
    session.carried.set(Some(Carried { code: &app.code, at, over_canvas }));
}

/// Adds the app where it is let go, when that is on the canvas.
pub fn drop_app(session: Session, app: &'static App, at: Vec2) {
    session.carried.set(None);
    if let Some(under) = on_canvas(session, at) {
        // The pointer holds the node where it held the ghost.
        let corner = under.minus(Vec2::new(NODE_WIDTH / 2.0, 20.0));
        actions::add_app(session, app, Some(snap(corner)));
    }
}

/// What follows the pointer.
#[component]
pub fn CarriedApp() -> impl IntoView {
    let session = use_session();
    move || {
        let carried = session.carried.get()?;
        let app = catalog::app(carried.code)?;
        Some(view! {
            <div
                class="carried"
                class:carried-over=carried.over_canvas
                aria-hidden="true"
                style:left=format!("{}px", carried.at.x)
                style:top=format!("{}px", carried.at.y)
            >
                <AppSign path=app.glyph() />
                <span class="truncate font-semibold">{app.name.clone()}</span>
            </div>
        })
    }
}
