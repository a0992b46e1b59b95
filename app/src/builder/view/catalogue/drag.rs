//! Dragging an app from the catalogue to the canvas.

use domain::catalog::{self, App};
use leptos::prelude::*;

use crate::builder::{
    model::geometry::{NODE_WIDTH, Vec2, snap},
    state::{
        actions,
        session::{Session, use_session},
        view_port::Carried,
    },
    view::app_sign::AppSign,
};

pub fn carry(session: Session, app: &'static App, at: Vec2) {
    let over_canvas = session.view_port.canvas_point(at).is_some();
    session.view_port.carried.set(Some(Carried { code: &app.code, at, over_canvas }));
}

/// Adds the app where it is dropped, if it is dropped on the canvas.
pub fn drop_app(session: Session, app: &'static App, at: Vec2) {
    session.view_port.carried.set(None);
    if let Some(under) = session.view_port.canvas_point(at) {
        // Places the node under the pointer where the dragged app was.
        let corner = under.minus(Vec2::new(NODE_WIDTH / 2.0, 20.0));
        actions::add_app(session, app, Some(snap(corner)));
    }
}

/// The picture of the dragged app at the pointer.
#[component]
pub fn CarriedApp() -> impl IntoView {
    let session = use_session();
    move || {
        let carried = session.view_port.carried.get()?;
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
