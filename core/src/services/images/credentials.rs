//! Credentials for registries: kept sealed, shown masked, opened for the registry that they belong to.

use std::{collections::BTreeMap, fmt};

use anyhow::{Context as _, anyhow};
use domain::{
    access::{Action, Caller},
    api::{FieldError, RegistryItem, SaveRegistry},
    cloud::{is_mask_of, mask},
    compose::ImageReference,
    install::RegistryCredentials,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use sqlx::PgConnection;

use super::{ImageError, Images, allow};
use crate::{
    connectors::registry::{Credential, registry_named, registry_of},
    db::{
        audit_log::{self, AuditEntry},
        registry_credentials::{self, StoredRegistry},
    },
    services::{
        core::Core,
        page::{Listed, Page},
    },
};

/// The most credentials of one account.
const MAX_REGISTRIES: i64 = 200;
const MAX_USERNAME: usize = 255;
/// Tokens that are JWTs are long.
const MAX_PASSWORD_BYTES: usize = 8_192;

impl Images {
    /// The caller's credentials, in the order in which they were added. Passwords are masked.
    pub async fn list_credentials(
        &self,
        caller: &Caller,
        page: Page,
    ) -> Result<Listed<RegistryItem>, ImageError> {
        allow(caller, Action::Read)?;
        let rows =
            registry_credentials::list(&self.core.pool, &caller.user_id, page.after, page.rows()).await?;
        Ok(Listed::of(page, rows, |stored| stored.id).map(RegistryItem::from))
    }

    pub async fn create_credential(
        &self,
        caller: &Caller,
        body: SaveRegistry,
    ) -> Result<RegistryItem, ImageError> {
        allow(caller, Action::Create)?;
        let Checked { server, username, password } = checked(&body)?;
        let password = password.ok_or_else(|| ImageError::about("password", "is required"))?;
        let mut transaction = self.core.pool.begin().await?;
        registry_credentials::lock_owner(&mut transaction, &caller.user_id).await?;
        if registry_credentials::count(&mut transaction, &caller.user_id).await? >= MAX_REGISTRIES {
            return Err(ImageError::TooMany { limit: MAX_REGISTRIES });
        }
        let now = self.core.context.clock.now();
        let id = registry_credentials::next_id(&mut transaction).await?;
        let stored = StoredRegistry {
            id,
            user_id: caller.user_id.clone(),
            project_id: body.project_id,
            server,
            username,
            password_sealed: self.seal(id, password)?,
            mask: mask(password),
            created_at: now,
            updated_at: now,
        };
        self.store(&mut transaction, caller, "registry.created", &stored).await?;
        transaction.commit().await?;
        Ok(stored.into())
    }

    /// Replaces credentials. A password that is absent or masked stays; it is not kept for another registry, which would receive it.
    pub async fn update_credential(
        &self,
        caller: &Caller,
        id: i32,
        body: SaveRegistry,
    ) -> Result<RegistryItem, ImageError> {
        allow(caller, Action::Update)?;
        let Checked { server, username, password } = checked(&body)?;
        let mut transaction = self.core.pool.begin().await?;
        let mut stored = self.own(&mut transaction, caller, id).await?;
        let known = open(&self.core, &stored)?;
        match password.filter(|sent| !is_mask_of(sent, known.expose_secret())) {
            Some(password) => {
                stored.password_sealed = self.seal(id, password)?;
                stored.mask = mask(password);
            }
            None if stored.server != server => {
                return Err(ImageError::about(
                    "password",
                    "is required, because the registry is another one",
                ));
            }
            None => {}
        }
        stored.server = server;
        stored.username = username;
        stored.project_id = body.project_id;
        stored.updated_at = self.core.context.clock.now();
        self.store(&mut transaction, caller, "registry.updated", &stored).await?;
        transaction.commit().await?;
        Ok(stored.into())
    }

    pub async fn delete_credential(&self, caller: &Caller, id: i32) -> Result<(), ImageError> {
        allow(caller, Action::Delete)?;
        let mut transaction = self.core.pool.begin().await?;
        let stored = self.own(&mut transaction, caller, id).await?;
        registry_credentials::delete(&mut transaction, id).await?;
        self.audit(&mut transaction, caller, "registry.deleted", &stored).await?;
        Ok(transaction.commit().await?)
    }

    async fn own(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        id: i32,
    ) -> Result<StoredRegistry, ImageError> {
        let found = registry_credentials::find_locked(connection, id, &caller.user_id).await?;
        found.ok_or(ImageError::NotFound("registry"))
    }

    async fn store(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        action: &'static str,
        stored: &StoredRegistry,
    ) -> Result<(), ImageError> {
        if let Some(project) = stored.project_id
            && !registry_credentials::keep_project(connection, project, &caller.user_id).await?
        {
            return Err(ImageError::about("project_id", "must be the id of one of your own projects"));
        }
        let written = registry_credentials::write(connection, stored).await?;
        written.map_err(|_| ImageError::AlreadyThere)?;
        Ok(self.audit(connection, caller, action, stored).await?)
    }

    fn seal(&self, id: i32, password: &str) -> anyhow::Result<Vec<u8>> {
        let id = id.to_string();
        let random = self.core.context.random.as_ref();
        let place = registry_credentials::place(&id);
        self.core.keyring.seal(random, password.as_bytes(), place).context("sealing a password")
    }

    async fn audit(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        action: &'static str,
        stored: &StoredRegistry,
    ) -> anyhow::Result<()> {
        let entry = AuditEntry {
            owner_id: Some(&stored.user_id),
            details: json!({"registry_id": stored.id, "server": stored.server, "username": stored.username,
                "project_id": stored.project_id}),
            ..self.core.context.audited_by(caller, action)
        };
        audit_log::record(connection, entry).await
    }
}

struct Checked<'b> {
    server: String,
    username: String,
    password: Option<&'b str>,
}

