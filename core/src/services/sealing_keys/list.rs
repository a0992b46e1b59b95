//! Lists the sealing keys for operators: numbers and fingerprints, never the keys themselves.

use std::collections::BTreeSet;

use anyhow::Context as _;
use chrono::{DateTime, Utc};

use super::values_by_key;
use crate::{
    crypto::KeyRing,
    db::{
        Pool,
        sealing::{sealed_columns, sealing_keys},
    },
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedKey {
    pub id: u32,
    /// `None`: the key ring does not hold it.
    pub fingerprint: Option<String>,
    pub current_since: Option<DateTime<Utc>>,
    pub forgotten_at: Option<DateTime<Utc>>,
    /// How many values are sealed with it.
    pub values: i64,
}

/// The keys of the ring, of the database, and of all sealed values.
pub async fn list_keys(pool: &Pool, keyring: &KeyRing) -> anyhow::Result<Vec<ListedKey>> {
    let mut connection = pool.acquire().await.context("connecting")?;
    let known = sealing_keys::list(&mut connection).await?;
    let values = values_by_key(&sealed_columns::usage(&mut connection).await?);
    let fingerprints = keyring.fingerprints();
    let ids: BTreeSet<u32> = known
        .iter()
        .map(|key| key.id)
        .chain(values.keys().copied())
        .chain(fingerprints.keys().copied())
        .collect();
    let listed = ids.into_iter().map(|id| {
        let key = known.iter().find(|key| key.id == id);
        ListedKey {
            id,
            fingerprint: fingerprints.get(&id).cloned(),
            current_since: key.and_then(|key| key.current_since),
            forgotten_at: key.and_then(|key| key.forgotten_at),
            values: values.get(&id).copied().unwrap_or_default(),
        }
    });
    Ok(listed.collect())
}
