//! The values that a deployment sends along with its text. A revision keeps those that its text reads, sealed, so that going back
//! brings them back too. They are put into a command only when an agent fetches it: what is stored and shown of a command never
//! contains them.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use domain::{api::Command, cloud::Secret, command::CommandKind, stack::Values};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::PgConnection;

use crate::{
    db::deployments::deployment_revisions::{self, SealedValues},
    services::{core::Core, projects::Vault},
};

/// The values by name. `None`: the project has never had any, and the host keeps what it has.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct RevisionValues(Option<BTreeMap<String, String>>);

impl RevisionValues {
    /// Those values of a project that a text reads.
    pub fn of_project(
        core: &Core,
        project_id: i32,
        values: &Values,
        sealed: Option<&[u8]>,
        read: &BTreeSet<String>,
    ) -> anyhow::Result<Self> {
        let Some(sealed) = sealed else { return Ok(Self(None)) };
        let vault = Vault::open(&core.keyring, project_id, Some(sealed))?;
        let texts = crate::services::projects::texts(values, &vault);
        let needed = texts.filter(|(name, _)| read.contains(name));
        Ok(Self(Some(needed.map(|(name, text)| (name, text.expose().to_owned())).collect())))
    }

    pub async fn of_revision(
        core: &Core,
        connection: &mut PgConnection,
        deployment_id: i32,
        number: i32,
    ) -> anyhow::Result<Self> {
        match deployment_revisions::find_values(connection, deployment_id, number).await? {
            Some(sealed) => Self::open(core, &sealed),
            None => Ok(Self(None)),
        }
    }

    /// The same by the hash of a deployment that the caller has access to.
    pub async fn of_hash(
        core: &Core,
        connection: &mut PgConnection,
        hash: &str,
        number: i32,
    ) -> anyhow::Result<Self> {
        match deployment_revisions::find_values_by_hash(connection, hash, number).await? {
            Some(sealed) => Self::open(core, &sealed),
            None => Ok(Self(None)),
        }
    }

    /// For a message that carries them.
    pub fn secrets(&self) -> BTreeMap<String, Secret> {
        let values = self.0.iter().flatten();
        values.map(|(name, text)| (name.clone(), Secret::new(text.as_str()))).collect()
    }

    fn open(core: &Core, sealed: &SealedValues) -> anyhow::Result<Self> {
        let id = sealed.id.to_string();
        let opened = core
            .keyring
            .open(&sealed.sealed, deployment_revisions::values_place(&id))
            .context("opening the values of a revision")?;
        // The error of the reader could repeat a value.
        serde_json::from_slice(opened.expose_secret())
            .map_err(|_| anyhow::anyhow!("the values of a revision are not as they were sealed"))
    }

    /// For the row of a new revision.
    pub fn seal(&self, core: &Core) -> anyhow::Result<Option<SealedValues>> {
        if self.0.is_none() {
            return Ok(None);
        }
        let id = core.context.random.uuid_v4();
        let text =
            serde_json::to_vec(self).map_err(|_| anyhow::anyhow!("writing the values of a revision"))?;
        let key = id.to_string();
        let place = deployment_revisions::values_place(&key);
        let sealed =
            core.keyring.seal(core.context.random.as_ref(), &text, place).context("sealing values")?;
        Ok(Some(SealedValues { id, sealed }))
    }
}

/// Puts the values of its revision into a command that is about to be delivered.
pub async fn put_into(
    core: &Core,
    connection: &mut PgConnection,
    command: &mut Command,
    revision: Option<i32>,
) -> anyhow::Result<()> {
    let reads = matches!(command.r#type.kind(), Some(CommandKind::PlanStack | CommandKind::DeployStack));
    let Some(number) = revision.filter(|_| reads) else { return Ok(()) };
    let values = RevisionValues::of_hash(core, connection, &command.deployment_hash, number).await?;
    if let (RevisionValues(Some(values)), Value::Object(parameters)) = (values, &mut command.parameters) {
        let values = values.into_iter().map(|(name, text)| (name, Value::from(text)));
        parameters.insert("variables".to_owned(), Value::Object(values.collect()));
    }
    Ok(())
}
