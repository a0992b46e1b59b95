//! Edits that concern whole services.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    Work,
    references::{self, Reference},
};
use crate::{
    catalog,
    compose::{
        ImageReference, Place,
        change::{Change, Habits, Splice, past_own_comments},
        is_service_name,
        scalar::plain_or_quoted,
        syntax::{NodeKind, Pair, Tree},
    },
    stack::{Canvas, Edit, Point, Refusal, Stack},
};

pub fn add(
    work: &mut Work<'_>,
    name: &str,
    image: Option<&str>,
    app: Option<&str>,
    secrets: &BTreeMap<String, String>,
) -> Result<(), Refusal> {
    check_new_name(work.stack, name)?;
    match (image, app) {
        (Some(image), None) => {
            if let Some(problem) = ImageReference::read(image).problem() {
                return Err(Refusal::new("image-invalid", problem));
            }
            work.set(&["services", name], json!({"image": image, "restart": "unless-stopped"}))
        }
        (None, Some(app)) => {
            let app = catalog::app(app)
                .ok_or_else(|| Refusal::new("app-unknown", format!("the catalogue has no app `{app}`")))?;
            let taken = catalog::Taken::of(work.stack.model()).with_variables(work.stack.values().names());
            let definition = catalog::service_definition(app, name, secrets, &taken)
                .map_err(|missing| Refusal::new("secret-missing", missing.to_string()))?;
            for (name, value) in definition.values {
                work.values.set(&name, value)?;
            }
            work.set(&["services", name], definition.service)?;
            definition.volumes.iter().try_for_each(|volume| super::volumes::declare(work, volume))
        }
        _ => Err(Refusal::new("source-invalid", "a new service needs either an image or an app")),
    }
}

pub fn remove(work: &mut Work<'_>, name: &str) -> Result<(), Refusal> {
    work.service(name)?;
    let references = references(work, name)?;
    if let Some(base) = references.iter().find(|reference| reference.is_base) {
        return Err(Refusal::new(
            "service-in-use",
            format!("`{}` extends `{name}`: change or remove it first", base.path[1]),
        ));
    }
    for Reference { path, .. } in references {
        if path[1] != name {
            work.change(&Change::Remove { path })?;
        }
    }
    work.remove(&["services", name])
}

pub fn duplicate(work: &mut Work<'_>, name: &str, to: &str) -> Result<(), Refusal> {
    work.service(name)?;
    check_new_name(work.stack, to)?;
    let body = work.value(&["services", name]).cloned().unwrap_or(Value::Null);
    match copied_text(work.stack, name, to) {
        Some(splice) => {
            let change = Change::set(&["services", to], body.clone());
            let stack = work.stack;
            work.draft().insert(&splice, &change).map_err(|refusal| refusal.located_in(stack.text()))?;
        }
        None => work.set(&["services", to], body.clone())?,
    }
    for key in ["container_name", "ports"] {
        if body.get(key).is_some() {
            work.remove(&["services", to, key])?;
        }
    }
    Ok(())
}

fn references(work: &mut Work<'_>, name: &str) -> Result<Vec<Reference>, Refusal> {
    let references = references::to_service(work.draft().values(), name);
    super::check_count(references.len(), name)?;
    Ok(references)
}

/// The lines of the service for a copy, including comments. `None` if these lines cannot be used a second time.
fn copied_text(stack: &Stack, name: &str, to: &str) -> Option<Splice> {
    let services = &stack.tree().pair("services")?.value;
    let pair = services.pair(name)?;
    let last = services.pairs().last()?;
    if services.is_flow() || has_anchor(&pair.value) || has_own_merge_only(pair) {
        return None;
    }
    let text = stack.text();
    let line_end = |at: usize| text[at..].find(['\r', '\n']).map_or(text.len(), |end| at + end);
    let body = &text[pair.key.end()..line_end(pair.end())];
    let key_line = text[..pair.key.start].rfind('\n').map_or(0, |at| at + 1);
    let indent = &text[key_line..pair.key.start];
    let habits = Habits::of(text, stack.tree());
    let gap = if habits.airy { habits.line_end } else { "" };
    let key = plain_or_quoted(to);
    Some(Splice {
        place: Place::at(past_own_comments(text, line_end(last.end()), indent.len())),
        text: format!("{gap}{}{indent}{key}{body}", habits.line_end),
    })
}

/// Whether the service has a merge (`<<`). Ports or a container name that come from a merge cannot be removed from
/// the copy.
fn has_own_merge_only(pair: &Pair) -> bool {
    pair.value.pair("<<").is_some()
}

fn has_anchor(tree: &Tree) -> bool {
    tree.anchor.is_some()
        || match &tree.kind {
            NodeKind::Mapping { pairs, .. } => {
                pairs.iter().any(|pair| has_anchor(&pair.key) || has_anchor(&pair.value))
            }
            NodeKind::Sequence { items, .. } => items.iter().any(|item| has_anchor(&item.node)),
            _ => false,
        }
}

pub fn check_new_name(stack: &Stack, name: &str) -> Result<(), Refusal> {
    if !is_service_name(name) || name.len() > 63 {
        return Err(Refusal::new(
            "service-name",
            format!("a service can't be named `{name}`: use up to 63 letters, digits, `.`, `_` and `-`"),
        ));
    }
    if stack.model().service(name).is_some() {
        return Err(Refusal::new("service-exists", format!("there is already a service `{name}`")));
    }
    Ok(())
}

/// The canvas after an edit. It follows the services: a new service does not inherit data of an earlier one with the
/// same name.
pub fn canvas_after(stack: &Stack, edit: &Edit) -> Canvas {
    let mut canvas = stack.canvas().clone();
    match edit {
        Edit::AddService { service, app, at, .. } => {
            forget(&mut canvas, service);
            if let Some(at) = at {
                canvas.positions.insert(service.clone(), *at);
            }
            if let Some(app) = app {
                canvas.apps.insert(service.clone(), app.clone());
            }
        }
        Edit::RemoveService { service, .. } => forget(&mut canvas, service),
        Edit::RenameService { service, to, .. } if service != to => {
            forget(&mut canvas, to);
            move_key(&mut canvas.positions, service, to);
            move_key(&mut canvas.apps, service, to);
            move_key(&mut canvas.notes, service, to);
        }
        Edit::DuplicateService { service, to, at } => {
            forget(&mut canvas, to);
            let beside = canvas
                .positions
                .get(service)
                .map(|point| Point { x: point.x.saturating_add(40), y: point.y.saturating_add(40) });
            if let Some(at) = at.or(beside) {
                canvas.positions.insert(to.clone(), at);
            }
            if let Some(app) = canvas.apps.get(service).cloned() {
                canvas.apps.insert(to.clone(), app);
            }
        }
        _ => {}
    }
    canvas
}

fn forget(canvas: &mut Canvas, service: &str) {
    canvas.positions.remove(service);
    canvas.apps.remove(service);
    canvas.notes.remove(service);
}

fn move_key<T>(map: &mut BTreeMap<String, T>, from: &str, to: &str) {
    if let Some(value) = map.remove(from) {
        map.insert(to.to_owned(), value);
    }
}
