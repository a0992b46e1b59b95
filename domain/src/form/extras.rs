//! What a form says and a compose file cannot: ids, icons, versions, descriptions, and how values were spelled.

use serde_json::{Map, Value};

use super::{Form, SECTIONS, credentials::without_credentials};

/// Stored beside the text; [`super::of_stack`] puts it together with the text again.
///
/// The same shape as the form. Values of variables are not repeated here: the text has them.
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

/// Extras, asked by name. Anything may be missing in them.
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

    /// The project came as a form, and not from the builder: only then are there lists of apps.
    pub fn are_of_a_form(&self) -> bool {
        self.get("web").is_some_and(Value::is_array)
    }

    /// Section and fields of an app.
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
