//! The secret of a subscription: made here, sealed in its row, shown once.

use anyhow::{Context as _, anyhow};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use crate::{
    connectors::callback::SigningSecrets,
    context::Context,
    crypto::{KeyRing, SealedColumn},
    db::callbacks::{previous_secret_place, secret_place},
};

/// Tells people and secret scanners what they found.
const PREFIX: &str = "whsec_";

pub(super) fn new_secret(context: &Context) -> SecretString {
    let mut bytes = [0; 32];
    context.random.fill(&mut bytes);
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes)).into()
}

pub(super) fn sealed(
    keyring: &KeyRing,
    context: &Context,
    id: Uuid,
    secret: &SecretString,
) -> anyhow::Result<Vec<u8>> {
    seal(keyring, context, secret, secret_place(&id.to_string()))
}

/// The same secret, sealed as the one before the last rotation.
pub(super) fn sealed_as_previous(
    keyring: &KeyRing,
    context: &Context,
    id: Uuid,
    current_sealed: &[u8],
) -> anyhow::Result<Vec<u8>> {
    let row = id.to_string();
    let secret = open(keyring, current_sealed, secret_place(&row))?;
    seal(keyring, context, &secret, previous_secret_place(&row))
}

/// The sealed secrets of a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct SubscriptionSecrets<'a> {
    pub id: Uuid,
    pub current: Option<&'a [u8]>,
    pub previous: Option<&'a [u8]>,
    pub previous_until: Option<DateTime<Utc>>,
}

impl SubscriptionSecrets<'_> {
    /// The secrets that sign at this time.
    pub(super) fn open(self, keyring: &KeyRing, now: DateTime<Utc>) -> anyhow::Result<SigningSecrets> {
        let row = self.id.to_string();
        let current = self.current.context("the callback has no secret")?;
        let current = open(keyring, current, secret_place(&row))?;
        let is_valid = self.previous_until.is_some_and(|until| until > now);
        Ok(match self.previous.filter(|_| is_valid) {
            Some(previous) => {
                SigningSecrets::rotated(current, open(keyring, previous, previous_secret_place(&row))?)
            }
            None => SigningSecrets::new(current),
        })
    }
}

fn seal(
    keyring: &KeyRing,
    context: &Context,
    secret: &SecretString,
    place: SealedColumn<'_>,
) -> anyhow::Result<Vec<u8>> {
    let secret = secret.expose_secret().as_bytes();
    keyring.seal(context.random.as_ref(), secret, place).context("sealing the secret of a callback")
}

fn open(keyring: &KeyRing, sealed: &[u8], place: SealedColumn<'_>) -> anyhow::Result<SecretString> {
    let opened = keyring.open(sealed, place).context("opening the secret of a callback")?;
    let text = String::from_utf8(opened.expose_secret().to_vec());
    text.map(SecretString::from).map_err(|_| anyhow!("the secret of a callback is not text"))
}
