//! The half of a deployment that changes the host: images, containers, and the wait for them. The ends are in `ending`.

use std::{path::PathBuf, time::Duration};

use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::{
    deploy::{Deployment, summary},
    gate::{Gate, Verdict},
    planning::Ready,
    prepare,
    record::{Extras, RevisionFiles, StackFolder},
    staged,
};
use crate::agent::{
    engine::{
        Engine,
        compose::{Compose, Project},
        logins::{self, Login},
        podman_health::{self, Checks},
    },
    outcome::Problem,
};

/// Between two looks at the containers.
const LOOK_EVERY: Duration = Duration::from_millis(700);
/// Making containers takes so long on a busy host; only from then on the time to become healthy runs.
pub const UP_TAKES: Duration = Duration::from_secs(120);
/// The server may not ask for longer than this.
pub const LONGEST_WAIT_SECS: u32 = 3600;

pub struct Host<'a> {
    pub deployment: &'a Deployment<'a>,
    pub folder: &'a StackFolder,
    pub engine: &'a Engine,
    pub compose: &'a Compose,
}

impl Host<'_> {
    pub async fn pull(&self, ready: &Ready) -> Result<(), Problem> {
        for image in &ready.plan.plan.pulls {
            self.deployment.say("pull", image);
            match self.fetch(ready, image).await {
                // There is one; only a newer one cannot be had.
                Err(problem) if !problem.is_cancelled() && self.engine.image_id(image).await?.is_some() => {
                    self.deployment.say("pull", format!("{problem}; the one on this host is used"));
                }
                fetched => fetched?,
            }
        }
        Ok(())
    }

    async fn fetch(&self, ready: &Ready, image: &str) -> Result<(), Problem> {
        let registry = logins::registry(image);
        let given = self.deployment.beside.credentials.clone().filter(|login| {
            login.serveraddress.as_deref().is_none_or(|address| logins::host(address) == registry)
        });
        let login = match given {
            Some(login) => Some(login),
            None => match logins::of_image(image) {
                Login::None => None,
                Login::Known(login) => Some(*login),
                Login::Helper => return self.compose_pull(ready, image).await,
            },
        };
        let cancel = &self.deployment.work.cancel;
        self.engine.pull(image, login, cancel, |line| self.deployment.say("pull", line)).await
    }

    async fn compose_pull(&self, ready: &Ready, image: &str) -> Result<(), Problem> {
        let files = self.folder.revision(self.deployment.request.revision);
        let of_image = |service: &&domain::compose::Service| {
            service.image.as_ref().is_some_and(|own| own.value.text.replace("$$", "$") == image)
        };
        let service = ready.effective.active_services().find(of_image).map(|service| service.name.as_str());
        let arguments = ["pull", service.unwrap_or_default()];
        let arguments = if service.is_some() { &arguments[..] } else { &arguments[..1] };
        let pulled = self.run(&files, &ready.extras, "pull", arguments, &self.deployment.work.cancel).await;
        pulled.map_err(|problem| match problem.is_cancelled() {
            true => problem,
            false => Problem::new("pull-failed", format!("`{image}` cannot be fetched: {problem}")),
        })
    }

    pub async fn bring_up(&self, ready: &Ready) -> Result<(), Problem> {
        let work = self.deployment.work;
        let request = &self.deployment.request;
        let files = self.folder.revision(request.revision);
        self.deployment.say("up", summary(&ready.plan.plan));
        prepare::networks(self.engine, &ready.effective).await?;
        staged::install(&self.folder.project(), &files).map_err(|error| {
            Problem::new("folder", format!("the files of the command cannot be written: {error}"))
        })?;
        prepare::folders(&ready.effective, &self.folder.project(), &ready.policy)?;
        let timeout = Duration::from_secs(u64::from(request.health_timeout_secs.clamp(1, LONGEST_WAIT_SECS)));
        let up = async {
            let arguments = ["up", "-d", "--remove-orphans"];
            self.run(&files, &ready.extras, "up", &arguments, &work.cancel).await?;
            let again: Vec<&str> = request
                .recreate
                .iter()
                .map(String::as_str)
                .filter(|service| ready.extras.fingerprints.contains_key(*service))
                .collect();
            if !again.is_empty() {
                let arguments = [&["up", "-d", "--no-deps", "--force-recreate"], again.as_slice()].concat();
                self.run(&files, &ready.extras, "up", &arguments, &work.cancel).await?;
            }
            self.deployment.say("wait", "for the services to be well");
            self.wait(&ready.extras, "wait", Instant::now() + timeout, &work.cancel).await
        };
        // Compose itself waits for dependencies to become healthy, for ever if need be.
        match tokio::time::timeout(UP_TAKES + timeout * 2, self.beside_checks(up)).await {
            Ok(done) => done,
            Err(_) => Err(Problem::new("unhealthy", "what others depend on was not well in time")),
        }
    }

    /// Compose, with the file of this revision.
    pub async fn run(
        &self,
        files: &RevisionFiles,
        extras: &Extras,
        step: &str,
        arguments: &[&str],
        cancel: &CancellationToken,
    ) -> Result<(), Problem> {
        let (file, folder): (PathBuf, PathBuf) = (files.effective(), self.folder.project());
        let project = Project {
            name: self.deployment.request.stack.as_str(),
            file: &file,
            folder: &folder,
            variables: &extras.passed,
            profiles: &extras.profiles,
        };
        self.compose
            .run(self.engine, &project, arguments, cancel, |line| self.deployment.say(step, line))
            .await
    }

    /// Runs health checks for Podman where nobody else does.
    pub async fn beside_checks<T>(&self, work: impl Future<Output = T>) -> T {
        if !podman_health::is_needed(self.engine) {
            return work.await;
        }
        let mut work = std::pin::pin!(work);
        let mut checks = Checks::default();
        loop {
            let check = async {
                sleep(LOOK_EVERY).await;
                if let Ok(containers) = self.engine.containers(self.deployment.request.stack.as_str()).await {
                    checks.run_due(self.engine, &containers).await;
                }
            };
            tokio::select! {
                done = &mut work => return done,
                () = check => {}
            }
        }
    }

    pub async fn wait(
        &self,
        extras: &Extras,
        step: &str,
        deadline: Instant,
        cancel: &CancellationToken,
    ) -> Result<(), Problem> {
        let stack = self.deployment.request.stack.as_str();
        let mut gate = Gate::new(extras.expected());
        let mut said = String::new();
        loop {
            let verdict = match self.engine.containers(stack).await {
                Ok(containers) => gate.look(&containers, Instant::now()),
                // An engine that is restarted answers again.
                Err(problem) => Verdict::Waiting(problem.message),
            };
            match verdict {
                Verdict::Healthy => return Ok(()),
                Verdict::Hopeless(reason) => return Err(Problem::new("unhealthy", reason)),
                Verdict::Waiting(reason) if Instant::now() >= deadline => {
                    return Err(Problem::new("unhealthy", format!("it was not well in time: {reason}")));
                }
                Verdict::Waiting(reason) => {
                    if reason != said {
                        self.deployment.say(step, &reason);
                        said = reason;
                    }
                }
            }
            tokio::select! {
                () = cancel.cancelled() => return Err(Problem::cancelled()),
                () = sleep(LOOK_EVERY) => {}
            }
        }
    }
}
