//! Checks that every sealed value opens.

use std::collections::BTreeSet;

use anyhow::Context as _;

use super::{SealingKeyError, check};
use crate::{
    crypto::KeyRing,
    db::{
        Pool,
        sealing::{
            sealed_columns::{self, SEALED_COLUMNS},
            sealing_keys,
        },
    },
};

const AT_ONCE: i64 = 500;
/// The most examples; more would not help.
const NAMED: usize = 20;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unopened {
    /// For instance `client.secret of 7`.
    pub place: String,
    pub reason: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    pub opened: u64,
    /// How many values are sealed with a forgotten key.
    pub given_up: u64,
    /// How many values do not open although they should.
    pub failed: u64,
    /// Some of the values that do not open although they should.
    pub unopened: Vec<Unopened>,
}

/// Opens every sealed value once.
pub async fn open_everything(pool: &Pool, keyring: &KeyRing) -> Result<Verified, SealingKeyError> {
    let mut connection = pool.acquire().await.context("connecting")?;
    let known = sealing_keys::list(&mut connection).await?;
    let used = sealed_columns::usage(&mut connection).await?;
    drop(connection);
    check(keyring, &known, &used)?;
    let given_up: BTreeSet<u32> =
        known.iter().filter(|key| key.forgotten_at.is_some()).map(|key| key.id).collect();
    let mut verified = Verified::default();
    for stored in SEALED_COLUMNS {
        let mut after: Option<String> = None;
        loop {
            let rows = sealed_columns::next(pool, stored, after.as_deref(), None, AT_ONCE).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.row.clone());
            for row in rows {
                match keyring.open(&row.sealed, stored.place(&row.row)) {
                    Ok(_) => verified.opened += 1,
                    Err(_) if KeyRing::key_of(&row.sealed).is_some_and(|key| given_up.contains(&key)) => {
                        verified.given_up += 1;
                    }
                    Err(error) => {
                        verified.failed += 1;
                        if verified.unopened.len() < NAMED {
                            let place = format!("{} of {}", stored.name(), row.row);
                            verified.unopened.push(Unopened { place, reason: error.to_string() });
                        }
                    }
                }
            }
        }
    }
    Ok(verified)
}