/// Every wrong value is named at once.
fn checked(body: &SaveRegistry) -> Result<Checked<'_>, ImageError> {
    let mut errors = Vec::new();
    let mut wrong = |field: &str, message: String| {
        errors.push(FieldError { field: field.to_owned(), message });
    };
    let server = registry_named(&body.server).ok().filter(|server| server.len() <= 255);
    if server.is_none() {
        wrong("server", "must be the host of a registry, such as `ghcr.io`".to_owned());
    }
    let username = body.username.trim();
    let length = username.chars().count();
    // The colon ends the name in HTTP's basic authentication.
    if length == 0 || length > MAX_USERNAME || username.contains(|c: char| c.is_control() || c == ':') {
        wrong("username", format!("must be 1 to {MAX_USERNAME} characters without a colon"));
    }
    let password = body.password.as_ref().map(|password| password.expose());
    if password.is_some_and(|text| {
        text.is_empty() || text.len() > MAX_PASSWORD_BYTES || text.contains(char::is_control)
    }) {
        wrong("password", format!("must be 1 to {MAX_PASSWORD_BYTES} bytes on one line"));
    }
    match server {
        Some(server) if errors.is_empty() => Ok(Checked { server, username: username.to_owned(), password }),
        _ => Err(ImageError::Invalid { errors }),
    }
}

fn open(core: &Core, stored: &StoredRegistry) -> anyhow::Result<SecretString> {
    let id = stored.id.to_string();
    let opened = core
        .keyring
        .open(&stored.password_sealed, registry_credentials::place(&id))
        .with_context(|| format!("opening the password of registry {id}"))?;
    let text = std::str::from_utf8(opened.expose_secret())
        .map_err(|_| anyhow!("the password of registry {id} is not as it was sealed"))?;
    Ok(SecretString::from(text))
}

/// Credentials by registry.
#[derive(Default)]
pub struct OpenedCredentials(BTreeMap<String, Credential>);

impl OpenedCredentials {
    /// Those that a user keeps for all projects.
    pub async fn of_account(core: &Core, user_id: &str) -> anyhow::Result<Self> {
        let stored = registry_credentials::of_project(&core.pool, user_id, None).await?;
        Self::open(core, stored)
    }

    /// Those for the images of a project, when `user_id` asks. What the owner keeps for all projects is not used for other
    /// members: they could name any image of the owner, and send the password to a machine of their own.
    pub async fn of_project(
        core: &Core,
        owner: &str,
        project_id: i32,
        user_id: &str,
    ) -> anyhow::Result<Self> {
        let mut stored = registry_credentials::of_project(&core.pool, owner, Some(project_id)).await?;
        if user_id != owner {
            stored.retain(|stored| stored.project_id.is_some());
        }
        Self::open(core, stored)
    }

    fn open(core: &Core, stored: Vec<StoredRegistry>) -> anyhow::Result<Self> {
        let opened = stored.into_iter().map(|stored| {
            let password = open(core, &stored)?;
            Ok((stored.server, Credential { username: stored.username, password }))
        });
        opened.collect::<anyhow::Result<_>>().map(Self)
    }

    /// Only those of the registry that the image is in.
    pub fn for_image(&self, image: &ImageReference) -> Option<&Credential> {
        self.0.get(&registry_of(image).ok()?)
    }

    /// What an install message carries for an image.
    pub fn to_send(&self, image: &ImageReference) -> Option<RegistryCredentials> {
        let server = registry_of(image).ok()?;
        let Credential { username, password } = self.0.get(&server)?;
        Some(RegistryCredentials {
            username: username.clone(),
            password: domain::cloud::Secret::new(password.expose_secret()),
            server,
        })
    }
}

impl fmt::Debug for OpenedCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}
