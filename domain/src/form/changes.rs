//! The edits between an app as it was and as it is wanted.

use serde_json::Value;

use super::{
    Form,
    app::{App, SharedPort, SharedVolume},
    compose::{named_volume, networks},
    update::Plan,
    view,
};
use crate::{
    compose::Service,
    stack::{Edit, PortSpec, Stack},
};

/// One app on both sides.
pub struct Pair<'f> {
    pub service: &'f Service,
    pub before: (&'f Form, App<'f>),
    pub after: (&'f Form, App<'f>),
}

impl Pair<'_> {
    /// The service has the name that is wanted by now.
    fn name(&self) -> String {
        self.after.1.code().to_owned()
    }

    pub fn compare(&self, stack: &Stack, plan: &mut Plan) {
        self.image(plan);
        self.ports(stack, plan);
        self.environment(plan);
        let (before, after) = (&self.before.1, &self.after.1);
        if before.text("restart") != after.text("restart") {
            let restart = Some(after.text("restart").to_owned());
            plan.add(after.path("restart"), Edit::SetRestart { service: self.name(), restart });
        }
        self.volumes(plan);
        self.networks(plan);
        let line = |key: &str| match after.text(key) {
            "" => Value::Null,
            text => text.into(),
        };
        if before.text("command") != after.text("command") {
            plan.add(
                after.path("command"),
                Edit::SetCommand { service: self.name(), command: line("command") },
            );
        }
        if before.text("entrypoint") != after.text("entrypoint") {
            let entrypoint = line("entrypoint");
            plan.add(after.path("entrypoint"), Edit::SetEntrypoint { service: self.name(), entrypoint });
        }
    }

    fn image(&self, plan: &mut Plan) {
        let (before, after) = (self.before.1.image(), self.after.1.image());
        if before == after {
            return;
        }
        match super::compose::problem_with_image(&self.after.1) {
            Some(error) => plan.errors.push(error),
            None => {
                let image = after.unwrap_or_default();
                plan.add(self.after.1.path("dockerhub_name"), Edit::SetImage { service: self.name(), image });
            }
        }
    }

    /// Entries that are wanted as they are stay; of the others as many as possible are changed in place, so that the
    /// address of the host and the form of the entry stay too.
    fn ports(&self, stack: &Stack, plan: &mut Plan) {
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
            plan.add(&field, Edit::SetPort { service: self.name(), index: port.index, port: port_spec });
        }
        for (port, _) in surplus.into_iter().rev() {
            plan.add(&field, Edit::RemovePort { service: self.name(), index: port.index });
        }
        for wanted in &additional {
            plan.add(&field, Edit::AddPort { service: self.name(), port: spec(wanted, None) });
        }
    }

    fn environment(&self, plan: &mut Plan) {
        let field = self.after.1.path("environment");
        let (before, after) = (self.before.1.environment(), self.after.1.environment());
        for (key, _) in before.iter().filter(|(key, _)| !after.iter().any(|(kept, _)| kept == key)) {
            plan.add(&field, Edit::RemoveEnvironment { service: self.name(), key: (*key).to_owned() });
        }
        for (key, value) in after.iter().filter(|entry| !before.contains(entry)) {
            let (key, value) = ((*key).to_owned(), Some((*value).to_owned()));
            plan.add(&field, Edit::SetEnvironment { service: self.name(), key, value });
        }
    }

    fn volumes(&self, plan: &mut Plan) {
        let mut old = view::volumes(self.service);
        let mut new = self.after.1.volumes();
        take_away_common(&mut old, &mut new, |(_, old), new| old.same(new));
        let field = self.after.1.path("volumes");
        for (mount, _) in old.iter().rev() {
            plan.add(&field, Edit::RemoveVolume { service: self.name(), index: mount.index });
        }
        for wanted in &new {
            if wanted.is_named() {
                plan.declare_volume(&field, &wanted.host_path);
            }
            let read_only =
                old.iter().any(|(mount, old)| mount.read_only && old.container_path == wanted.container_path);
            let edit = Edit::AddVolume {
                service: self.name(),
                source: Some(source(wanted)),
                target: wanted.container_path.clone(),
                read_only,
            };
            plan.add(&field, edit);
        }
    }

    fn networks(&self, plan: &mut Plan) {
        let field = self.after.1.path("network");
        let before = networks(self.before.0, &self.before.1);
        let after = networks(self.after.0, &self.after.1);
        for network in before.iter().filter(|network| !after.contains(network)) {
            plan.add(&field, Edit::LeaveNetwork { service: self.name(), network: (*network).to_owned() });
        }
        for network in after.iter().filter(|network| !before.contains(network)) {
            plan.add(&field, Edit::JoinNetwork { service: self.name(), network: (*network).to_owned() });
        }
    }
}

/// Takes pairs of equals out of both.
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

/// Folders that a short entry would take for a volume get their dot.
fn source(volume: &SharedVolume) -> String {
    let drive = volume.host_path.get(1..2) == Some(":");
    if !volume.is_named() && !drive && !volume.host_path.starts_with(['.', '/', '~', '$', '\\']) {
        format!("./{}", volume.host_path)
    } else {
        volume.host_path.clone()
    }
}

/// As projects that came as a form have it, or plainly.
pub fn volume_declaration(name: &str, as_form: bool) -> Value {
    if as_form { named_volume(name) } else { Value::Null }
}
