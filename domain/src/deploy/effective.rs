//! The effective compose file: one self-contained document that the engine on a host receives.
//!
//! The user's revision is stored byte for byte. The agent derives this document from it: variables are replaced,
//! aliases and merges resolved, relative paths made absolute, and `/root/project/<name>` of form projects moved into
//! the folder of the stack. The policy, the plan and compose all use this one document, so that they cannot interpret
//! the file differently.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{
    interpolate::Interpolation,
    passed_variables::{pass_variables, passed_variable},
    paths::{path, service_paths, volume_device},
};
use crate::{
    check::{Finding, Severity, check},
    compose::{Model, MountKind, Service},
    stack::Stack,
};

#[derive(Clone, Debug)]
pub struct Effective {
    document: Value,
    /// Read from the JSON of the document, with each `$` doubled, because compose would replace variables.
    stack: Stack,
    active: BTreeSet<String>,
    /// Variables that compose reads from its environment, for secrets and configs.
    passed: BTreeMap<String, String>,
    unset: BTreeSet<String>,
}

impl Effective {
    /// `project` is the folder that relative paths start from. The errors are written for people, the most important
    /// first.
    pub fn of(
        source: &Stack,
        variables: &BTreeMap<String, String>,
        project: &str,
    ) -> Result<Self, Vec<String>> {
        // The check rules run on the result: defaults of variables may conflict where their actual values do not.
        let errors = said(source.findings());
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut interpolation = Interpolation::new(variables);
        let mut document = interpolation.document(&source.model().root);
        let mut problems = interpolation.problems;
        let unset = interpolation.unset;
        problems.extend(super::extends::resolve(&mut document));
        if let Some(top) = document.as_object_mut() {
            // The file must not choose the name of the stack on this host.
            top.retain(|key, _| key != "name" && key != "version" && !key.starts_with("x-"));
        }
        for service in entries_mut(&mut document, "services") {
            service_paths(service, project);
            pass_variables(service, variables);
        }
        for volume in entries_mut(&mut document, "volumes") {
            volume_device(volume, project);
        }
        let mut passed = BTreeMap::new();
        for kind in ["secrets", "configs"] {
            for resource in entries_mut(&mut document, kind) {
                path(resource, "file", project);
                problems.extend(passed_variable(resource, variables, &mut passed));
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let text =
            serde_json::to_string_pretty(&escaped(&document)).map_err(|error| vec![error.to_string()])?;
        let stack = Stack::read(&text);
        let errors = said(&check(&stack));
        if !errors.is_empty() {
            return Err(errors);
        }
        let profiles = variables.get("COMPOSE_PROFILES").map(String::as_str).unwrap_or_default();
        let active = active(stack.model(), profiles);
        Ok(Self { document, stack, active, passed, unset })
    }

    /// Restores an earlier effective file from its [`Self::document`], only for comparing it with another.
    pub fn again(document: Value, profiles: &str) -> serde_json::Result<Self> {
        let stack = Stack::read(&serde_json::to_string_pretty(&escaped(&document))?);
        let active = active(stack.model(), profiles);
        Ok(Self { document, stack, active, passed: BTreeMap::new(), unset: BTreeSet::new() })
    }

    /// The document as JSON, which is valid YAML. Dollar signs are doubled.
    pub fn text(&self) -> &str {
        self.stack.text()
    }

    pub fn model(&self) -> &Model {
        self.stack.model()
    }

    /// The values of the document, with single dollar signs.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Services that `up` starts: those without a profile, or with one named in `COMPOSE_PROFILES`.
    pub fn active_services(&self) -> impl Iterator<Item = &Service> {
        self.model().services.iter().filter(|service| self.active.contains(&service.name))
    }

    /// The variables that compose needs in its environment.
    pub fn passed_variables(&self) -> &BTreeMap<String, String> {
        &self.passed
    }

    /// The wanted number of containers of a service.
    pub fn replicas(&self, service: &str) -> u32 {
        let body = self.document.get("services").and_then(|services| services.get(service));
        let count = |value: &Value| {
            let text = value.as_str().and_then(|text| text.trim().parse().ok());
            value.as_u64().and_then(|count| u32::try_from(count).ok()).or(text)
        };
        let said = |path: &str| body.and_then(|body| body.pointer(path)).and_then(count);
        said("/scale").or_else(|| said("/deploy/replicas")).unwrap_or(1)
    }

    /// The pull policy as written; empty if the file does not set it.
    pub fn pull_policy(&self, service: &str) -> String {
        let body = self.document.get("services").and_then(|services| services.get(service));
        let policy = body.and_then(|body| body.get("pull_policy")).and_then(Value::as_str);
        policy.unwrap_or_default().to_owned()
    }

    /// The images that the engine needs before it can start the services: their own, and those they mount.
    pub fn images(&self) -> BTreeSet<String> {
        let of_service = |service: &Service| {
            let mounted = service.volumes.iter().filter(|mount| mount.kind == MountKind::Image);
            let mounted = mounted.filter_map(|mount| mount.source.clone());
            let own = service.image.as_ref().map(|image| image.value.text.clone());
            own.into_iter().chain(mounted).map(|image| super::literal(&image)).collect::<Vec<_>>()
        };
        self.active_services().flat_map(of_service).collect()
    }

    /// Variables of the file without a value or a default.
    pub fn unset_variables(&self) -> impl Iterator<Item = &str> {
        self.unset.iter().map(String::as_str)
    }

    /// The definition of a service with everything it uses, as canonical text. The container is not recreated as long
    /// as this text stays the same.
    pub fn definition(&self, service: &str) -> String {
        let mut used = Map::new();
        let body = self.document.get("services").and_then(|services| services.get(service));
        let Some(body) = body.and_then(Value::as_object) else { return String::new() };
        let mut body = body.clone();
        // The number of replicas, the profiles and the pull policy do not change the container.
        body.retain(|key, _| !matches!(key.as_str(), "scale" | "profiles" | "pull_policy"));
        let counted = body.get_mut("deploy").and_then(Value::as_object_mut);
        if counted.is_some_and(|deploy| deploy.remove("replicas").is_some() && deploy.is_empty()) {
            body.remove("deploy");
        }
        for kind in ["networks", "volumes", "secrets", "configs"] {
            let names = used_names(&body, kind);
            for name in names {
                if let Some(resource) = self.document.get(kind).and_then(|resources| resources.get(&name)) {
                    used.insert(format!("{kind}/{name}"), resource.clone());
                }
            }
        }
        body.insert("x-used".to_owned(), Value::Object(used));
        sorted(&Value::Object(body)).to_string()
    }
}

/// The messages of the errors, except of those that others judge better: the policy of the host decides about keys that
/// this version doesn't know, and an image asks for a first password only while its volume is empty.
fn said(findings: &[Finding]) -> Vec<String> {
    let judged_here = |code: &str| !matches!(code, "unknown-key" | "setting-required");
    let errors =
        findings.iter().filter(|finding| finding.severity == Severity::Error && judged_here(&finding.code));
    errors
        .take(10)
        .map(|finding| match &finding.service {
            Some(service) => format!("service `{service}`: {}", finding.message),
            None => finding.message.clone(),
        })
        .collect()
}

fn active(model: &Model, profiles: &str) -> BTreeSet<String> {
    let wanted: Vec<&str> = profiles.split(',').map(str::trim).collect();
    let is_active = |service: &&Service| {
        service.profiles.is_empty()
            || service
                .profiles
                .iter()
                .any(|profile| wanted.contains(&profile.value.as_str()) || wanted.contains(&"*"))
    };
    model.services.iter().filter(is_active).map(|service| service.name.clone()).collect()
}

fn entries_mut<'d>(document: &'d mut Value, key: &str) -> impl Iterator<Item = &'d mut Map<String, Value>> {
    let entries = document.get_mut(key).and_then(Value::as_object_mut);
    entries.into_iter().flat_map(|entries| entries.values_mut()).filter_map(Value::as_object_mut)
}

