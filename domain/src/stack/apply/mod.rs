//! Turns an [`Edit`] into changes of the text. Each part of a service has its own file; this file dispatches to them.
//!
//! To add an edit, add a variant to `edit.rs`, a function to the file of its part, a line to [`dispatch`], and a row
//! to the corpus test.

mod dependencies;
mod environment;
mod healthcheck;
mod keys;
mod mentions;
mod misplaced;
mod networks;
mod ports;
mod references;
mod remove_cleanly;
mod rename;
mod secrets;
mod services;
mod volumes;

use serde_json::Value;

use super::{Edit, Refusal, Stack, Values};
use crate::compose::{
    Service,
    change::{Change, Draft},
};

impl Stack {
    /// The stack after one edit, or the reason why the edit is declined. `self` stays unchanged.
    pub fn apply(&self, edit: &Edit) -> Result<Self, Refusal> {
        apply(self, edit)
    }

    /// The stack after all edits. If one edit is declined, none of them is applied.
    pub fn apply_all(&self, edits: &[Edit]) -> Result<Self, Refusal> {
        edits.iter().try_fold(self.clone(), |stack, edit| stack.apply(edit))
    }
}

fn apply(stack: &Stack, edit: &Edit) -> Result<Stack, Refusal> {
    match edit {
        Edit::ReplaceText { text } => return Ok(stack.with_text(text)),
        Edit::SetValue { name, value } => {
            let mut values = stack.values().clone();
            values.set(name, value.clone())?;
            return Ok(stack.clone().with_values(values));
        }
        Edit::RemoveValue { name } => {
            let mut values = stack.values().clone();
            if !values.remove(name) {
                return Err(Refusal::new("value-unknown", format!("`{name}` has no value here")));
            }
            return Ok(stack.clone().with_values(values));
        }
        Edit::MoveNode { service, to } => {
            let service = existing(stack, service)?;
            return Ok(stack.with_changed_canvas(|canvas| {
                canvas.positions.insert(service.name.clone(), *to);
            }));
        }
        Edit::SetNote { service, note } => {
            let service = existing(stack, service)?;
            return Ok(stack.with_changed_canvas(|canvas| {
                match note.as_deref().filter(|note| !note.is_empty()) {
                    Some(note) => canvas.notes.insert(service.name.clone(), note.to_owned()),
                    None => canvas.notes.remove(&service.name),
                };
            }));
        }
        // Codes are checked where settings come in, because the stack does not know the rules.
        Edit::SetChecks { checks } => {
            return Ok(stack.with_changed_canvas(|canvas| canvas.checks = checks.clone()));
        }
        _ => {}
    }
    if !stack.is_readable() {
        return Err(Refusal::new("not-yaml", "the YAML is invalid: fix it in the text first"));
    }
    if let Edit::MoveSecrets { service, key } = edit {
        return secrets::move_out(stack, service.as_deref(), key.as_deref());
    }
    if let Edit::RemoveService { service, clean_up: true } = edit {
        return remove_cleanly::remove(stack, service);
    }
    let mut work = Work::on(stack);
    dispatch(&mut work, edit)?;
    let canvas = services::canvas_after(stack, edit);
    Ok(without_orphans(stack, work.finish()?, edit).with_canvas(canvas))
}

/// The values follow what is removed: a value that only the removed part read goes too, so that whatever comes later under the
/// same name does not inherit it.
fn without_orphans(before: &Stack, after: Stack, edit: &Edit) -> Stack {
    let removes = matches!(edit, Edit::RemoveService { .. } | Edit::RemoveEnvironment { .. });
    if !removes || after.values().is_empty() {
        return after;
    }
    let (were, are) = (before.model().variable_names(), after.model().variable_names());
    let mut values = after.values().clone();
    values.retain(|name| are.contains(name) || !were.contains(name));
    after.with_values(values)
}

fn dispatch(work: &mut Work<'_>, edit: &Edit) -> Result<(), Refusal> {
    match edit {
        Edit::AddService { service, image, app, secrets, .. } => {
            services::add(work, service, image.as_deref(), app.as_deref(), secrets)
        }
        Edit::RemoveService { service, .. } => services::remove(work, service),
        Edit::RenameService { service, to, uncertain } => {
            rename::rename(work, service, to, uncertain.as_deref())
        }
        Edit::DuplicateService { service, to, .. } => services::duplicate(work, service, to),
        Edit::SetImage { service, image } => keys::set_image(work, service, image),
        Edit::SetEnvironment { service, key, value } => {
            environment::set(work, service, key, value.as_deref())
        }
        Edit::RemoveEnvironment { service, key } => environment::remove(work, service, key),
        Edit::RenameEnvironment { service, key, to } => environment::rename(work, service, key, to),
        Edit::AddPort { service, port } => ports::add(work, service, port),
        Edit::SetPort { service, index, port } => ports::set(work, service, *index, port),
        Edit::RemovePort { service, index } => ports::remove(work, service, *index),
        Edit::AddVolume { service, source, target, read_only } => {
            volumes::add(work, service, source.as_deref(), target, *read_only)
        }
        Edit::RemoveVolume { service, index } => volumes::remove(work, service, *index),
        Edit::AddNetwork { network, internal } => networks::declare(work, network, *internal),
        Edit::JoinNetwork { service, network, keep_default } => {
            networks::join(work, service, network, *keep_default)
        }
        Edit::LeaveNetwork { service, network, cut_off } => networks::leave(work, service, network, *cut_off),
        Edit::AddDependency { service, on, condition } => dependencies::add(work, service, on, *condition),
        Edit::RemoveDependency { service, on } => dependencies::remove(work, service, on),
        Edit::SetHealthcheck { service, test, interval, timeout, retries, start_period } => healthcheck::set(
            work,
            service,
            test,
            [
                ("interval", interval.as_deref().map(Value::from)),
                ("timeout", timeout.as_deref().map(Value::from)),
                ("retries", retries.map(Value::from)),
                ("start_period", start_period.as_deref().map(Value::from)),
            ],
        ),
        Edit::RemoveHealthcheck { service } => keys::remove(work, service, "healthcheck"),
        Edit::SetRestart { service, restart } => keys::set_restart(work, service, restart.as_deref()),
        Edit::SetCommand { service, command } => keys::set_command(work, service, "command", command),
        Edit::SetEntrypoint { service, entrypoint } => {
            keys::set_command(work, service, "entrypoint", entrypoint)
        }
        Edit::SetKey { path, value } => keys::set_any(work, path, value),
        Edit::RemoveKey { path } => keys::remove_any(work, path),
        Edit::RenameKey { path, to } => misplaced::rename(work, path, to),
        Edit::MoveToServices { services } => misplaced::move_to_services(work, services),
        Edit::ReplaceText { .. }
        | Edit::MoveNode { .. }
        | Edit::SetNote { .. }
        | Edit::SetChecks { .. }
        | Edit::SetValue { .. }
        | Edit::RemoveValue { .. }
        | Edit::MoveSecrets { .. } => Ok(()),
    }
}

