//! Pull: fetches the images that the plan names.

use super::{
    deployment::{ComposeCall, Deployment},
    host::Host,
    plan::Ready,
};
use crate::agent::{
    engine::logins::{self, Login},
    failure::Failure,
};

pub async fn images(deployment: &Deployment<'_>, host: &Host, ready: &Ready) -> Result<(), Failure> {
    for image in &ready.plan.plan.pulls {
        deployment.say("pull", image);
        match pull(deployment, host, ready, image).await {
            // The host already has this image; only a newer version cannot be pulled.
            Err(failure) if !failure.is_cancelled() && host.engine.image_id(image).await?.is_some() => {
                deployment.say("pull", format!("{failure}; the one on this host is used"));
            }
            pulled => pulled?,
        }
    }
    Ok(())
}

async fn pull(deployment: &Deployment<'_>, host: &Host, ready: &Ready, image: &str) -> Result<(), Failure> {
    let registry = logins::registry(image);
    let given = deployment.additions.credentials.clone().filter(|login| {
        login.serveraddress.as_deref().is_none_or(|address| logins::host(address) == registry)
    });
    let login = match given {
        Some(login) => Some(login),
        None => match logins::of_image(image) {
            Login::None => None,
            Login::Known(login) => Some(*login),
            Login::Helper => return pull_with_compose(deployment, host, ready, image).await,
        },
    };
    let say = |line| deployment.say("pull", line);
    host.engine.pull(image, login, &deployment.work.cancel, say).await
}

/// Used for registries whose login is stored in a credential helper, which compose can call.
async fn pull_with_compose(
    deployment: &Deployment<'_>,
    host: &Host,
    ready: &Ready,
    image: &str,
) -> Result<(), Failure> {
    let of_image = |service: &&domain::compose::Service| {
        service.image.as_ref().is_some_and(|own| own.value.text.replace("$$", "$") == image)
    };
    let service = ready.effective.active_services().find(of_image).map(|service| service.name.as_str());
    let arguments: Vec<&str> = ["pull"].into_iter().chain(service).collect();
    let call = ComposeCall {
        step: "pull",
        files: &deployment.files(),
        extras: &ready.extras,
        arguments: &arguments,
        cancel: &deployment.work.cancel,
    };
    let pulled = deployment.compose(host, call).await;
    pulled.map_err(|failure| match failure.is_cancelled() {
        true => failure,
        false => Failure::new("pull-failed", format!("couldn't pull `{image}`: {failure}")),
    })
}
