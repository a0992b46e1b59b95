//! Checks that an edit leaves everything else unchanged: other values, the order of the services, the canvas.

use domain::{
    catalog,
    compose::{MountKind, mounts::kind_of_source},
    stack::{Canvas, Edit, Point, Stack},
};
use serde_json::{Map, Value};

use crate::{
    mentions::without_mentions,
    read::{names, root, without},
};

pub fn rest_stays(before: &Stack, after: &Stack, edit: &Edit) -> bool {
    if let Edit::ReplaceText { .. } = edit {
        return after.canvas() == before.canvas();
    }
    if let Edit::MoveSecrets { .. } = edit {
        // It changes values wherever an anchor leads; `meant` compares the whole document.
        return services_stay(before, after, edit) && picture_stays(before, after, edit);
    }
    let (was, is) = match edit {
        Edit::RemoveService { service, clean_up } => {
            let rest = |stack: &Stack| {
                let rest = without_mentions(stack, &[service]);
                if *clean_up { without_what_wires_bring(rest) } else { rest }
            };
            (rest(before), rest(after))
        }
        Edit::RenameService { service, to, .. } => {
            let rest = |stack: &Stack| blurred(without_mentions(stack, &[service, to]), &[service, to]);
            (rest(before), rest(after))
        }
        _ => (root(before), root(after)),
    };
    let about = about(before, edit);
    let others = |root: Value| about.iter().fold(root, |root, path| without(root, path));
    others(was) == others(is) && services_stay(before, after, edit) && picture_stays(before, after, edit)
}

/// The places of the document that an edit may change.
fn about(before: &Stack, edit: &Edit) -> Vec<Vec<String>> {
    let of = |service: &str, key: &str| vec!["services".to_owned(), service.to_owned(), key.to_owned()];
    let whole = |service: &str| vec!["services".to_owned(), service.to_owned()];
    match edit {
        Edit::AddService { service, .. } => {
            let declared = volumes_of_app(before, edit).into_iter();
            declared.map(|volume| vec!["volumes".to_owned(), volume]).chain([whole(service)]).collect()
        }
        Edit::RemoveService { service, .. } => vec![whole(service)],
        Edit::RenameService { service, to, .. } => vec![whole(service), whole(to)],
        Edit::DuplicateService { to, .. } => vec![whole(to)],
        Edit::SetImage { service, .. } => vec![of(service, "image")],
        Edit::SetEnvironment { service, .. }
        | Edit::RemoveEnvironment { service, .. }
        | Edit::RenameEnvironment { service, .. } => vec![of(service, "environment")],
        Edit::AddPort { service, .. } | Edit::SetPort { service, .. } | Edit::RemovePort { service, .. } => {
            vec![of(service, "ports")]
        }
        Edit::AddVolume { service, source, .. } => {
            let named = source.iter().filter(|name| kind_of_source(name) == MountKind::Volume);
            let new = named.filter(|name| before.model().volume(name).is_none());
            new.map(|name| vec!["volumes".to_owned(), name.clone()]).chain([of(service, "volumes")]).collect()
        }
        Edit::RemoveVolume { service, .. } => vec![of(service, "volumes")],
        Edit::AddNetwork { network, .. } => vec![vec!["networks".to_owned(), network.clone()]],
        Edit::JoinNetwork { service, network, .. } => {
            let new = before.model().network(network).is_none() && network != "default";
            let declared = new.then(|| vec!["networks".to_owned(), network.clone()]);
            declared.into_iter().chain([of(service, "networks")]).collect()
        }
        Edit::LeaveNetwork { service, .. } => vec![of(service, "networks")],
        Edit::AddDependency { service, .. } | Edit::RemoveDependency { service, .. } => {
            vec![of(service, "depends_on")]
        }
        Edit::SetHealthcheck { service, .. } | Edit::RemoveHealthcheck { service } => {
            vec![of(service, "healthcheck")]
        }
        Edit::SetRestart { service, .. } => vec![of(service, "restart")],
        Edit::SetCommand { service, .. } => vec![of(service, "command")],
        Edit::SetEntrypoint { service, .. } => vec![of(service, "entrypoint")],
        Edit::SetKey { path, .. } => vec![path.clone()],
        // The items after the removed one move up, so `meant` compares the whole document.
        Edit::RemoveKey { path } => vec![path[..path.len().saturating_sub(1)].to_vec()],
        Edit::RenameKey { path, to } => {
            let parent = &path[..path.len().saturating_sub(1)];
            vec![path.clone(), [parent, std::slice::from_ref(to)].concat()]
        }
        Edit::MoveToServices { services } => {
            let below = |service: &String| vec!["services".to_owned(), service.clone()];
            services.iter().flat_map(|service| [vec![service.clone()], below(service)]).collect()
        }
        Edit::ReplaceText { .. }
        | Edit::MoveNode { .. }
        | Edit::SetNote { .. }
        | Edit::SetChecks { .. }
        | Edit::SetValue { .. }
        | Edit::RemoveValue { .. }
        | Edit::MoveSecrets { .. } => Vec::new(),
    }
}

/// The document without what cleaning up may change. `meaning.rs` checks that nothing which is used went.
fn without_what_wires_bring(mut root: Value) -> Value {
    let services = root.get_mut("services").and_then(Value::as_object_mut);
    for service in services.into_iter().flat_map(Map::values_mut) {
        if let Value::Object(body) = service {
            body.retain(|key, _| key != "environment" && key != "networks");
            if body.is_empty() {
                *service = Value::Null;
            }
        }
    }
    if let Value::Object(entries) = &mut root {
        entries.retain(|key, _| key != "networks" && key != "volumes");
    }
    root
}

