//! `list_containers`: the apps of the deployment, and all containers of the host.

use bollard::query_parameters::ListContainersOptions;
use serde_json::{Value, json};

use super::{apps, parameters, target};
use crate::agent::{
    engine::containers::{PROJECT, SERVICE},
    failure::Failure,
    stacks::folder as stack_folders,
    work::Work,
};

pub async fn run(work: &Work) -> Result<Value, Failure> {
    let engine = work.agent.engine.get().await?;
    let mut apps_found = Vec::new();
    if let Ok(own) = target::record(work) {
        for container in engine.containers(own.stack.as_str()).await? {
            let mut app = json!({
                "app_code": container.service,
                "container": container.name,
                "image": container.image,
                "container_state": apps::container_state(&container),
                "ports": container.ports,
                "since": container.since,
            });
            if parameters::flag(work, "include_health", true) {
                app["status"] = apps::health(&container).into();
            }
            apps_found.push(app);
        }
    }
    let stacks: Vec<String> =
        stack_folders::all(&work.agent.folder).into_iter().map(|record| record.stack.to_string()).collect();
    let options = ListContainersOptions { all: true, ..ListContainersOptions::default() };
    let (mut containers, mut orphans) = (Vec::new(), Vec::new());
    for container in engine.list(options).await? {
        let labels = container.labels.unwrap_or_default();
        let name = container.names.unwrap_or_default().into_iter().next().unwrap_or_default();
        let name = name.trim_start_matches('/').to_owned();
        let project = labels.get(PROJECT).cloned();
        if project.as_ref().is_none_or(|project| !stacks.contains(project)) {
            orphans.push(name.clone());
        }
        containers.push(json!({
            "name": name,
            "image": container.image,
            "state": container.state.map(|state| state.to_string()),
            "stack": project,
            "app_code": labels.get(SERVICE),
        }));
    }
    Ok(json!({
        "type": "list_containers",
        "deployment_hash": work.command.deployment_hash,
        "container_count": containers.len(),
        "containers": containers,
        "apps": apps_found,
        "orphan_containers": orphans,
    }))
}
