//! Asks a provider with a stored key, read-only: whether the key is valid, and what can be ordered.

use domain::{
    access::{Action, Caller},
    cloud::{KeyCheck, KeyVerdict, Offers, SecretKind},
};
use secrecy::SecretString;

use super::{CloudError, Clouds, allow, secrets::CloudSecrets};
use crate::{connectors::cloud_api::KeyVerdict as Answer, db::clouds};

impl Clouds {
    /// Whether the provider accepts the stored key.
    pub async fn check(&self, caller: &Caller, id: i32) -> Result<KeyCheck, CloudError> {
        allow(caller, Action::Update)?;
        let mut transaction = self.core.pool.begin().await?;
        let cloud = self.own(&mut transaction, caller, id).await?;
        let secrets = CloudSecrets::open(&self.core.keyring, id, cloud.secrets_sealed.as_deref())?;
        if secrets.is_empty() {
            return Err(CloudError::NothingToCheck);
        }
        self.audit(&mut transaction, caller, "cloud.checked", &cloud).await?;
        // The provider is asked without a transaction, because its answer may take seconds.
        transaction.commit().await?;
        let Some(token) = secrets.get(SecretKind::Token) else {
            return Ok(KeyCheck { verdict: KeyVerdict::NotSupported, detail: None });
        };
        let answer = self.core.cloud_api.check(&cloud.provider, &SecretString::from(token)).await;
        let (verdict, detail) = match answer {
            Answer::Valid { account } => (KeyVerdict::Valid, account),
            Answer::Refused => (KeyVerdict::Refused, None),
            Answer::Unreachable(reason) => (KeyVerdict::Unreachable, Some(format!("The provider {reason}"))),
            Answer::NotSupported => (KeyVerdict::NotSupported, None),
        };
        Ok(KeyCheck { verdict, detail })
    }

    /// What the provider of a cloud offers. The caller must be allowed to deploy the project with that cloud.
    pub async fn offers(
        &self,
        caller: &Caller,
        project_id: i32,
        cloud_id: i32,
    ) -> Result<Offers, CloudError> {
        let project = self.deployable(caller, project_id).await?;
        let mut connection = self.core.pool.acquire().await?;
        let cloud =
            clouds::find_to_deploy(&mut connection, cloud_id, project_id, &project.owner, &caller.user_id)
                .await?
                .ok_or(CloudError::NotFound("cloud"))?;
        drop(connection);
        let sealed = cloud.secrets_sealed.as_deref();
        let secrets = CloudSecrets::open(&self.core.keyring, cloud_id, sealed)?;
        let token =
            secrets.get(SecretKind::Token).ok_or(CloudError::NoOffers("no token is stored".to_owned()))?;
        let offers = self.core.cloud_api.offers(&cloud.provider, &SecretString::from(token)).await;
        offers.map_err(|error| CloudError::NoOffers(error.to_string()))
    }
}
