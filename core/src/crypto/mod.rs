//! Secrets: sealing ([`KeyRing`]), hashing, and comparison in constant time.

mod key_ring;
pub(crate) mod key_ring_file;
mod key_ring_text;
mod secrets;

pub use key_ring::{KeyRing, OpenError, SealedColumn};
pub use key_ring_file::KeyRingFileError;
pub use key_ring_text::KeyRingTextError;
pub use secrets::{TokenHash, random_secret, same_secret, token_hash};
