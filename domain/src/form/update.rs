//! A form that comes again: compared with what the stack looks like as a form, and applied as edits.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{
    Form,
    app::App,
    changes::{Pair, volume_declaration},
    compose::{declaration, problem_with_image, service},
    extras::Extras,
    network::{Network, Traits},
    view::{network_traits, view},
};
use crate::{
    api::FieldError,
    stack::{Edit, Stack},
};

/// Each edit reads the whole text again: edits times bytes, a second or two of work.
const MOST_WORK: usize = 50_000_000;

/// The edits to make, each with the field of the form that asks for it.
pub struct Plan {
    edits: Vec<(String, Edit)>,
    pub errors: Vec<FieldError>,
    /// Volumes that are declared, or will be.
    volumes: Vec<String>,
    as_form: bool,
}

/// The stack with what the form changes. What the form cannot say stays as it is.
pub fn update(stack: &Stack, old_extras: Option<&Value>, form: &Form) -> Result<Stack, Vec<FieldError>> {
    let extras = Extras::new(old_extras);
    let before = view(stack, extras);
    let mut plan = Plan::new(stack, extras);
    plan.networks_before(stack, form);
    plan.services(stack, &before, form);
    plan.networks_after(stack, form);
    if plan.edits.len().saturating_mul(stack.text().len()) > MOST_WORK {
        return Err(vec![error(
            "custom",
            "changes too much of this project at once: send it in smaller steps",
        )]);
    }
    if !plan.errors.is_empty() {
        return Err(plan.errors);
    }
    plan.edits.iter().try_fold(stack.clone(), |stack, (field, edit)| {
        stack.apply(edit).map_err(|refusal| vec![error(field, &refusal.message)])
    })
}

fn error(field: &str, message: &str) -> FieldError {
    FieldError { field: field.to_owned(), message: message.to_owned() }
}

impl Plan {
    fn new(stack: &Stack, extras: Extras<'_>) -> Self {
        let volumes = &stack.model().volumes;
        // Where people have declared volumes of their own, new ones look like them.
        let plain = |name: &str| {
            let device = ["volumes", name, "driver_opts", "device"];
            stack.model().root.at(&device).is_none()
        };
        let any_plain = volumes.iter().any(|volume| !volume.external && plain(&volume.name));
        Self {
            edits: Vec::new(),
            errors: Vec::new(),
            volumes: volumes.iter().map(|volume| volume.name.clone()).collect(),
            as_form: extras.are_of_a_form() && !any_plain,
        }
    }

    pub fn add(&mut self, field: impl Into<String>, edit: Edit) {
        self.edits.push((field.into(), edit));
    }

    fn set(&mut self, field: impl Into<String>, path: &[&str], value: Value) {
        let path = path.iter().map(|step| (*step).to_owned()).collect();
        self.add(field, Edit::SetKey { path, value });
    }

    fn remove(&mut self, field: impl Into<String>, path: &[&str]) {
        let path = path.iter().map(|step| (*step).to_owned()).collect();
        self.add(field, Edit::RemoveKey { path });
    }

    pub fn declare_volume(&mut self, field: &str, name: &str) {
        if !self.volumes.iter().any(|declared| declared == name) {
            self.volumes.push(name.to_owned());
            self.set(field, &["volumes", name], volume_declaration(name, self.as_form));
        }
    }

    /// New networks, and those that changed.
    fn networks_before(&mut self, stack: &Stack, form: &Form) {
        let model = stack.model();
        let traits = network_traits(model);
        for (index, network) in form.networks().enumerate() {
            let field = format!("custom.networks[{index}]");
            let name = network.name();
            match traits.get(name) {
                // One that is used and not declared stays so, too: that is for the rules to say.
                Some(before) if *before == network.traits() => {}
                Some(_) if model.network(name).is_some() => {
                    self.network(stack, &field, &network, &network.traits())
                }
                _ => {
                    let body = if self.as_form { declaration(&network) } else { plain_declaration(&network) };
                    self.set(field, &["networks", name], body);
                }
            }
        }
    }

    fn network(&mut self, stack: &Stack, field: &str, network: &Network<'_>, after: &Traits) {
        let name = network.name();
        let written = |key: &str| stack.model().root.at(&["networks", name, key]).is_some();
        for (key, value) in after.keys().into_iter().chain([("external", after.external.into())]) {
            let path = ["networks", name, key];
            let unwanted = value.is_null() || (key == "external" && !after.external);
            if !unwanted {
                self.set(format!("{field}.{key}"), &path, value);
            } else if written(key) {
                self.remove(format!("{field}.{key}"), &path);
            }
        }
    }

    /// Networks that the form no longer has; by now nobody is in them.
    fn networks_after(&mut self, stack: &Stack, form: &Form) {
        for network in &stack.model().networks {
            if !form.networks().any(|wanted| wanted.name() == network.name) {
                self.remove("custom.networks", &["networks", &network.name]);
            }
        }
    }

    fn services(&mut self, stack: &Stack, before: &Form, form: &Form) {
        let old_apps: HashMap<_, _> = before.apps().map(|app| (app.code(), app)).collect();
        let wanted: HashSet<_> = form.apps().map(|app| app.code()).collect();
        // The same id under another code is the same app with another name.
        let mut new_ids: HashMap<&str, Vec<App<'_>>> = HashMap::new();
        for app in form.apps().filter(|app| !old_apps.contains_key(app.code())) {
            new_ids.entry(app.id()).or_default().push(app);
        }
        let mut renamed: HashMap<&str, &str> = HashMap::new();
        for old in before.apps().filter(|app| !wanted.contains(app.code())) {
            let service = old.code().to_owned();
            match new_ids.remove(old.id()).as_deref() {
                Some([one]) => {
                    self.add(one.path("code"), Edit::RenameService { service, to: one.code().to_owned() });
                    renamed.insert(one.code(), old.code());
                }
                _ => self.add(format!("custom.{}", old.section), Edit::RemoveService { service }),
            }
        }
        for app in form.apps() {
            let code = renamed.get(app.code()).copied().unwrap_or(app.code());
            match (stack.model().service(code), old_apps.get(code).copied()) {
                (Some(service), Some(old)) => {
                    Pair { service, before: (before, old), after: (form, app) }.compare(stack, self);
                }
                _ => self.new_service(form, &app),
            }
        }
    }

    fn new_service(&mut self, form: &Form, app: &App<'_>) {
        if let Some(error) = problem_with_image(app) {
            self.errors.push(error);
            return;
        }
        for volume in app.volumes().iter().filter(|volume| volume.is_named()) {
            self.declare_volume(&app.path("volumes"), &volume.host_path);
        }
        self.set(app.path("code"), &["services", app.code()], service(form, app));
    }
}

/// Only what is not taken for granted anyway.
fn plain_declaration(network: &Network<'_>) -> Value {
    let traits = network.traits();
    let external = if traits.external { Value::Bool(true) } else { Value::Null };
    let said: Map<String, Value> = traits
        .keys()
        .into_iter()
        .chain([("external", external)])
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    if said.is_empty() { Value::Null } else { Value::Object(said) }
}
