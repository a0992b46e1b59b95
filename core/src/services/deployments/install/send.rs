//! Deploys a project through the install service: deployment, server, cloud and message in one transaction.

use std::{collections::BTreeMap, io::Write as _};

use anyhow::Context as _;
use domain::{
    access::Caller,
    api::{DeployMeta, FieldError, RevisionOutcome},
    cloud::{CloudBody, DeployBody, Secret, ServerBody, routing_key},
    install::{
        ConfigFile, InstallMessage, MessageCloud, MissingVariable, config_files, filled,
        what_a_cloud_cannot_carry,
    },
    stack::Stack,
};
use serde_json::Value;
use sqlx::PgConnection;

use super::{
    super::{Deployments, deploy::Subject, error::DeploymentError, stack::check_deployable},
    queue::KeepsSecrets,
};
use crate::{
    db::{
        clouds::{self, StoredCloud, servers},
        deployments::{
            deployment_revisions::{self, NewRevision},
            install::{self, Target},
        },
    },
    services::{
        clouds::{Clouds, secrets::CloudSecrets},
        images::BeforeDeploying,
    },
};

/// Brotli as existing installers expect it.
const QUALITY: u32 = 11;
const WINDOW: u32 = 22;
const BUFFER_BYTES: usize = 4096;
/// The most places that a refusal lists.
const MAX_REASONS: usize = 50;

/// The credentials that a deployment uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services::deployments) enum Credentials {
    /// Those of the request.
    OfRequest,
    /// Those of a stored cloud.
    OfCloud(i32),
}

/// What the message carries of the stack.
struct Carried {
    docker_compose: Vec<u8>,
    config_files: Vec<ConfigFile>,
}

/// The cloud of a deployment.
struct Chosen {
    provider: String,
    cloud_id: Option<i32>,
    message: MessageCloud,
    keeps: KeepsSecrets,
}

impl Deployments {
    pub(in crate::services::deployments) async fn install(
        &self,
        caller: &Caller,
        subject: Subject,
        credentials: Credentials,
        body: DeployBody,
    ) -> Result<DeployMeta, DeploymentError> {
        let read = check_deployable(subject.compose.clone()).await?;
        let values = self.values_of(&subject, &read)?;
        let environment = values.secrets();
        let carried = carried(subject.compose.clone(), environment.clone()).await?;
        let BeforeDeploying { missing, uncertain, registry } =
            self.images(caller, &subject, environment.clone()).await?;
        if !missing.is_empty() {
            return Err(DeploymentError::ImageNotFound { missing });
        }

        let mut transaction = self.core.pool.begin().await?;
        let deployment = self.create(&mut transaction, caller, &subject, None, None).await?;
        let chosen = self.choose(&mut transaction, caller, &subject, credentials, &body.cloud).await?;
        let server_id = self.server(&mut transaction, &subject, credentials, &body.server).await?;
        let target = Target { cloud_id: chosen.cloud_id, server_id };
        install::set_target(&mut transaction, deployment.id, &chosen.provider, target).await?;
        let revision = NewRevision {
            compose: &subject.compose,
            outcome: RevisionOutcome::InProgress,
            returns_to: None,
            values: values.seal(&self.core)?,
            created_by: &caller.user_id,
            now: self.core.context.clock.now(),
        };
        deployment_revisions::insert(&mut transaction, deployment.id, revision).await?;
        let message = InstallMessage {
            id: deployment.id,
            project_id: subject.id,
            deployment_hash: deployment.hash.clone(),
            deployment_id: deployment.id,
            user_token: caller.user_id.clone(),
            user_email: caller.email.clone().unwrap_or_default(),
            cloud: chosen.message,
            server: body.server,
            stack: body.stack,
            custom: subject.metadata.get("custom").cloned().unwrap_or(Value::Null),
            docker_compose: carried.docker_compose,
            registry,
            environment,
            common_domain: body.common_domain,
            config_files: carried.config_files,
        };
        // The error of the writer could repeat a secret.
        let message = message.to_json().map_err(|_| anyhow::anyhow!("writing an install message"))?;
        let queue = &self.core.install;
        queue
            .put(
                &mut transaction,
                &self.core.keyring,
                &deployment.hash,
                routing_key(&chosen.provider),
                &message,
                chosen.keeps,
            )
            .await?;
        transaction.commit().await?;
        queue.wake();
        Ok(DeployMeta {
            deployment_id: deployment.id,
            deployment_hash: deployment.hash,
            command_id: None,
            warnings: uncertain,
        })
    }

