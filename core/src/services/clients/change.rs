//! Changes to an existing API client.

use domain::{
    access::{Action, Caller, Resource},
    api::ApiClient,
};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::PgConnection;

use super::{ClientError, Clients, Whose, allow, sealed_at};
use crate::db::{Transaction, accounts::clients};

/// The length of a secret that existing clients expect.
const SECRET_CHARACTERS: usize = 255;
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789)(*&^%$#@!~";

impl Clients {
    /// Replaces the secret and returns the new one, which is shown only once. The previous secret no longer works.
    pub async fn rotate(&self, caller: &Caller, whose: Whose, id: i32) -> Result<ApiClient, ClientError> {
        let mut transaction = self.core.pool.begin().await?;
        let client = self.find(&mut transaction, caller, whose, id).await?;
        if !client.enabled {
            return Err(ClientError::NotActive);
        }
        self.give_secret(transaction, caller, client, "client.rotated").await
    }

    /// Enables the client with a new secret, which is shown only once.
    pub async fn enable(&self, caller: &Caller, whose: Whose, id: i32) -> Result<ApiClient, ClientError> {
        let mut transaction = self.core.pool.begin().await?;
        let client = self.find(&mut transaction, caller, whose, id).await?;
        if client.enabled {
            return Err(ClientError::AlreadyActive);
        }
        self.give_secret(transaction, caller, client, "client.enabled").await
    }

    /// Disables the client. Requests that it signs are refused until it is enabled again.
    pub async fn disable(&self, caller: &Caller, whose: Whose, id: i32) -> Result<ApiClient, ClientError> {
        let mut transaction = self.core.pool.begin().await?;
        let mut client = self.find(&mut transaction, caller, whose, id).await?;
        if !client.enabled {
            return Err(ClientError::NotActive);
        }
        let now = self.core.context.clock.now();
        clients::set_secret(&mut transaction, id, None, now).await?;
        self.audit(&mut transaction, caller, "client.disabled", &client).await?;
        transaction.commit().await?;
        (client.enabled, client.updated_at) = (false, now);
        Ok(client)
    }

    /// Deletes the client. `confirm_name`: its name, or its id if it has no name, when the user was asked to type it.
    pub async fn delete(
        &self,
        caller: &Caller,
        id: i32,
        confirm_name: Option<&str>,
    ) -> Result<(), ClientError> {
        allow(caller, Resource::Access, Action::Delete)?;
        let mut transaction = self.core.pool.begin().await?;
        let client = clients::find_locked(&mut transaction, id, Some(&caller.user_id))
            .await?
            .ok_or(ClientError::NotFound)?;
        let name = client.name.clone().unwrap_or_else(|| id.to_string());
        self.core.confirm_names.check(&name, confirm_name)?;
        clients::delete(&mut transaction, id).await?;
        self.audit(&mut transaction, caller, "client.deleted", &client).await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn find(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        whose: Whose,
        id: i32,
    ) -> Result<ApiClient, ClientError> {
        let owner = match whose {
            Whose::Own => {
                allow(caller, Resource::Access, Action::Update)?;
                Some(caller.user_id.as_str())
            }
            Whose::Anybody => {
                allow(caller, Resource::AnyAccess, Action::Update)?;
                None
            }
        };
        clients::find_locked(connection, id, owner).await?.ok_or(ClientError::NotFound)
    }

    async fn give_secret(
        &self,
        mut transaction: Transaction,
        caller: &Caller,
        mut client: ApiClient,
        action: &'static str,
    ) -> Result<ApiClient, ClientError> {
        let now = self.core.context.clock.now();
        let secret = self.new_secret();
        let sealed = self.sealed(client.id, &secret)?;
        clients::set_secret(&mut transaction, client.id, Some(&sealed), now).await?;
        self.audit(&mut transaction, caller, action, &client).await?;
        transaction.commit().await?;
        client.secret = Some(secret.expose_secret().to_owned());
        (client.enabled, client.updated_at) = (true, now);
        Ok(client)
    }

    pub(super) fn new_secret(&self) -> SecretString {
        let mut secret = String::with_capacity(SECRET_CHARACTERS);
        let mut bytes = [0; 64];
        while secret.len() < SECRET_CHARACTERS {
            self.core.context.random.fill(&mut bytes);
            // Bytes above the last whole multiple of the alphabet are dropped: they would make some characters more likely.
            let whole = 256 / ALPHABET.len() * ALPHABET.len();
            let fair = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < whole);
            let characters = fair.map(|byte| char::from(ALPHABET[byte % ALPHABET.len()]));
            secret.extend(characters.take(SECRET_CHARACTERS - secret.len()));
        }
        secret.into()
    }

    pub(super) fn sealed(&self, id: i32, secret: &SecretString) -> anyhow::Result<Vec<u8>> {
        let row = id.to_string();
        let random = self.core.context.random.as_ref();
        Ok(self.core.keyring.seal(random, secret.expose_secret().as_bytes(), sealed_at(&row))?)
    }
}
