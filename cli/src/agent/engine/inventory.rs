//! What a plan needs to know about the host: containers, volumes, images and ports.

use std::collections::{BTreeMap, HashMap};

use bollard::query_parameters::{ListContainersOptions, ListVolumesOptions};
use domain::deploy::{Effective, FoundContainer, Inventory, TakenPort};
use serde_json::Value;

use super::{
    Engine,
    containers::{Container, PROJECT},
    listeners,
};
use crate::agent::failure::Failure;
use domain::deploy::ContainerState;

impl Engine {
    pub async fn inventory(
        &self,
        stack: &str,
        effective: &Effective,
        previous: Option<Value>,
    ) -> Result<Inventory, Failure> {
        let containers = self.containers(stack).await?;
        let (volumes, stack_volumes) = self.volumes(stack).await?;
        let mut images = BTreeMap::new();
        for name in effective.images() {
            if let Some(id) = self.image_id(&name).await? {
                images.insert(name, id);
            }
        }
        Ok(Inventory {
            taken_ports: self.taken_ports(stack).await?,
            containers: containers.iter().map(found).collect(),
            volumes,
            stack_volumes,
            images,
            previous,
        })
    }

    /// `None`: the image is not on this host.
    pub async fn image_id(&self, name: &str) -> Result<Option<String>, Failure> {
        match self.docker.inspect_image(name).await {
            Ok(image) => Ok(image.id),
            Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// All volumes, and those of the stack.
    pub async fn volumes(&self, stack: &str) -> Result<(Vec<String>, Vec<String>), Failure> {
        let volumes = self.volume_owners().await?;
        let of_stack = |owner: &Option<String>| owner.as_deref() == Some(stack);
        let own = volumes.iter().filter(|(_, owner)| of_stack(owner)).map(|(name, _)| name.clone()).collect();
        Ok((volumes.into_keys().collect(), own))
    }

    /// The named volumes of the host, each with the project that created it.
    pub async fn volume_owners(&self) -> Result<BTreeMap<String, Option<String>>, Failure> {
        let volumes = self.docker.list_volumes(None::<ListVolumesOptions>).await?.volumes.unwrap_or_default();
        Ok(volumes.into_iter().map(|mut volume| (volume.name, volume.labels.remove(PROJECT))).collect())
    }

    /// Ports in use, except those of the stack itself.
    async fn taken_ports(&self, stack: &str) -> Result<Vec<TakenPort>, Failure> {
        let options = ListContainersOptions { all: false, ..ListContainersOptions::default() };
        let mut taken = Vec::new();
        let mut published = Vec::new();
        for container in self.list(options).await? {
            let labels: HashMap<String, String> = container.labels.unwrap_or_default();
            let ours = labels.get(PROJECT).is_some_and(|project| project == stack);
            let name = container.names.unwrap_or_default().into_iter().next().unwrap_or_default();
            for port in container.ports.unwrap_or_default() {
                let Some(public) = port.public_port.filter(|port| *port > 0) else { continue };
                let protocol = port.typ.map(|typ| typ.to_string()).filter(|typ| !typ.is_empty());
                let protocol = protocol.unwrap_or_else(|| "tcp".to_owned());
                published.push((public, protocol.clone()));
                if !ours {
                    taken.push(TakenPort {
                        address: port.ip.filter(|ip| !ip.is_empty()),
                        port: public,
                        protocol,
                        by: format!("container {}", name.trim_start_matches('/')),
                    });
                }
            }
        }
        // Skips published ports: they are already listed with their container, although the engine is the process that listens.
        let of_programs = listeners::all().into_iter().filter(|listener| {
            !published.iter().any(|(port, protocol)| *port == listener.port && protocol == listener.protocol)
        });
        taken.extend(of_programs.map(|listener| TakenPort {
            address: listener.alone_on().map(|address| address.to_string()),
            port: listener.port,
            protocol: listener.protocol.to_owned(),
            by: "another program".to_owned(),
        }));
        Ok(taken)
    }
}

fn found(container: &Container) -> FoundContainer {
    FoundContainer {
        service: container.service.clone(),
        name: container.name.clone(),
        image: container.image.clone(),
        image_id: container.image_id.clone(),
        fingerprint: container.fingerprint.clone(),
        running: matches!(container.state, ContainerState::Running | ContainerState::Restarting)
            || container.is_done(),
    }
}
