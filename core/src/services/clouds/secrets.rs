//! The secrets of a cloud: one sealed JSON object per row, and a mask of each secret beside it, so that lists open nothing.

use std::{collections::BTreeMap, fmt};

use anyhow::{Context as _, anyhow};
use domain::cloud::{CloudBody, Secret, SecretChange, SecretKind, mask};
use secrecy::ExposeSecret as _;

use crate::{
    context::Context,
    crypto::KeyRing,
    db::clouds::{self, Masks},
};

/// The secrets of one cloud.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CloudSecrets(BTreeMap<String, String>);

impl fmt::Debug for CloudSecrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("CloudSecrets").field("count", &self.0.len()).finish_non_exhaustive()
    }
}

impl CloudSecrets {
    /// What a request brings.
    pub fn of_body(body: &CloudBody) -> Self {
        let mut secrets = Self::default();
        secrets.change(body);
        secrets
    }

    pub fn open(keyring: &KeyRing, cloud_id: i32, sealed: Option<&[u8]>) -> anyhow::Result<Self> {
        let Some(sealed) = sealed else { return Ok(Self::default()) };
        let id = cloud_id.to_string();
        let opened = keyring
            .open(sealed, clouds::place(&id))
            .with_context(|| format!("opening the secrets of cloud {id}"))?;
        // The error of the reader could repeat a secret.
        let read = serde_json::from_slice(opened.expose_secret());
        read.map(Self).map_err(|_| anyhow!("the secrets of cloud {id} are not as they were sealed"))
    }

    /// `None`: there is nothing to seal.
    pub fn seal(
        &self,
        keyring: &KeyRing,
        context: &Context,
        cloud_id: i32,
    ) -> anyhow::Result<Option<Vec<u8>>> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let text = serde_json::to_vec(&self.0).map_err(|_| anyhow!("writing the secrets of a cloud"))?;
        let id = cloud_id.to_string();
        let sealed = keyring.seal(context.random.as_ref(), &text, clouds::place(&id));
        sealed.context("sealing the secrets of a cloud").map(Some)
    }

    /// Applies what a request says about each secret: see [`SecretChange`].
    pub fn change(&mut self, body: &CloudBody) {
        for kind in SecretKind::ALL {
            match SecretChange::of(body.secret(kind), self.get(kind)) {
                SecretChange::Keep => {}
                SecretChange::Remove => {
                    self.0.remove(kind.key());
                }
                SecretChange::Replace(secret) => {
                    self.0.insert(kind.key().to_owned(), secret.expose().to_owned());
                }
            }
        }
    }

    pub fn get(&self, kind: SecretKind) -> Option<&str> {
        self.0.get(kind.key()).map(String::as_str)
    }

    pub fn secret(&self, kind: SecretKind) -> Option<Secret> {
        self.get(kind).map(Secret::new)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn masks(&self) -> Masks {
        self.0.iter().map(|(key, secret)| (key.clone(), mask(secret))).collect()
    }
}
