//! What a compose file expects on the host before its services start: external networks, and the folders it mounts.

use std::path::Path;

use bollard::{models::NetworkCreateRequest, query_parameters::InspectNetworkOptions};
use domain::{
    compose::MountKind,
    deploy::Effective,
    policy::{Policy, is_within},
};
use serde_json::Value;

use super::real_path::{make_folder, real_path};
use crate::agent::{engine::Engine, failure::Failure};

/// Creates missing external networks.
pub async fn networks(engine: &Engine, effective: &Effective) -> Result<(), Failure> {
    for network in effective.model().networks.iter().filter(|network| network.external) {
        let name = network.external_name.as_ref().unwrap_or(&network.name).replace("$$", "$");
        match engine.docker.inspect_network(&name, None::<InspectNetworkOptions>).await {
            Ok(_) => continue,
            Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let request = NetworkCreateRequest {
            name: name.clone(),
            driver: Some("bridge".to_owned()),
            ..NetworkCreateRequest::default()
        };
        match engine.docker.create_network(request).await {
            Ok(_) => tracing::info!("created the network {name}"),
            // Another stack has created the network in the meantime.
            Err(bollard::errors::Error::DockerResponseServerError { status_code: 409, .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Creates missing folders, but only inside the stack's folder and the roots that the policy allows.
pub fn folders(effective: &Effective, project: &Path, policy: &Policy) -> Result<(), Failure> {
    for path in mounted(effective) {
        let Some(real) = real_path(&path) else { continue };
        if Path::new(&real).exists() {
            continue;
        }
        let roots =
            [project.to_string_lossy().into_owned()].into_iter().chain(policy.bind_roots.iter().cloned());
        let root = roots.filter_map(|root| real_path(&root)).find(|root| is_within(&real, root));
        if let Some(root) = root {
            make_folder(Path::new(&root), Path::new(&real)).map_err(|error| {
                Failure::new("folder", format!("the folder `{path}` cannot be created: {error}"))
            })?;
        }
    }
    Ok(())
}

/// Paths of bind mounts, and of volumes that bind a folder.
fn mounted(effective: &Effective) -> Vec<String> {
    let binds = effective
        .active_services()
        .flat_map(|service| &service.volumes)
        .filter(|mount| mount.kind == MountKind::Bind)
        .filter_map(|mount| mount.source.as_ref())
        .map(|source| source.replace("$$", "$"));
    let volumes = effective.document().get("volumes").and_then(Value::as_object);
    let devices = volumes
        .into_iter()
        .flat_map(|volumes| volumes.values())
        .filter_map(|volume| volume.pointer("/driver_opts/device").and_then(Value::as_str))
        .filter(|device| device.starts_with('/'))
        .map(str::to_owned);
    binds.chain(devices).collect()
}