/// Doubles every dollar sign, so that compose does not read one as the start of a variable.
fn escaped(value: &Value) -> Value {
    match value {
        Value::String(text) if text.contains('$') => text.replace('$', "$$").into(),
        Value::Array(items) => items.iter().map(escaped).collect(),
        Value::Object(entries) => {
            Value::Object(entries.iter().map(|(key, value)| (key.clone(), escaped(value))).collect())
        }
        value => value.clone(),
    }
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(entries) => {
            let sorted_entries: BTreeMap<_, _> = entries.iter().collect();
            Value::Object(
                sorted_entries.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect(),
            )
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        value => value.clone(),
    }
}

/// The top-level entries of a kind that a service uses.
fn used_names(service: &Map<String, Value>, kind: &str) -> Vec<String> {
    let mut names: Vec<String> = match service.get(kind) {
        Some(Value::Object(entries)) => entries.keys().cloned().collect(),
        Some(Value::Array(items)) => items
            .iter()
            .filter_map(|item| match item {
                Value::String(text) => Some(text.split(':').next().unwrap_or_default().to_owned()),
                item => item.get("source").and_then(Value::as_str).map(str::to_owned),
            })
            .collect(),
        _ if kind == "networks" && !service.contains_key("network_mode") => vec!["default".to_owned()],
        _ => Vec::new(),
    };
    names.sort();
    names.dedup();
    names
}
