//! The edits that a form asks for, collected before any of them is made.

use serde_json::Value;

use super::{compose::named_volume, extras::Extras};
use crate::{
    api::FieldError,
    stack::{Edit, Stack},
};

/// The maximum work, as edits times bytes, because each edit reads the whole text again. It takes one or two seconds.
const MOST_WORK: usize = 50_000_000;

pub struct FormChanges {
    /// Each edit, with the field of the form that requests it.
    edits: Vec<(String, Edit)>,
    pub errors: Vec<FieldError>,
    /// Volumes that are already declared in the file or by one of the edits.
    volumes: Vec<String>,
    /// Whether new declarations look like those of a project that was created from a form.
    pub as_form: bool,
}

impl FormChanges {
    pub fn new(stack: &Stack, extras: Extras<'_>) -> Self {
        let volumes = &stack.model().volumes;
        // If the author declared volumes without the installer's folders, new volumes are declared in the same way.
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

    pub fn set(&mut self, field: impl Into<String>, path: &[&str], value: Value) {
        let path = path.iter().map(|step| (*step).to_owned()).collect();
        self.add(field, Edit::SetKey { path, value });
    }

    pub fn remove(&mut self, field: impl Into<String>, path: &[&str]) {
        let path = path.iter().map(|step| (*step).to_owned()).collect();
        self.add(field, Edit::RemoveKey { path });
    }

    pub fn declare_volume(&mut self, field: &str, name: &str) {
        if !self.volumes.iter().any(|declared| declared == name) {
            self.volumes.push(name.to_owned());
            let declaration = if self.as_form { named_volume(name) } else { Value::Null };
            self.set(field, &["volumes", name], declaration);
        }
    }

    /// The stack after all edits. A refused edit is reported at the field that requests it.
    pub fn apply_to(self, stack: &Stack) -> Result<Stack, Vec<FieldError>> {
        if self.edits.len().saturating_mul(stack.text().len()) > MOST_WORK {
            return Err(vec![error(
                "custom",
                "changes too much of this project at once: send it in smaller steps",
            )]);
        }
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        self.edits.iter().try_fold(stack.clone(), |stack, (field, edit)| {
            stack.apply(edit).map_err(|refusal| vec![error(field, &refusal.message)])
        })
    }
}

fn error(field: &str, message: &str) -> FieldError {
    FieldError { field: field.to_owned(), message: message.to_owned() }
}