    async fn choose(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        subject: &Subject,
        credentials: Credentials,
        request: &CloudBody,
    ) -> Result<Chosen, DeploymentError> {
        let Credentials::OfCloud(id) = credentials else {
            let stored = if request.may_store_secrets() && request.has_secrets() {
                let clouds = Clouds::new(self.core.clone());
                Some(clouds.insert(connection, &caller.user_id, request).await?)
            } else {
                None
            };
            return Ok(Chosen {
                provider: request.provider.clone(),
                cloud_id: stored.map(|cloud| cloud.id),
                message: MessageCloud::direct(request),
                keeps: keeps(request),
            });
        };
        let cloud = clouds::find_to_deploy(connection, id, subject.id, &subject.owner, &caller.user_id)
            .await?
            .ok_or(DeploymentError::NotFound("cloud"))?;
        let StoredCloud { provider, save_token, secrets_sealed, .. } = cloud;
        let secrets = CloudSecrets::open(&self.core.keyring, id, secrets_sealed.as_deref())?;
        if !secrets.is_empty() {
            let message = MessageCloud::saved(&provider, |kind| secrets.secret(kind));
            return Ok(Chosen { provider, cloud_id: Some(id), message, keeps: KeepsSecrets::Always });
        }
        if !request.has_secrets() {
            return Err(DeploymentError::CloudCredentialsMissing);
        }
        let message = MessageCloud::unsaved(&provider, Some(save_token), request);
        Ok(Chosen { provider, cloud_id: Some(id), message, keeps: KeepsSecrets::ForAWhile })
    }

    /// As existing clients expect, a deployment with a stored cloud uses the first server of the project again.
    async fn server(
        &self,
        connection: &mut PgConnection,
        subject: &Subject,
        credentials: Credentials,
        body: &ServerBody,
    ) -> anyhow::Result<i32> {
        let now = self.core.context.clock.now();
        if let Credentials::OfCloud(_) = credentials
            && let Some(id) = servers::first_of_project(connection, subject.id, &subject.owner).await?
        {
            servers::update(connection, id, body, now).await?;
            return Ok(id);
        }
        servers::insert(connection, &subject.owner, subject.id, body, now).await
    }
}

/// Credentials that the user did not save are only kept for a short time.
fn keeps(request: &CloudBody) -> KeepsSecrets {
    if request.has_secrets() && !request.may_store_secrets() {
        KeepsSecrets::ForAWhile
    } else {
        KeepsSecrets::Always
    }
}

/// Checks that a machine without the user's files can run the stack, and prepares the copy that is sent. Runs off the threads that
/// answer requests, because a large file takes long to compress.
async fn carried(text: String, values: BTreeMap<String, Secret>) -> Result<Carried, DeploymentError> {
    let work = move || {
        let stack = Stack::read(&text);
        refuse_what_stays_behind(&stack)?;
        let values = values.iter().map(|(name, value)| (name.clone(), value.expose().to_owned())).collect();
        let text = filled(&stack, &values).map_err(|missing| DeploymentError::VariablesMissing {
            missing: missing.into_iter().map(missing_variable).collect(),
        })?;
        let filled = Stack::read(&text);
        // Now the values of variables in mounts are known too.
        refuse_what_stays_behind(&filled)?;
        Ok(Carried { docker_compose: compressed(text.as_bytes())?, config_files: config_files(&filled) })
    };
    tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?
}

fn refuse_what_stays_behind(stack: &Stack) -> Result<(), DeploymentError> {
    let refused = what_a_cloud_cannot_carry(stack);
    if refused.is_empty() {
        return Ok(());
    }
    let reasons = refused.into_iter().take(MAX_REASONS).map(|refused| FieldError {
        field: format!("compose:{}:{}", refused.line, refused.column),
        message: format!("{}: {}. {}", refused.path, refused.message, refused.how_to_fix),
    });
    Err(DeploymentError::CloudCannotCarry { reasons: reasons.collect() })
}

fn missing_variable(missing: MissingVariable) -> FieldError {
    let MissingVariable { name, line, column, path, reason } = missing;
    let reason =
        reason.unwrap_or_else(|| "set a value for it, or write a default: `${NAME:-default}`".to_owned());
    FieldError {
        field: format!("compose:{line}:{column}"),
        message: format!("{path} reads `{name}`: {reason}"),
    }
}

fn compressed(text: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), BUFFER_BYTES, QUALITY, WINDOW);
    writer.write_all(text).and_then(|()| writer.flush()).context("compressing a compose file")?;
    Ok(writer.into_inner())
}
