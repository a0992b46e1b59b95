//! `remove_app` and `remove_stack`. Named volumes stay, unless the command lists them.

use bollard::query_parameters::{RemoveContainerOptions, RemoveImageOptions, RemoveVolumeOptions};
use domain::deploy::RemoveStack;
use serde_json::{Value, json};

use super::{parameters, target::Target};
use crate::agent::{
    ambient,
    engine::{
        Engine,
        compose::{Compose, Project},
    },
    failure::Failure,
    stacks::{folder::StackFolder, record::Record},
    work::Work,
};

/// Removes one service. Its definition stays in the compose file, so the next deployment creates it again.
pub async fn app(work: &Work) -> Result<Value, Failure> {
    let target = Target::find(work).await?;
    for container in &target.containers {
        remove_container(&target.engine, &container.id).await?;
    }
    let mut errors = Vec::new();
    if parameters::flag(work, "remove_volumes", false) {
        let message = "named volumes are only removed by name, together with the stack: use remove_stack";
        errors.push(json!({"code": "volumes-stay", "message": message}));
    }
    if parameters::flag(work, "remove_image", false) {
        for container in &target.containers {
            let image = &container.image_id;
            let removed = target.engine.docker.remove_image(image, None::<RemoveImageOptions>, None).await;
            if let Err(error) = removed {
                errors.push(json!({"code": "image", "message": error.to_string()}));
            }
        }
    }
    let mut record = target.record.clone();
    if !record.stopped.contains(&target.app_code) {
        record.stopped.push(target.app_code.clone());
    }
    target.folder.store(&record)?;
    Ok(json!({
        "type": "remove_app",
        "deployment_hash": work.command.deployment_hash,
        "app_code": target.app_code,
        "status": "removed",
        "removed_at": ambient::now(),
        "errors": errors,
    }))
}

pub async fn stack(work: &Work) -> Result<Value, Failure> {
    let request = parameters::read::<RemoveStack>(work)?;
    let folder = StackFolder::new(&work.agent.folder, &request.stack);
    let Some(record) = folder.record() else {
        // The stack was removed before, or was never deployed, so there is nothing to do.
        return Ok(answer(work, &request, &[], Vec::new()));
    };
    if record.deployment_hash != work.command.deployment_hash {
        let message = format!("the stack `{}` on this host belongs to another deployment", request.stack);
        return Err(Failure::new("stack-taken", message));
    }
    let engine = work.agent.engine.get().await?;
    let (_, own_volumes) = engine.volumes(request.stack.as_str()).await?;
    if let Some(foreign) = request.volumes.iter().find(|name| !own_volumes.contains(name)) {
        let message = format!("`{foreign}` is not a volume of this stack; nothing was removed");
        return Err(Failure::new("foreign-volume", message));
    }
    work.progress.say("down", format!("removing {}", request.stack));
    compose_down(work, &engine, &folder, &record, &request).await?;
    // Also removes containers of revisions other than the last good one.
    for container in engine.containers_of_any_kind(request.stack.as_str()).await? {
        remove_container(&engine, &container.id).await?;
    }
    let mut errors = Vec::new();
    let mut removed: Vec<&str> = Vec::new();
    for volume in &request.volumes {
        match engine.docker.remove_volume(volume, None::<RemoveVolumeOptions>).await {
            Ok(()) => removed.push(volume),
            Err(error) => errors.push(json!({"code": "volume", "message": format!("{volume}: {error}")})),
        }
    }
    folder.forget()?;
    Ok(answer(work, &request, &removed, errors))
}

/// Removes containers and networks, but no volumes.
async fn compose_down(
    work: &Work,
    engine: &Engine,
    folder: &StackFolder,
    record: &Record,
    request: &RemoveStack,
) -> Result<(), Failure> {
    let applying = record.applying.as_ref().map(|applying| folder.revision(applying.revision));
    let mut candidates = [Some(folder.last_good()), applying].into_iter().flatten();
    let Some(files) = candidates.find(|files| files.effective().exists()) else { return Ok(()) };
    let extras = files.extras().unwrap_or_default();
    let (file, project_folder) = (files.effective(), folder.project());
    let project = Project {
        name: request.stack.as_str(),
        file: &file,
        folder: &project_folder,
        variables: &extras.passed,
        profiles: &extras.profiles,
    };
    let arguments = ["down", "--remove-orphans"];
    let say = |line: String| work.progress.say("down", line);
    Compose::find(engine).await?.run(engine, &project, &arguments, &work.cancel, say).await
}

/// Removes a container and its anonymous volumes, which belong to no other container.
async fn remove_container(engine: &Engine, id: &str) -> Result<(), Failure> {
    let options = RemoveContainerOptions { v: true, force: true, link: false };
    match engine.docker.remove_container(id, Some(options)).await {
        Ok(()) | Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn answer(work: &Work, request: &RemoveStack, volumes: &[&str], errors: Vec<Value>) -> Value {
    json!({
        "type": "remove_stack",
        "deployment_hash": work.command.deployment_hash,
        "stack": request.stack,
        "status": "removed",
        "removed_volumes": volumes,
        "removed_at": ambient::now(),
        "errors": errors,
    })
}
