//! The edits that add the service of a `docker run` command to a stack.

use std::collections::BTreeMap;

use serde_json::Value;

use super::service::{DockerRun, Network};
use crate::{
    compose::{
        MountKind, mounts,
        yaml::{self, Node},
    },
    stack::{Edit, Point, Stack},
};

impl DockerRun {
    /// The edits that add the service to this stack under this name, with the volumes and networks that it names.
    pub fn edits(&self, stack: &Stack, service: &str, at: Option<Point>) -> Vec<Edit> {
        let key = |key: &str| vec!["services".to_owned(), service.to_owned(), key.to_owned()];
        let mut edits = vec![
            Edit::AddService {
                service: service.to_owned(),
                image: Some(self.image.clone()),
                app: None,
                secrets: BTreeMap::new(),
                at,
            },
            // Docker does not restart a container unless it is told to.
            Edit::SetRestart { service: service.to_owned(), restart: None },
        ];
        for (name, value) in &self.keys {
            let value = match value.as_str().and_then(|mode| mode.strip_prefix("container:")) {
                Some(other) if name == "network_mode" && stack.model().service(other).is_some() => {
                    format!("service:{other}").into()
                }
                _ => value.clone(),
            };
            edits.push(Edit::SetKey { path: key(name), value });
        }
        let volumes =
            self.keys.get("volumes").and_then(Value::as_array).into_iter().flatten().filter_map(named);
        let undeclared = volumes.filter(|name| stack.model().volume(name).is_none());
        edits.extend(
            undeclared
                .map(|name| Edit::SetKey { path: vec!["volumes".to_owned(), name], value: Value::Null }),
        );
        edits.extend(self.network_edits(stack, service));
        edits
    }

    fn network_edits(&self, stack: &Stack, service: &str) -> Vec<Edit> {
        let mut networks = self.networks.clone();
        if let (Some(first), false) = (networks.first_mut(), self.aliases.is_empty()) {
            first.keys.insert("aliases".to_owned(), self.aliases.clone().into());
        }
        if networks.iter().all(|network| network.keys.is_empty()) {
            // `docker run --network` leaves the container in the named networks alone.
            let join = |network: Network| Edit::JoinNetwork {
                service: service.to_owned(),
                network: network.name,
                keep_default: Some(false),
            };
            return networks.into_iter().map(join).collect();
        }
        let declared = |name: &str| stack.model().network(name).is_some();
        let mut edits: Vec<Edit> = networks
            .iter()
            .filter(|network| !declared(&network.name))
            .map(|network| Edit::AddNetwork { network: network.name.clone(), internal: false })
            .collect();
        let memberships = networks.into_iter().map(|network| {
            let keys = if network.keys.is_empty() { Value::Null } else { Value::Object(network.keys) };
            (network.name, keys)
        });
        let path = ["services", service, "networks"].map(str::to_owned).to_vec();
        edits.push(Edit::SetKey { path, value: Value::Object(memberships.collect()) });
        edits
    }
}

/// The named volume that an entry of `volumes` uses.
fn named(entry: &Value) -> Option<String> {
    if let Value::Object(mount) = entry {
        let source = mount.get("source")?.as_str()?;
        return (mount.get("type")?.as_str()? == "volume").then(|| source.to_owned());
    }
    let node = Node { value: yaml::Value::String(entry.as_str()?.to_owned()), ..Node::default() };
    let mount = mounts::read(&node, 0).ok()?;
    (mount.kind == MountKind::Volume).then_some(mount.source)?
}