/// The document with the names masked in all texts, and without extension fields: what is shared there is compared
/// where it is used.
fn blurred(root: Value, names: &[&str]) -> Value {
    match root {
        Value::String(text) => {
            let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            let mut words: Vec<String> = Vec::new();
            for c in text.chars() {
                match words.last_mut() {
                    Some(word) if is_name(c) && word.chars().all(is_name) => word.push(c),
                    _ => words.push(c.to_string()),
                }
            }
            words
                .iter()
                .map(|word| {
                    // The default in `${DB:-db}` begins after the hyphen.
                    let bare = word.trim_start_matches('-');
                    if names.contains(&bare) { "§".to_owned() } else { word.clone() }
                })
                .collect::<String>()
                .into()
        }
        Value::Array(items) => items.into_iter().map(|item| blurred(item, names)).collect(),
        Value::Object(entries) => Value::Object(
            entries
                .into_iter()
                .filter(|(key, _)| !key.starts_with("x-"))
                .map(|(key, value)| (key, blurred(value, names)))
                .collect(),
        ),
        value => value,
    }
}

fn volumes_of_app(before: &Stack, edit: &Edit) -> Vec<String> {
    let Edit::AddService { service, app: Some(app), secrets, .. } = edit else { return Vec::new() };
    let taken = catalog::Taken::of(before.model()).with_variables(before.values().names());
    let definition = catalog::app(app)
        .and_then(|app| catalog::service_definition(app, service, secrets, &taken).ok())
        .map(|definition| definition.volumes);
    definition.unwrap_or_default()
}

/// Whether the services stay in their order. A service that has lost its last key still counts.
fn services_stay(before: &Stack, after: &Stack, edit: &Edit) -> bool {
    let (mut expected, mut are) = (names(before), names(after));
    match edit {
        Edit::AddService { service: new, .. } | Edit::DuplicateService { to: new, .. } => {
            expected.push(new.clone());
        }
        Edit::RemoveService { service, .. } => expected.retain(|name| name != service),
        Edit::RenameService { service, to, .. } => {
            expected.iter_mut().filter(|name| *name == service).for_each(|name| name.clone_from(to));
        }
        Edit::SetKey { path, .. } | Edit::RemoveKey { path } => match path.as_slice() {
            [first, service, ..] if first == "services" && path.len() > 2 => {
                let is_new = !expected.contains(service);
                expected.extend(is_new.then(|| service.clone()));
            }
            [first, ..] if first == "services" => return true,
            _ => {}
        },
        // These may rename the services themselves, or add to them.
        Edit::RenameKey { path, .. } if path.len() < 3 => return true,
        Edit::MoveToServices { .. } => return true,
        _ => {}
    }
    if before.model().root.get("services").is_some_and(|all| all.entries().iter().any(|entry| entry.merged)) {
        // A merged service moves to the end when it gets a value of its own.
        expected.sort();
        are.sort();
    }
    are == expected
}

/// The canvas data of one service.
fn picture<'c>(canvas: &'c Canvas, name: &str) -> (Option<Point>, Option<&'c str>, Option<&'c str>) {
    (
        canvas.positions.get(name).copied(),
        canvas.apps.get(name).map(String::as_str),
        canvas.notes.get(name).map(String::as_str),
    )
}

/// Whether the canvas follows the services: a new service must not inherit data of an earlier one with the same name.
fn picture_stays(before: &Stack, after: &Stack, edit: &Edit) -> bool {
    let was = |name: &str| picture(before.canvas(), name);
    let is = |name: &str| picture(after.canvas(), name);
    let (meant, about) = match edit {
        Edit::AddService { service, app, at, .. } => {
            (is(service) == (*at, app.as_deref(), None), vec![service])
        }
        Edit::RemoveService { service, .. } => (is(service) == (None, None, None), vec![service]),
        Edit::RenameService { service, to, .. } => {
            let gone = service == to || is(service) == (None, None, None);
            (gone && is(to) == was(service), vec![service, to])
        }
        Edit::DuplicateService { service, to, at } => {
            let (position, app, _) = was(service);
            let placed =
                is(to).0.is_some() == at.or(position).is_some() && at.is_none_or(|at| is(to).0 == Some(at));
            (placed && is(to).1 == app && is(to).2.is_none(), vec![to])
        }
        Edit::MoveNode { service, to } => {
            let (_, app, note) = was(service);
            (is(service) == (Some(*to), app, note), vec![service])
        }
        Edit::SetNote { service, note } => {
            let (position, app, _) = was(service);
            let note = note.as_deref().filter(|note| !note.is_empty());
            (is(service) == (position, app, note), vec![service])
        }
        Edit::SetChecks { checks } => {
            let mut canvas = before.canvas().clone();
            canvas.checks = checks.clone();
            return *after.canvas() == canvas;
        }
        _ => (true, Vec::new()),
    };
    meant && others(before.canvas(), &about) == others(after.canvas(), &about)
}

fn others(canvas: &Canvas, about: &[&String]) -> Canvas {
    let mut canvas = canvas.clone();
    for name in about {
        canvas.positions.remove(*name);
        canvas.apps.remove(*name);
        canvas.notes.remove(*name);
    }
    canvas
}
