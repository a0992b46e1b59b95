//! Applies every kind of edit to every service of every file. An edit must change only the lines it concerns and keep
//! a valid file valid. If that is impossible, it must be refused.

use std::collections::BTreeMap;

use domain::{
    compose::{Condition, Service},
    stack::{Edit, PortSpec, Stack},
};
use serde_json::json;
use similar::{ChangeTag, TextDiff};

use crate::files::{compose_files, folder};

/// An edit, and the number of lines that it may remove and add.
pub struct Case {
    pub kind: &'static str,
    pub edit: Edit,
    removed: usize,
    added: usize,
}

#[derive(Default)]
struct Score {
    done: usize,
    refused: usize,
    wrong: Vec<String>,
}

#[test]
fn every_edit_touches_only_the_lines_it_is_about() {
    let Some(folder) = folder() else { return };
    let schema: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("compose-spec.schema.json")).unwrap())
            .unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    let mut refusals: BTreeMap<String, usize> = BTreeMap::new();
    for file in compose_files() {
        let stack = Stack::read(&file.text);
        let was_valid = validator.is_valid(&stack.model().root.to_json());
        for service in &stack.model().services {
            for case in cases(&stack, service) {
                let score = scores.entry(case.kind).or_default();
                let after = match stack.apply(&case.edit) {
                    Ok(after) => after,
                    Err(refusal) => {
                        score.refused += 1;
                        *refusals
                            .entry(format!("{} {} {}: {}", case.kind, file.name, service.name, refusal.code))
                            .or_default() += 1;
                        continue;
                    }
                };
                let (removed, added) = changed_lines(&file.text, after.text());
                let name = format!("{} {}: {:?}", file.name, service.name, case.edit);
                // A last line without a line break counts as changed if something is appended after it. A blank line
                // that separated the removed part may be removed, too.
                let slack = usize::from(!file.text.ends_with('\n'));
                if removed > case.removed + slack + 1 || added > case.added + slack {
                    score.wrong.push(format!(
                        "{kind} {name}\n  -{removed} +{added}, allowed -{} +{}\n{}",
                        case.removed,
                        case.added,
                        diff(&file.text, after.text()),
                        kind = case.kind
                    ));
                } else if was_valid && !validator.is_valid(&after.model().root.to_json()) {
                    let errors: Vec<String> = validator
                        .iter_errors(&after.model().root.to_json())
                        .map(|error| format!("{error} at {}", error.instance_path()))
                        .collect();
                    score.wrong.push(format!(
                        "{name}\n  no longer valid: {errors:?}\n{}",
                        diff(&file.text, after.text())
                    ));
                } else {
                    score.done += 1;
                }
            }
        }
    }
    let mut wrong = Vec::new();
    for (kind, score) in &scores {
        let all = score.done + score.refused + score.wrong.len();
        let percent = 100.0 * score.done as f64 / all as f64;
        println!("{kind:22} {:5} of {all:5}  {percent:6.2} %  refused {}", score.done, score.refused);
        wrong.extend(score.wrong.iter().take(3));
    }
    for (refusal, count) in &refusals {
        println!("refused {count} × {refusal}");
    }
    assert!(
        wrong.is_empty(),
        "{} wrong, the first:\n{}",
        wrong.len(),
        wrong.iter().take(60).map(|w| w.as_str()).collect::<Vec<_>>().join("\n")
    );
    for (kind, score) in &scores {
        assert!(score.refused * 100 <= score.done + score.refused, "{kind}: more than 1 % refused");
    }
}

fn changed_lines(before: &str, after: &str) -> (usize, usize) {
    let diff = TextDiff::from_lines(before, after);
    let count = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
    (count(ChangeTag::Delete), count(ChangeTag::Insert))
}

fn diff(before: &str, after: &str) -> String {
    TextDiff::from_lines(before, after).unified_diff().context_radius(2).to_string()
}

/// The number of lines of a part of the text.
fn lines(stack: &Stack, place: domain::compose::Place) -> usize {
    place.slice(stack.text()).trim_end().lines().count().max(1)
}

/// The number of lines that a shared value takes when it is written out.
fn shared_lines(stack: &Stack, service: &Service, key: &str) -> usize {
    let node = stack.model().root.at(&["services", &service.name, key]);
    let entry = stack.model().root.at(&["services", &service.name]).and_then(|node| node.entry(key));
    match (node, entry) {
        (Some(node), Some(entry))
            if entry.merged || node.alias.is_some() || node.entries().iter().any(|entry| entry.merged) =>
        {
            serde_json::to_string_pretty(&node.to_json()).unwrap().lines().count() + 2
        }
        _ => 0,
    }
}

