//! The context of every step of a deployment: the command and the folder of its stack. Steps that use the host also take a
//! [`Host`].

use std::time::Duration;

use bollard::auth::DockerCredentials;
use domain::deploy::{DeployStack, Pull, ServiceState};
use tokio_util::sync::CancellationToken;

use super::host::Host;
use crate::agent::{
    engine::compose::Project,
    failure::Failure,
    stacks::{
        folder::StackFolder,
        record::Record,
        revision::{Extras, RevisionFiles, StagedFile},
    },
    work::Work,
};

/// The longest time to become healthy that a command may ask for.
const LONGEST_WAIT_SECS: u32 = 3600;

/// What `deploy_app` contains in addition to the stack.
#[derive(Default)]
pub struct Additions {
    pub credentials: Option<DockerCredentials>,
    pub files: Vec<StagedFile>,
    pub pull: Pull,
}

pub struct Deployment<'a> {
    pub work: &'a Work,
    pub request: DeployStack,
    pub additions: Additions,
    pub folder: StackFolder,
}

/// One call of compose.
pub struct ComposeCall<'a> {
    /// The step to which the output belongs.
    pub step: &'static str,
    pub files: &'a RevisionFiles,
    pub extras: &'a Extras,
    pub arguments: &'a [&'a str],
    pub cancel: &'a CancellationToken,
}

impl<'a> Deployment<'a> {
    pub fn new(work: &'a Work, request: DeployStack, additions: Additions) -> Self {
        let folder = StackFolder::new(&work.agent.folder, &request.stack);
        Self { work, request, additions, folder }
    }

    pub fn command_id(&self) -> &str {
        &self.work.command.command_id
    }

    pub fn stack(&self) -> &str {
        self.request.stack.as_str()
    }

    /// The files of the revision that is being deployed.
    pub fn files(&self) -> RevisionFiles {
        self.folder.revision(self.request.revision)
    }

    /// How long the services may take to become healthy; at least `least_secs`.
    pub fn health_timeout(&self, least_secs: u32) -> Duration {
        Duration::from_secs(u64::from(self.request.health_timeout_secs.clamp(least_secs, LONGEST_WAIT_SECS)))
    }

    pub fn say(&self, step: &str, message: impl AsRef<str>) {
        self.work.progress.say(step, message);
    }

    pub async fn compose(&self, host: &Host, call: ComposeCall<'_>) -> Result<(), Failure> {
        let (file, folder) = (call.files.effective(), self.folder.project());
        let project = Project {
            name: self.stack(),
            file: &file,
            folder: &folder,
            variables: &call.extras.passed,
            profiles: &call.extras.profiles,
        };
        let say = |line: String| self.say(call.step, line);
        host.compose.run(&host.engine, &project, call.arguments, call.cancel, say).await
    }

    pub async fn service_states(&self, host: &Host, extras: &Extras) -> Vec<ServiceState> {
        host.engine.states(self.stack(), &extras.expected()).await
    }

    /// Writes the record at a point where a failure can no longer change what happens, so a failure is only logged.
    pub fn store(&self, record: &Record) {
        if let Err(error) = self.folder.store(record) {
            tracing::error!("the state of the stack cannot be stored: {error}");
        }
    }
}
