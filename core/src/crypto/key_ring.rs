//! The key ring: seals stored secrets with XChaCha20-Poly1305.
//!
//! A sealed value is `format (1 byte) ‖ key id (4, big endian) ‖ nonce (24) ‖ ciphertext and tag`. The key id allows rotation:
//! values under older keys stay readable. The nonce is random; with 192 bits no counter is needed. Row and column are associated
//! data: a value moved to another row or column does not open.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use secrecy::SecretSlice;
use sha2::{Digest as _, Sha256};

use crate::context::Random;

const FORMAT: u8 = 1;
const KEY_ID_LENGTH: usize = 4;
const NONCE_LENGTH: usize = 24;
const HEADER_LENGTH: usize = 1 + KEY_ID_LENGTH + NONCE_LENGTH;

pub(super) type Key = [u8; 32];

/// Where a sealed value is stored.
#[derive(Clone, Copy, Debug)]
pub struct SealedColumn<'a> {
    pub table: &'static str,
    pub column: &'static str,
    /// The primary key of the row as text.
    pub row: &'a str,
}

impl SealedColumn<'_> {
    /// Names cannot contain the separator, so different places have different texts.
    fn associated_data(&self) -> Vec<u8> {
        format!("{}\0{}\0{}", self.table, self.column, self.row).into_bytes()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("the sealed value is cut off or of an unknown format")]
    Malformed,
    #[error("the sealed value needs key {0}, which the key ring does not hold: put back the one that has it")]
    UnknownKey(u32),
    #[error("the sealed value was changed, or moved from another row or column")]
    Tampered,
    #[error("the value could not be sealed")]
    Unsealable,
}

/// A rotation changes it while the server runs, so all code that seals shares one instance.
pub struct KeyRing {
    held: RwLock<Held>,
}

pub(super) struct Held {
    /// The key that seals new values.
    pub active: u32,
    /// All keys that stored values may still be sealed with, by id.
    pub keys: BTreeMap<u32, Key>,
}

impl KeyRing {
    pub(super) fn new(active: u32, keys: BTreeMap<u32, Key>) -> Self {
        Self { held: RwLock::new(Held { active, keys }) }
    }

    /// A ring with one new key, number 1.
    pub fn generate(random: &dyn Random) -> Self {
        Self::new(1, BTreeMap::from([(1, new_key(random))]))
    }

    /// The id of the key that seals new values.
    pub fn active_key(&self) -> u32 {
        self.held().active
    }

    /// From now on this key seals new values. Returns false, and changes nothing, if the ring does not hold it.
    pub fn set_active(&self, key: u32) -> bool {
        let mut held = self.held_mut();
        let is_held = held.keys.contains_key(&key);
        if is_held {
            held.active = key;
        }
        is_held
    }

    pub fn holds(&self, key: u32) -> bool {
        self.held().keys.contains_key(&key)
    }

    /// Fingerprints by id. They tell whether two rings hold the same key under one number, and reveal nothing else.
    pub fn fingerprints(&self) -> BTreeMap<u32, String> {
        self.held().keys.iter().map(|(id, key)| (*id, fingerprint(key))).collect()
    }

    /// Takes over the keys of a newer reading of the same ring. The active key and those in `kept` are not changed.
    pub fn take_over(&self, newer: &Self, kept: &[u32]) {
        let mut keys = newer.held().keys.clone();
        let mut held = self.held_mut();
        for id in kept.iter().chain([&held.active]) {
            if let Some(key) = held.keys.get(id) {
                keys.insert(*id, *key);
            }
        }
        held.keys = keys;
    }

    /// A copy with one more key, which is not active yet.
    pub fn with_new_key(&self, id: u32, random: &dyn Random) -> Self {
        let held = self.held();
        let mut keys = held.keys.clone();
        keys.entry(id).or_insert_with(|| new_key(random));
        Self::new(held.active, keys)
    }

    /// A copy without one key and with another one active; `None` if the ring does not hold that one.
    pub fn without_key(&self, id: u32, active: u32) -> Option<Self> {
        let mut keys = self.held().keys.clone();
        keys.remove(&id);
        keys.contains_key(&active).then(|| Self::new(active, keys))
    }

    pub fn seal(
        &self,
        random: &dyn Random,
        secret: &[u8],
        place: SealedColumn<'_>,
    ) -> Result<Vec<u8>, OpenError> {
        self.seal_with(self.active_key(), random, secret, place)
    }

    /// Seals with a key that need not be the active one.
    pub fn seal_with(
        &self,
        key: u32,
        random: &dyn Random,
        secret: &[u8],
        place: SealedColumn<'_>,
    ) -> Result<Vec<u8>, OpenError> {
        let mut nonce = [0; NONCE_LENGTH];
        random.fill(&mut nonce);
        let payload = Payload { msg: secret, aad: &place.associated_data() };
        let ciphertext =
            self.cipher(key)?.encrypt(&XNonce::from(nonce), payload).map_err(|_| OpenError::Unsealable)?;
        let mut sealed = Vec::with_capacity(HEADER_LENGTH + ciphertext.len());
        sealed.push(FORMAT);
        sealed.extend_from_slice(&key.to_be_bytes());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        Ok(sealed)
    }

    pub fn open(&self, sealed: &[u8], place: SealedColumn<'_>) -> Result<SecretSlice<u8>, OpenError> {
        let (key, nonce, ciphertext) = split(sealed).ok_or(OpenError::Malformed)?;
        let payload = Payload { msg: ciphertext, aad: &place.associated_data() };
        let secret =
            self.cipher(key)?.decrypt(&XNonce::from(nonce), payload).map_err(|_| OpenError::Tampered)?;
        Ok(SecretSlice::from(secret))
    }