pub fn cases(stack: &Stack, service: &Service) -> Vec<Case> {
    let name = service.name.clone();
    let mut cases = Vec::new();
    let mut case = |kind, edit, removed, added| cases.push(Case { kind, edit, removed, added });
    let other = stack.model().services.iter().find(|other| other.name != name);
    let has = |key: &str| stack.model().root.at(&["services", &name, key]).is_some();

    if let Some(image) = &service.image {
        let old = lines(stack, image.place);
        case("set_image", Edit::SetImage { service: name.clone(), image: "acme/shop:1.4".into() }, old, 1);
    }
    let room = shared_lines(stack, service, "environment");
    let set = |key: &str, value: &str| Edit::SetEnvironment {
        service: name.clone(),
        key: key.into(),
        value: Some(value.into()),
    };
    case("set_environment, new", set("STACKER_NEW", "a: b"), room.min(1) + 1, 2 + room);
    if let Some(variable) = service.environment.first() {
        let old = lines(stack, variable.value_place).max(lines(stack, variable.place));
        case("set_environment, old", set(&variable.key, "no"), old + room.min(1), 1 + room);
        let rename = Edit::RenameEnvironment {
            service: name.clone(),
            key: variable.key.clone(),
            to: "STACKER_NEW".into(),
        };
        case("rename_environment", rename, old + room.min(1), old + room);
        let remove = Edit::RemoveEnvironment { service: name.clone(), key: variable.key.clone() };
        case("remove_environment", remove, old + 2, room.max(1));
    }
    let room = shared_lines(stack, service, "ports");
    let spec = PortSpec { published: Some("48080".into()), target: "80".into(), ..PortSpec::default() };
    case("add_port", Edit::AddPort { service: name.clone(), port: spec.clone() }, 1, 2 + room);
    if let Some(port) = service.ports.last() {
        let old = lines(stack, port.place);
        let set = Edit::SetPort { service: name.clone(), index: port.index, port: spec };
        case("set_port", set, old, old.max(3) + room);
        let whole = old + 2;
        case(
            "remove_port",
            Edit::RemovePort { service: name.clone(), index: port.index },
            whole,
            room.max(1),
        );
    }
    let room = shared_lines(stack, service, "volumes");
    let add = |source: &str| Edit::AddVolume {
        service: name.clone(),
        source: Some(source.into()),
        target: "/stacker".into(),
        read_only: false,
    };
    case("add_volume, named", add("stacker-new"), 2, 7 + room);
    case("add_volume, path", add("./stacker-new"), 1, 4 + room);
    if let Some(mount) = service.volumes.first() {
        let old = lines(stack, mount.place);
        let remove = Edit::RemoveVolume { service: name.clone(), index: mount.index };
        case("remove_volume", remove, old + 2, room.max(1));
    }
    case("add_network", Edit::AddNetwork { network: "stacker-new".into(), internal: false }, 1, 4);
    if service.network_mode.is_none() {
        let room = shared_lines(stack, service, "networks");
        let join =
            Edit::JoinNetwork { service: name.clone(), network: "stacker-new".into(), keep_default: None };
        case("join_network", join, 2, 6 + room);
    }
    if let Some(membership) = service.networks.first() {
        let room = shared_lines(stack, service, "networks");
        let leave =
            Edit::LeaveNetwork { service: name.clone(), network: membership.network.clone(), cut_off: true };
        case("leave_network", leave, 8, room.max(1));
    }
    let by_variable = service.depends_on.iter().any(|dependency| dependency.service.contains('$'));
    if let Some(other) = other
        && !by_variable
        && service.depends_on(&other.name).is_none()
        && !waits(stack, &other.name, &name)
    {
        let room = shared_lines(stack, service, "depends_on");
        let add =
            |condition| Edit::AddDependency { service: name.clone(), on: other.name.clone(), condition };
        let count = service.depends_on.len();
        case("add_dependency", add(Condition::Started), 1, 3 + room);
        case("add_dependency, healthy", add(Condition::Healthy), count + 1, 3 + room + 2 * count);
    }
    if let Some(dependency) = service.depends_on.first() {
        let room = shared_lines(stack, service, "depends_on");
        let remove = Edit::RemoveDependency { service: name.clone(), on: dependency.service.clone() };
        case("remove_dependency", remove, 5, room.max(1));
    }
    let check = Edit::SetHealthcheck {
        service: name.clone(),
        test: json!(["CMD", "true"]),
        interval: Some("10s".into()),
        timeout: None,
        retries: Some(3),
        start_period: None,
    };
    let old = service.healthcheck.as_ref().map_or(0, |check| lines(stack, check.place));
    let room = shared_lines(stack, service, "healthcheck");
    case("set_healthcheck", check, old + room.min(1), 4 + room);
    if let Some(check) = &service.healthcheck {
        let count = lines(stack, check.place) + 1;
        let merged = shared_lines(stack, service, "healthcheck") > 0;
        if !merged {
            case("remove_healthcheck", Edit::RemoveHealthcheck { service: name.clone() }, count, 0);
        }
    }
    let restart = Edit::SetRestart { service: name.clone(), restart: Some("no".into()) };
    case("set_restart", restart, usize::from(has("restart")), 1);
    let command = Edit::SetCommand { service: name.clone(), command: json!(["run", "--fast"]) };
    let old = service.command.as_ref().map_or(0, |command| lines(stack, command.place) + 1);
    case("set_command", command, old, 1);
    let entrypoint = Edit::SetEntrypoint { service: name.clone(), entrypoint: json!("/init --now") };
    let old = service.entrypoint.as_ref().map_or(0, |entrypoint| lines(stack, entrypoint.place) + 1);
    case("set_entrypoint", entrypoint, old, 1);

    let path = |steps: &[&str]| steps.iter().map(|step| (*step).to_owned()).collect::<Vec<_>>();
    let label = path(&["services", &name, "x-stacker", "note"]);
    case("set_key, new", Edit::SetKey { path: label, value: json!("yes") }, 1, 2);
    if has("restart") && !merged(stack, &name, "restart") {
        let rename = Edit::RenameKey { path: path(&["services", &name, "restart"]), to: "x-restart".into() };
        case("rename_key", rename, 1, 1);
        case("remove_key", Edit::RemoveKey { path: path(&["services", &name, "restart"]) }, 1, 0);
    }

    let body = lines(stack, service.place) + 1;
    let references = 6 * stack.model().services.len();
    case(
        "remove_service",
        Edit::RemoveService { service: name.clone(), clean_up: false },
        body + references + 1,
        2,
    );
    let rename =
        Edit::RenameService { service: name.clone(), to: "stacker-new".into(), uncertain: Some(Vec::new()) };
    case("rename_service", rename, references, references);
    let duplicate = Edit::DuplicateService { service: name.clone(), to: "stacker-new".into(), at: None };
    case("duplicate_service", duplicate, 1, body + 2 + 20 * room_for_merges(stack, &name));
    let add = Edit::AddService {
        service: "stacker-new".into(),
        image: Some("nginx:1.27".into()),
        app: None,
        secrets: BTreeMap::new(),
        at: None,
    };
    case("add_service, image", add, 1, 4);
    let add = Edit::AddService {
        service: "stacker-new".into(),
        image: None,
        app: Some("nginx".into()),
        secrets: BTreeMap::new(),
        at: None,
    };
    case("add_service, app", add, 2, 30);
    cases
}

fn merged(stack: &Stack, service: &str, key: &str) -> bool {
    let node = stack.model().root.at(&["services", service]);
    node.and_then(|node| node.entry(key)).is_some_and(|entry| entry.merged)
}

/// The number of additional lines for a copy: a service that uses merges or aliases is written out when it is copied.
fn room_for_merges(stack: &Stack, service: &str) -> usize {
    let text =
        stack.model().service(service).map(|service| service.place.slice(stack.text())).unwrap_or_default();
    text.matches("<<").count() + text.matches(": *").count() + text.matches('&').count()
}

fn waits(stack: &Stack, from: &str, to: &str) -> bool {
    let mut seen = vec![from.to_owned()];
    let mut at = 0;
    while at < seen.len() {
        if let Some(service) = stack.model().service(&seen[at].clone()) {
            for dependency in &service.depends_on {
                if dependency.service == to {
                    return true;
                }
                if !seen.contains(&dependency.service) {
                    seen.push(dependency.service.clone());
                }
            }
        }
        at += 1;
    }
    false
}
