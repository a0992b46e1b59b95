//! Adds and changes clouds.

use domain::{
    access::{Action, Caller},
    cloud::{CloudBody, CloudItem, provider_name},
};

use super::{CloudError, Clouds, allow, secrets::CloudSecrets, shown};
use crate::db::clouds::{self, StoredCloud};

/// The most clouds of one account.
const MAX_CLOUDS: i64 = 200;

impl Clouds {
    /// Adds a cloud. Its secrets are stored, sealed, only with `save_token: true`; otherwise every deployment has to bring them.
    pub async fn create(&self, caller: &Caller, body: &CloudBody) -> Result<CloudItem, CloudError> {
        allow(caller, Action::Create)?;
        let mut transaction = self.core.pool.begin().await?;
        clouds::lock_owner(&mut transaction, &caller.user_id).await?;
        if clouds::count(&mut transaction, &caller.user_id).await? >= MAX_CLOUDS {
            return Err(CloudError::TooMany { limit: MAX_CLOUDS });
        }
        let cloud = self.insert(&mut transaction, &caller.user_id, body).await?;
        self.audit(&mut transaction, caller, "cloud.created", &cloud).await?;
        transaction.commit().await?;
        Ok(shown(cloud))
    }

    /// Stores a new cloud of this owner, in the transaction of a use case.
    pub(in crate::services) async fn insert(
        &self,
        connection: &mut sqlx::PgConnection,
        owner: &str,
        body: &CloudBody,
    ) -> anyhow::Result<StoredCloud> {
        let now = self.core.context.clock.now();
        let id = clouds::next_id(connection).await?;
        let save_token = body.may_store_secrets();
        let secrets = if save_token { CloudSecrets::of_body(body) } else { CloudSecrets::default() };
        let name = body.name.as_deref().unwrap_or_else(|| provider_name(&body.provider));
        let cloud = StoredCloud {
            id,
            user_id: owner.to_owned(),
            name: name.to_owned(),
            provider: body.provider.clone(),
            save_token,
            secrets_sealed: secrets.seal(&self.core.keyring, &self.core.context, id)?,
            masks: secrets.masks(),
            created_at: now,
            updated_at: now,
            shared_with: Vec::new(),
            deployments: 0,
        };
        clouds::write(connection, &cloud).await?;
        Ok(cloud)
    }

    /// Replaces a cloud. A secret that is absent or masked stays as it is; `save_token: false` deletes all of them.
    pub async fn update(&self, caller: &Caller, id: i32, body: &CloudBody) -> Result<CloudItem, CloudError> {
        allow(caller, Action::Update)?;
        let mut transaction = self.core.pool.begin().await?;
        let mut cloud = self.own(&mut transaction, caller, id).await?;
        cloud.save_token = body.save_token.unwrap_or(cloud.save_token);
        let mut secrets = CloudSecrets::open(&self.core.keyring, id, cloud.secrets_sealed.as_deref())?;
        secrets.change(body);
        if !cloud.save_token {
            secrets = CloudSecrets::default();
        }
        cloud.secrets_sealed = secrets.seal(&self.core.keyring, &self.core.context, id)?;
        cloud.masks = secrets.masks();
        cloud.provider.clone_from(&body.provider);
        if let Some(name) = &body.name {
            cloud.name.clone_from(name);
        }
        cloud.updated_at = self.core.context.clock.now();
        clouds::write(&mut transaction, &cloud).await?;
        self.audit(&mut transaction, caller, "cloud.updated", &cloud).await?;
        transaction.commit().await?;
        Ok(shown(cloud))
    }
}