    /// The key that a stored value needs; after a rotation, values under older keys are sealed again.
    pub fn key_of(sealed: &[u8]) -> Option<u32> {
        split(sealed).map(|(key, ..)| key)
    }

    fn cipher(&self, key: u32) -> Result<XChaCha20Poly1305, OpenError> {
        let held = self.held();
        let key = held.keys.get(&key).ok_or(OpenError::UnknownKey(key))?;
        Ok(XChaCha20Poly1305::new(key.into()))
    }

    pub(super) fn held(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn held_mut(&self) -> RwLockWriteGuard<'_, Held> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn new_key(random: &dyn Random) -> Key {
    let mut key = Key::default();
    random.fill(&mut key);
    key
}

/// Cannot be reversed, because the key has 256 random bits.
fn fingerprint(key: &Key) -> String {
    let mut digest = Sha256::new();
    digest.update(b"stacker: fingerprint of a sealing key\0");
    digest.update(key);
    hex::encode(&digest.finalize()[..8])
}

fn split(sealed: &[u8]) -> Option<(u32, [u8; NONCE_LENGTH], &[u8])> {
    let (format, rest) = sealed.split_first()?;
    let (key, rest) = rest.split_first_chunk::<KEY_ID_LENGTH>()?;
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LENGTH>()?;
    (*format == FORMAT).then_some((u32::from_be_bytes(*key), *nonce, ciphertext))
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("KeyRing").field("active", &self.active_key()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::context::SeededRandom;

    const PLACE: SealedColumn<'static> = SealedColumn { table: "cloud", column: "token", row: "1" };

    fn ring() -> KeyRing {
        KeyRing::new(2, BTreeMap::from([(1, [1; 32]), (2, [2; 32])]))
    }

    #[test]
    fn what_is_sealed_opens_again() {
        let sealed = ring().seal(&SeededRandom::new(1), b"s3cret", PLACE).unwrap();
        assert_eq!(KeyRing::key_of(&sealed), Some(2));
        assert_eq!(ring().open(&sealed, PLACE).unwrap().expose_secret(), b"s3cret");
        assert!(!sealed.windows(6).any(|part| part == b"s3cret"));
    }

    #[test]
    fn a_value_of_an_older_key_still_opens() {
        let before = KeyRing::new(1, BTreeMap::from([(1, [1; 32])]));
        let sealed = before.seal(&SeededRandom::new(1), b"s3cret", PLACE).unwrap();
        assert_eq!(ring().open(&sealed, PLACE).unwrap().expose_secret(), b"s3cret");
    }

    #[test]
    fn a_value_moved_to_another_row_or_column_does_not_open() {
        let sealed = ring().seal(&SeededRandom::new(1), b"s3cret", PLACE).unwrap();
        let other_row = SealedColumn { row: "2", ..PLACE };
        let other_column = SealedColumn { column: "key", ..PLACE };
        assert_eq!(ring().open(&sealed, other_row).unwrap_err(), OpenError::Tampered);
        assert_eq!(ring().open(&sealed, other_column).unwrap_err(), OpenError::Tampered);
    }

    #[test]
    fn no_changed_or_shortened_value_opens() {
        let sealed = ring().seal(&SeededRandom::new(1), b"s3cret", PLACE).unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(ring().open(&changed, PLACE).is_err(), "byte {at}");
            assert!(ring().open(&sealed[..at], PLACE).is_err(), "the first {at} bytes");
        }
    }

    #[test]
    fn a_lost_key_is_named() {
        let sealed = ring().seal(&SeededRandom::new(1), b"s3cret", PLACE).unwrap();
        let without = KeyRing::new(1, BTreeMap::from([(1, [1; 32])]));
        assert_eq!(without.open(&sealed, PLACE).unwrap_err(), OpenError::UnknownKey(2));
    }

    #[test]
    fn what_is_taken_over_never_takes_a_key_away_that_is_needed() {
        let ring = ring();
        let sealed = ring.seal(&SeededRandom::new(1), b"s3cret", PLACE).unwrap();
        let newer = KeyRing::new(3, BTreeMap::from([(2, [9; 32]), (3, [3; 32])]));
        ring.take_over(&newer, &[]);
        // The active key stays; the other key that the newer reading lacks is dropped.
        assert_eq!(ring.open(&sealed, PLACE).unwrap().expose_secret(), b"s3cret");
        assert!(!ring.holds(1) && ring.holds(3) && ring.active_key() == 2);
        assert!(ring.set_active(3) && !ring.set_active(4));
        assert_eq!(ring.active_key(), 3);
    }

    #[test]
    fn a_ring_survives_its_text() {
        let more = ring().with_new_key(3, &SeededRandom::new(1));
        let again = KeyRing::parse(secrecy::ExposeSecret::expose_secret(&more.to_text()).as_bytes()).unwrap();
        assert_eq!(again.fingerprints(), more.fingerprints());
        assert_eq!((again.active_key(), again.fingerprints().len()), (2, 3));
        let fewer = again.without_key(2, 3).unwrap();
        assert!(fewer.active_key() == 3 && !fewer.holds(2));
        assert!(again.without_key(2, 2).is_none());
    }

    #[test]
    fn debug_output_shows_no_key() {
        assert_eq!(format!("{:?}", ring()), "KeyRing { active: 2, .. }");
    }
}
