//! Updating a project with a form: the form is compared with the form view of the stack, and the differences become
//! edits.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{
    Form,
    app::App,
    app_pair::AppPair,
    compose::{declaration, problem_with_image, service},
    extras::Extras,
    form_changes::FormChanges,
    network::{Network, Traits},
    view::{network_traits, view},
};
use crate::{
    api::FieldError,
    stack::{Edit, Stack},
};

/// The stack after applying the changes of the form. Everything that a form cannot express stays unchanged.
pub fn update(stack: &Stack, old_extras: Option<&Value>, form: &Form) -> Result<Stack, Vec<FieldError>> {
    let extras = Extras::new(old_extras);
    let before = view(stack, extras);
    let mut changes = FormChanges::new(stack, extras);
    // The order matters: services join new networks, and a network is removed only when no service is in it.
    changes.add_networks(stack, form);
    changes.update_services(stack, &before, form);
    changes.remove_networks(stack, form);
    changes.apply_to(stack)
}

impl FormChanges {
    /// Declares new networks and updates changed ones.
    fn add_networks(&mut self, stack: &Stack, form: &Form) {
        let model = stack.model();
        let traits = network_traits(model);
        for (index, network) in form.networks().enumerate() {
            let field = format!("custom.networks[{index}]");
            let name = network.name();
            match traits.get(name) {
                // A network that is used but not declared stays undeclared, too: the check rules report it.
                Some(before) if *before == network.traits() => {}
                Some(_) if model.network(name).is_some() => {
                    self.update_network(stack, &field, &network, &network.traits())
                }
                _ => {
                    let body = if self.as_form { declaration(&network) } else { plain_declaration(&network) };
                    self.set(field, &["networks", name], body);
                }
            }
        }
    }

    fn update_network(&mut self, stack: &Stack, field: &str, network: &Network<'_>, after: &Traits) {
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

    /// Removes networks that are no longer in the form. Earlier edits have already taken all services out of them.
    fn remove_networks(&mut self, stack: &Stack, form: &Form) {
        for network in &stack.model().networks {
            if !form.networks().any(|wanted| wanted.name() == network.name) {
                self.remove("custom.networks", &["networks", &network.name]);
            }
        }
    }

    fn update_services(&mut self, stack: &Stack, before: &Form, form: &Form) {
        let old_apps: HashMap<_, _> = before.apps().map(|app| (app.code(), app)).collect();
        let wanted: HashSet<_> = form.apps().map(|app| app.code()).collect();
        // An app with the same id but another code is the same app with a new name.
        let mut new_ids: HashMap<&str, Vec<App<'_>>> = HashMap::new();
        for app in form.apps().filter(|app| !old_apps.contains_key(app.code())) {
            new_ids.entry(app.id()).or_default().push(app);
        }
        let mut renamed: HashMap<&str, &str> = HashMap::new();
        for old in before.apps().filter(|app| !wanted.contains(app.code())) {
            let service = old.code().to_owned();
            match new_ids.remove(old.id()).as_deref() {
                Some([one]) => {
                    // A form cannot answer questions: what may or may not mean the service stays.
                    let (to, uncertain) = (one.code().to_owned(), Some(Vec::new()));
                    self.add(one.path("code"), Edit::RenameService { service, to, uncertain });
                    renamed.insert(one.code(), old.code());
                }
                _ => {
                    let remove = Edit::RemoveService { service, clean_up: false };
                    self.add(format!("custom.{}", old.section), remove);
                }
            }
        }
        for app in form.apps() {
            let code = renamed.get(app.code()).copied().unwrap_or(app.code());
            match (stack.model().service(code), old_apps.get(code).copied()) {
                (Some(service), Some(old)) => {
                    AppPair { service, before: (before, old), after: (form, app) }.compare(stack, self);
                }
                _ => self.add_service(form, &app),
            }
        }
    }

    fn add_service(&mut self, form: &Form, app: &App<'_>) {
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

/// The declaration of a network, with only the traits that differ from the defaults.
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
