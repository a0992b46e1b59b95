//! Parses JSON into a form: first by the table, then by the rules between fields.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{
    Form, SECTIONS,
    normal::{self, FieldErrors},
    schema,
};
use crate::api::FieldError;

/// The maximum number of apps. No real project has more, and each app costs a pass over the whole file when the form
/// is updated.
const MOST_APPS: usize = 200;

impl Form {
    /// Parses the body of a request. Unknown keys are ignored at every depth.
    pub fn parse(body: &Value) -> Result<Self, Vec<FieldError>> {
        let mut errors = FieldErrors::default();
        let custom = match body.get("custom") {
            None | Some(Value::Null) => {
                errors.add("custom", "is required: the form of the project stands in it");
                Map::new()
            }
            Some(custom) => normal::object(custom, schema::CUSTOM, "custom", &mut errors),
        };
        let mut form = Self { custom, trimmed: Vec::new() };
        form.look_at_apps(&mut errors);
        form.trim_names_of_variables(&mut errors);
        if errors.list.is_empty() { Ok(form) } else { Err(errors.list) }
    }

    fn look_at_apps(&self, errors: &mut FieldErrors) {
        let networks: HashSet<_> = self.networks().map(|network| network.id().to_owned()).collect();
        let mut codes: HashMap<&str, String> = HashMap::new();
        for (number, app) in self.apps().enumerate() {
            if number == MOST_APPS {
                errors.add("custom", format!("a project can have at most {MOST_APPS} apps"));
                return;
            }
            if let Some(first) = codes.insert(app.code(), app.path("code")).filter(|_| !app.code().is_empty())
            {
                errors.add(
                    app.path("code"),
                    format!("`{}` is already the code of {first}: each app needs its own", app.code()),
                );
            }
            for (index, id) in app.network_ids().enumerate().filter(|(_, id)| !networks.contains(*id)) {
                errors.add(
                    format!("{}[{index}]", app.path("network")),
                    format!("`{id}` is not the id of one of custom.networks"),
                );
            }
        }
    }

    /// Trims the names of variables. Real payloads have blanks after names, and no program would find such a
    /// variable.
    fn trim_names_of_variables(&mut self, errors: &mut FieldErrors) {
        for section in SECTIONS {
            let apps = self.custom.get_mut(section).and_then(Value::as_array_mut);
            for (index, app) in apps.into_iter().flatten().enumerate() {
                let code = app.get("code").and_then(Value::as_str).unwrap_or_default().to_owned();
                let variables = app.get_mut("environment").and_then(Value::as_array_mut);
                for (number, variable) in variables.into_iter().flatten().enumerate() {
                    let Some(key) = variable.get_mut("key") else { continue };
                    let Some(given) = key.as_str() else { continue };
                    let name = given.trim().to_owned();
                    if name.is_empty() || name.contains('=') {
                        let field = format!("custom.{section}[{index}].environment[{number}].key");
                        errors.add(field, "must be a name, without `=`");
                    } else if name != given {
                        *key = name.clone().into();
                        self.trimmed.push((code.clone(), name));
                    }
                }
            }
        }
    }
}
