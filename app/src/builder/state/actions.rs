//! Actions that several parts of the builder offer: add, connect, remove, move, import.

use std::collections::BTreeMap;

use domain::{
    catalog::{self, App, SecretSpec},
    docker_run::DockerRun,
    stack::{Edit, Point, Refusal, Stack},
};
use leptos::prelude::*;

use super::{notices::Spot, session::Session};
use crate::{
    browser,
    builder::model::{
        geometry::{Vec2, snap},
        layout,
        selection::Selection,
        sentence::sentence,
    },
};

/// Approximate height of a new node, used to find a free place for it.
const NEW_NODE_HEIGHT: f64 = 96.0;

/// Adds an app of the catalogue with fresh secrets, and selects it.
pub fn add_app(session: Session, app: &App, at: Option<Point>) -> bool {
    let Some(secrets) = generate(app.secrets()) else {
        session.refuse(Spot::Catalogue, no_randomness());
        return false;
    };
    let service = free_name(session, &app.code);
    let edit = |at| Edit::AddService {
        service: service.clone(),
        image: None,
        app: Some(app.code.clone()),
        secrets,
        at,
    };
    let added = add(session, Spot::Catalogue, at, &service, edit);
    if added {
        session.notices.report.set(app.after_adding.clone().map(|text| (Spot::Catalogue, text)));
    }
    added
}

/// Adds a service with any image.
pub fn add_image(session: Session, service: &str, image: &str) -> bool {
    let edit = |at| Edit::AddService {
        service: service.to_owned(),
        image: Some(image.to_owned()),
        app: None,
        secrets: BTreeMap::new(),
        at,
    };
    add(session, Spot::CustomImage, None, service, edit)
}

/// Adds the services that `docker run` commands describe, as one step, and selects the last one.
pub fn add_runs(session: Session, runs: &[DockerRun]) -> bool {
    let spot = Spot::RunCommand;
    let picture = session.document.picture.get_untracked();
    let mut taken: Vec<_> = picture.nodes.iter().map(|node| node.rect).collect();
    let mut edits = picture.pins(&session.document.stack());
    let mut stack = session.document.stack();
    let mut last = String::new();
    for run in runs {
        last = free_name_in(&stack, &run.suggested_name());
        let at = layout::free_place(&taken, NEW_NODE_HEIGHT);
        taken.push(layout::boxed(at, NEW_NODE_HEIGHT));
        let added = run.edits(&stack, &last, Some(at));
        // The next command may name this service.
        match stack.apply_all(&added) {
            Ok(after) => stack = after,
            Err(refusal) => {
                session.refuse(spot, refusal);
                return false;
            }
        }
        edits.extend(added);
    }
    let added = session.edit(spot, &edits);
    if added {
        session.select_service(&last);
    }
    added
}

fn add(
    session: Session,
    spot: Spot,
    at: Option<Point>,
    service: &str,
    edit: impl FnOnce(Option<Point>) -> Edit,
) -> bool {
    let picture = session.document.picture.get_untracked();
    let taken: Vec<_> = picture.nodes.iter().map(|node| node.rect).collect();
    let at = match at {
        Some(wish) => layout::free_near(wish, &taken, NEW_NODE_HEIGHT),
        None => layout::free_place(&taken, NEW_NODE_HEIGHT),
    };
    let mut edits = picture.pins(&session.document.stack());
    edits.push(edit(Some(at)));
    let added = session.edit(spot, &edits);
    if added {
        session.select_service(service);
        // With the list, as on a phone, the form shows the new service.
        if !session.view_port.shows_canvas() {
            request_animation_frame(|| browser::focus("inspector"));
        }
    }
    added
}

/// The wanted name. If it is taken, the first number that makes it unique is appended.
pub fn free_name(session: Session, wish: &str) -> String {
    free_name_in(&session.document.stack(), wish)
}

fn free_name_in(stack: &Stack, wish: &str) -> String {
    let free = |name: &String| stack.model().service(name).is_none();
    std::iter::once(wish.to_owned())
        .chain((2..1000).map(|number| format!("{wish}-{number}")))
        .find(free)
        .unwrap_or_else(|| wish.to_owned())
}

/// Generates a value for each secret with the browser's cryptographic generator.
fn generate(secrets: &[SecretSpec]) -> Option<BTreeMap<String, String>> {
    secrets
        .iter()
        .map(|spec| Some((spec.name.clone(), spec.from_bytes(&browser::random_bytes(spec.bytes_needed())?))))
        .collect()
}

