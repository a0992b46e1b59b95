//! The edits that turn an app of the stack into the app that a form asks for.

use serde_json::Value;

use super::{
    Form,
    app::{App, SharedPort, SharedVolume},
    compose::networks,
    form_changes::FormChanges,
    view,
};
use crate::{
    compose::Service,
    stack::{Edit, PortSpec, Stack},
};

/// One app, as it is in the stack and as the form wants it.
pub struct AppPair<'f> {
    pub service: &'f Service,
    pub before: (&'f Form, App<'f>),
    pub after: (&'f Form, App<'f>),
}

impl AppPair<'_> {
    /// The new name of the service, because an earlier edit has already renamed it.
    fn name(&self) -> String {
        self.after.1.code().to_owned()
    }

    pub fn compare(&self, stack: &Stack, changes: &mut FormChanges) {
        self.image(changes);
        self.ports(stack, changes);
        self.environment(changes);
        let (before, after) = (&self.before.1, &self.after.1);
        if before.text("restart") != after.text("restart") {
            let restart = Some(after.text("restart").to_owned());
            changes.add(after.path("restart"), Edit::SetRestart { service: self.name(), restart });
        }
        self.volumes(changes);
        self.networks(changes);
        let line = |key: &str| match after.text(key) {
            "" => Value::Null,
            text => text.into(),
        };
        if before.text("command") != after.text("command") {
            changes.add(
                after.path("command"),
                Edit::SetCommand { service: self.name(), command: line("command") },
            );
        }
        if before.text("entrypoint") != after.text("entrypoint") {
            let entrypoint = line("entrypoint");
            changes.add(after.path("entrypoint"), Edit::SetEntrypoint { service: self.name(), entrypoint });
        }
    }

    fn image(&self, changes: &mut FormChanges) {
        let (before, after) = (self.before.1.image(), self.after.1.image());
        if before == after {
            return;
        }
        match super::compose::problem_with_image(&self.after.1) {
            Some(error) => changes.errors.push(error),
            None => {
                let image = after.unwrap_or_default();
                changes
                    .add(self.after.1.path("dockerhub_name"), Edit::SetImage { service: self.name(), image });
            }
        }
    }

    /// Entries that are unchanged in the form stay. As many of the others as possible are changed in place, so that
    /// their host address and their notation stay too.
    fn ports(&self, stack: &Stack, changes: &mut FormChanges) {
        let mut old = view::ports(stack, self.service);
        let mut new = self.after.1.ports();
        take_away_common(&mut old, &mut new, |(_, old), new| old.same(new));
        let field = self.after.1.path("shared_ports");
        let in_place = old.len().min(new.len());
        let surplus = old.split_off(in_place);
        let additional = new.split_off(in_place);
        for ((port, _), wanted) in old.into_iter().zip(&new) {
            let host_ip = port.mapping.as_ref().and_then(|mapping| mapping.host_ip.clone());
            let port_spec = spec(wanted, host_ip);
            changes.add(&field, Edit::SetPort { service: self.name(), index: port.index, port: port_spec });
        }
        for (port, _) in surplus.into_iter().rev() {
            changes.add(&field, Edit::RemovePort { service: self.name(), index: port.index });
        }
        for wanted in &additional {
            changes.add(&field, Edit::AddPort { service: self.name(), port: spec(wanted, None) });
        }
    }

    fn environment(&self, changes: &mut FormChanges) {
        let field = self.after.1.path("environment");
        let (before, after) = (self.before.1.environment(), self.after.1.environment());
        for (key, _) in before.iter().filter(|(key, _)| !after.iter().any(|(kept, _)| kept == key)) {
            changes.add(&field, Edit::RemoveEnvironment { service: self.name(), key: (*key).to_owned() });
        }
        for (key, value) in after.iter().filter(|entry| !before.contains(entry)) {
            let (key, value) = ((*key).to_owned(), Some((*value).to_owned()));
            changes.add(&field, Edit::SetEnvironment { service: self.name(), key, value });
        }
    }

    fn volumes(&self, changes: &mut FormChanges) {
        let mut old = view::volumes(self.service);
        let mut new = self.after.1.volumes();
        take_away_common(&mut old, &mut new, |(_, old), new| old.same(new));
        let field = self.after.1.path("volumes");
        for (mount, _) in old.iter().rev() {
            changes.add(&field, Edit::RemoveVolume { service: self.name(), index: mount.index });
        }
        for wanted in &new {
            if wanted.is_named() {
                changes.declare_volume(&field, &wanted.host_path);
            }
            let read_only =
                old.iter().any(|(mount, old)| mount.read_only && old.container_path == wanted.container_path);
            let edit = Edit::AddVolume {
                service: self.name(),
                source: Some(source(wanted)),
                target: wanted.container_path.clone(),
                read_only,
            };
            changes.add(&field, edit);
        }
    }

    /// A form names all networks of a service, so nothing is asked and nothing kept.
    fn networks(&self, changes: &mut FormChanges) {
        let field = self.after.1.path("network");
        let before = networks(self.before.0, &self.before.1);
        let after = networks(self.after.0, &self.after.1);
        for network in before.iter().filter(|network| !after.contains(network)) {
            let (service, network) = (self.name(), (*network).to_owned());
            changes.add(&field, Edit::LeaveNetwork { service, network, cut_off: true });
        }
        for network in after.iter().filter(|network| !before.contains(network)) {
            let (service, network) = (self.name(), (*network).to_owned());
            changes.add(&field, Edit::JoinNetwork { service, network, keep_default: Some(false) });
        }
    }
}

/// Removes every pair of equal entries from both lists.
fn take_away_common<A, B>(old: &mut Vec<A>, new: &mut Vec<B>, equal: impl Fn(&A, &B) -> bool) {
    old.retain(|old| match new.iter().position(|new| equal(old, new)) {
        Some(at) => {
            new.remove(at);
            false
        }
        None => true,
    });
}

fn spec(port: &SharedPort, host_ip: Option<String>) -> PortSpec {
    PortSpec {
        host_ip,
        published: port.host.map(|host| host.to_string()),
        target: port.container.to_string(),
        protocol: port.is_udp().then(|| "udp".to_owned()),
    }
}

/// Adds `./` to a folder that the short notation would otherwise read as a named volume.
fn source(volume: &SharedVolume) -> String {
    let drive = volume.host_path.get(1..2) == Some(":");
    if !volume.is_named() && !drive && !volume.host_path.starts_with(['.', '/', '~', '$', '\\']) {
        format!("./{}", volume.host_path)
    } else {
        volume.host_path.clone()
    }
}
