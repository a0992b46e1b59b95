//! The key ring: seals what is stored secret, with XChaCha20-Poly1305.
//!
//! A sealed value is `format (1 byte) ‖ key id (4, big endian) ‖ nonce (24) ‖ ciphertext and tag`. The key id lets keys be
//! rotated while values under older keys stay readable; the nonce is random, which 192 bits allow without counting.
//! Row and column are associated data: a value moved to another row or column does not open.

use std::{collections::BTreeMap, fmt, path::Path};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use secrecy::SecretSlice;

use super::key_ring_file::{self, KeyRingFileError};
use crate::services::Random;

const FORMAT: u8 = 1;
const KEY_ID_LENGTH: usize = 4;
const NONCE_LENGTH: usize = 24;
const HEADER_LENGTH: usize = 1 + KEY_ID_LENGTH + NONCE_LENGTH;

pub(super) type Key = [u8; 32];

/// Where a sealed value is kept.
#[derive(Clone, Copy, Debug)]
pub struct SealedColumn<'a> {
    pub table: &'static str,
    pub column: &'static str,
    /// The primary key of the row, as text.
    pub row: &'a str,
}

impl SealedColumn<'_> {
    /// Names cannot hold the separator, so no two places are written the same way.
    fn associated_data(&self) -> Vec<u8> {
        format!("{}\0{}\0{}", self.table, self.column, self.row).into_bytes()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("the sealed value is cut off or of an unknown format")]
    Malformed,
    #[error(
        "the sealed value needs key {0}, which the key ring file does not hold: put back the file that has it"
    )]
    UnknownKey(u32),
    #[error("the sealed value was changed, or moved from another row or column")]
    Tampered,
    #[error("the value could not be sealed")]
    Unsealable,
}

pub struct KeyRing {
    /// Seals everything new.
    active: u32,
    /// Every key that a stored value may still be sealed with, by id.
    keys: BTreeMap<u32, Key>,
}

impl KeyRing {
    pub(super) fn new(active: u32, keys: BTreeMap<u32, Key>) -> Self {
        Self { active, keys }
    }

    /// Reads the file, or makes it (0600) with one key when there is none. Servers that share the folder agree on one file.
    pub fn open_or_create(path: &Path, random: &dyn Random) -> Result<Self, KeyRingFileError> {
        key_ring_file::open_or_create(path, random)
    }

    /// The id of the key that seals what is new.
    pub fn active_key(&self) -> u32 {
        self.active
    }

    pub fn seal(
        &self,
        random: &dyn Random,
        secret: &[u8],
        place: SealedColumn<'_>,
    ) -> Result<Vec<u8>, OpenError> {
        let mut nonce = [0; NONCE_LENGTH];
        random.fill(&mut nonce);
        let payload = Payload { msg: secret, aad: &place.associated_data() };
        let ciphertext = self
            .cipher(self.active)?
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| OpenError::Unsealable)?;
        let mut sealed = Vec::with_capacity(HEADER_LENGTH + ciphertext.len());
        sealed.push(FORMAT);
        sealed.extend_from_slice(&self.active.to_be_bytes());
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

    /// Which key a stored value needs: after a rotation, those of older keys are sealed anew.
    pub fn key_of(sealed: &[u8]) -> Option<u32> {
        split(sealed).map(|(key, ..)| key)
    }

    fn cipher(&self, key: u32) -> Result<XChaCha20Poly1305, OpenError> {
        let key = self.keys.get(&key).ok_or(OpenError::UnknownKey(key))?;
        Ok(XChaCha20Poly1305::new(key.into()))
    }
}

fn split(sealed: &[u8]) -> Option<(u32, [u8; NONCE_LENGTH], &[u8])> {
    let (format, rest) = sealed.split_first()?;
    let (key, rest) = rest.split_first_chunk::<KEY_ID_LENGTH>()?;
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE_LENGTH>()?;
    (*format == FORMAT).then_some((u32::from_be_bytes(*key), *nonce, ciphertext))
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("KeyRing").field("active", &self.active).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::services::SeededRandom;

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
    fn debug_output_shows_no_key() {
        assert_eq!(format!("{:?}", ring()), "KeyRing { active: 2, .. }");
    }
}