fn no_randomness() -> Refusal {
    Refusal::new(
        "no-randomness",
        "This browser provides no random numbers, so no password could be generated. Nothing was changed.",
    )
}

/// Draws a wire: everything that `from` needs in order to use `to`, as one step.
pub fn connect(session: Session, spot: Spot, from: &str, to: &str) {
    let stack = session.document.stack();
    let Some(secrets) = generate(&catalog::secrets_for_connect(&stack, from, to)) else {
        session.refuse(spot, no_randomness());
        return;
    };
    match catalog::connect(&stack, from, to, &secrets) {
        Ok(edits) => {
            let mut all = session.document.picture.get_untracked().pins(&stack);
            all.extend(edits);
            if session.edit(spot, &all) {
                session.select(Selection::Wire { from: from.to_owned(), to: to.to_owned() });
            }
        }
        Err(refusal) => session.refuse(spot, refusal),
    }
}

/// Removes the selection.
pub fn remove_selected(session: Session, spot: Spot) {
    match session.selection.now.get_untracked() {
        Selection::Nothing => {}
        Selection::Services(services) => remove_services(session, spot, services),
        Selection::Wire { from, to } => remove_wire(session, spot, &from, &to),
    }
}

/// Removes services with what their wires brought. What went along is reported at `spot`.
pub fn remove_services(session: Session, spot: Spot, services: Vec<String>) {
    let mut edits = session.document.picture.get_untracked().pins(&session.document.stack());
    edits.retain(|edit| !matches!(edit, Edit::MoveNode { service, .. } if services.contains(service)));
    edits.extend(services.into_iter().map(|service| Edit::RemoveService { service, clean_up: true }));
    session.edit(spot, &edits);
}

pub fn remove_wire(session: Session, spot: Spot, from: &str, to: &str) {
    match catalog::disconnect(&session.document.stack(), from, to) {
        Ok(edits) if edits.is_empty() => {
            let message = format!(
                "`{from}` is connected to `{to}` because it names it in a value, in a link or in its network mode. Change that value to remove the connection."
            );
            session.refuse(spot, Refusal::new("wire-is-a-value", message));
        }
        Ok(edits) => drop(session.edit(spot, &edits)),
        Err(refusal) => session.refuse(spot, refusal),
    }
}

pub fn duplicate(session: Session, spot: Spot, service: &str) {
    let picture = session.document.picture.get_untracked();
    let Some(node) = picture.node(service) else { return };
    let copy = free_name(session, service);
    let taken: Vec<_> = picture.nodes.iter().map(|node| node.rect).collect();
    let wish = snap(Vec2::new(node.rect.x + 40.0, node.rect.bottom() + 40.0));
    let at = layout::free_near(wish, &taken, node.rect.height);
    let mut edits = picture.pins(&session.document.stack());
    edits.push(Edit::DuplicateService { service: service.to_owned(), to: copy.clone(), at: Some(at) });
    if session.edit(spot, &edits) {
        session.select_service(&copy);
    }
}

/// Moves nodes by `by` canvas units, onto the grid. The other nodes stay where they are drawn.
pub fn move_by(session: Session, services: &[String], by: Vec2) {
    session.edit(Spot::Canvas, &moves(session, services, by));
}

/// Moves nodes as [`move_by`] does, for the arrow keys: several key presses are one undo step.
pub fn nudge(session: Session, services: &[String], by: Vec2) {
    if let Err(message) = session.type_in("arrow-keys", &moves(session, services, by)) {
        session.refuse(Spot::Canvas, Refusal::new("not-moved", message));
    }
}

fn moves(session: Session, services: &[String], by: Vec2) -> Vec<Edit> {
    let stack = session.document.stack();
    session.document.picture.with_untracked(|picture| picture.moves(&stack, services, by))
}

/// Replaces the whole compose file. Text that is not valid YAML is refused, and nothing changes.
pub fn import(session: Session, text: &str) -> bool {
    let read = Stack::read(text);
    if !read.is_readable() {
        let first = read.findings().first();
        let message = match first {
            Some(finding) => format!(
                "Line {}, column {}: {} Nothing was changed.",
                finding.position.line,
                finding.position.column,
                sentence(&finding.message)
            ),
            None => "This text is not valid YAML. Nothing was changed.".to_owned(),
        };
        session.refuse(Spot::Import, Refusal::new("unreadable", message));
        return false;
    }
    session.notices.clear();
    session.replace_text(text);
    session.select(Selection::Nothing);
    true
}