/// An edit in progress: the stack before the edit, and the text so far.
struct Work<'s> {
    stack: &'s Stack,
    draft: Option<Draft>,
    /// The values after the edit.
    values: Values,
}

impl<'s> Work<'s> {
    fn on(stack: &'s Stack) -> Self {
        Self { stack, draft: None, values: stack.values().clone() }
    }

    /// The stack with the new text and values.
    fn finish(self) -> Result<Stack, Refusal> {
        let Some(draft) = self.draft else { return Ok(self.stack.clone().with_values(self.values)) };
        let text = draft.finish().map_err(|refusal| refusal.located_in(self.stack.text()))?;
        Ok(self.stack.with_text(&text).with_values(self.values))
    }

    fn service(&self, name: &str) -> Result<&'s Service, Refusal> {
        existing(self.stack, name)
    }

    fn draft(&mut self) -> &mut Draft {
        let stack = self.stack;
        self.draft.get_or_insert_with(|| Draft::new(stack.text(), stack.tree(), stack.model().root.to_json()))
    }

    fn change(&mut self, change: &Change) -> Result<(), Refusal> {
        let stack = self.stack;
        self.draft().change(change).map_err(|refusal| refusal.located_in(stack.text()))
    }

    fn set(&mut self, path: &[&str], value: impl Into<Value>) -> Result<(), Refusal> {
        self.change(&Change::set(path, value))
    }

    fn remove(&mut self, path: &[&str]) -> Result<(), Refusal> {
        self.change(&Change::remove(path))
    }

    /// The items of a service's list; empty if there is no such list. Any other value is refused, so that it is never
    /// overwritten.
    fn list(&mut self, service: &str, key: &str) -> Result<&[Value], Refusal> {
        match self.value(&["services", service, key]) {
            None | Some(Value::Null) => Ok(&[]),
            Some(Value::Array(items)) => Ok(items),
            Some(_) => Err(not_a_list(service, key)),
        }
    }

    /// Removes every entry of this name from a list, or the entry from a mapping. Returns false if there is none.
    ///
    /// All entries must be removed, because otherwise another one of the same name would take effect.
    fn remove_named(
        &mut self,
        path: &[&str],
        name: &str,
        is_named: impl Fn(&str) -> bool,
    ) -> Result<bool, Refusal> {
        let steps: Vec<String> = match self.value(path) {
            // The last index comes first, so that removing an item does not move the remaining ones.
            Some(Value::Array(items)) => (0..items.len())
                .rev()
                .filter(|index| items[*index].as_str().is_some_and(&is_named))
                .map(|index| index.to_string())
                .collect(),
            Some(Value::Object(entries)) if entries.contains_key(name) => vec![name.to_owned()],
            _ => Vec::new(),
        };
        check_count(steps.len(), name)?;
        for step in &steps {
            self.remove(&[path, &[step]].concat())?;
        }
        Ok(!steps.is_empty())
    }

    /// A value of the document after the changes so far.
    fn value(&mut self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(self.draft().values(), |value, step| match value {
            Value::Object(entries) => entries.get(*step),
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        })
    }
}

/// The maximum number of places that one edit changes. Each is a separate change, and each change reads the text
/// again.
const MOST_PLACES: usize = 200;

fn check_count(places: usize, name: &str) -> Result<(), Refusal> {
    if places <= MOST_PLACES {
        return Ok(());
    }
    Err(Refusal::new(
        "too-many-references",
        format!("`{name}` is used in {places} places, more than {MOST_PLACES}: change it in the text"),
    ))
}

fn not_a_list(service: &str, key: &str) -> Refusal {
    Refusal::new("not-a-list", format!("`{key}` of `{service}` isn't a list: fix it in the text first"))
}

fn existing<'s>(stack: &'s Stack, name: &str) -> Result<&'s Service, Refusal> {
    stack
        .model()
        .service(name)
        .ok_or_else(|| Refusal::new("service-unknown", format!("there is no service `{name}`")))
}
