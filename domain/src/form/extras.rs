//! The data of a form that a compose file cannot express: ids, icons, versions, descriptions, and the spelling of
//! values.

use serde_json::{Map, Value};

use super::{Form, SECTIONS, credentials::without_credentials};

/// The part of a form that is stored beside the text. [`super::of_stack`] combines both again.
///
/// It has the same structure as the form. The values of environment variables are left out, because the text contains them.
pub fn extras(form: &Form) -> Value {
    let mut kept = form.clone();
    for section in SECTIONS {
        for app in kept.custom.get_mut(section).and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(Value::Array(variables)) = app.get_mut("environment") {
                variables.clear();
            }
        }
    }
    without_credentials(kept.to_json())
}

/// Gives access to the extras by name. Any of them may be missing.
#[derive(Clone, Copy)]
pub struct Extras<'e> {
    custom: Option<&'e Map<String, Value>>,
}

impl<'e> Extras<'e> {
    pub fn new(extras: Option<&'e Value>) -> Self {
        Self { custom: extras.and_then(|extras| extras.get("custom")).and_then(Value::as_object) }
    }

    pub fn get(&self, key: &str) -> Option<&'e Value> {
        self.custom?.get(key)
    }

    /// Whether the project was created from a form. Only then do the extras have lists of apps.
    pub fn are_of_a_form(&self) -> bool {
        self.get("web").is_some_and(Value::is_array)
    }

    /// The section and the fields of an app, found by its code.
    pub fn app(&self, code: &str) -> Option<(&'static str, &'e Map<String, Value>)> {
        SECTIONS.into_iter().find_map(|section| Some((section, entry(self.get(section)?, "code", code)?)))
    }

    pub fn network(&self, name: &str) -> Option<&'e Map<String, Value>> {
        entry(self.get("networks")?, "name", name)
    }
}

fn entry<'e>(list: &'e Value, key: &str, wanted: &str) -> Option<&'e Map<String, Value>> {
    list.as_array()?.iter().filter_map(Value::as_object).find(|entry| super::text(entry, key) == wanted)
}
