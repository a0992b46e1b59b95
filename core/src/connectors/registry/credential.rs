//! The user name and password of a registry, and what stands for them where they must not be kept.

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

#[derive(Clone, Debug)]
pub struct Credential {
    pub username: String,
    /// A password or an access token.
    pub password: SecretString,
}

/// SHA-256 of a credential, to tell answers apart that were given to different people.
pub(super) type CredentialHash = [u8; 32];

impl Credential {
    pub(super) fn hash(&self) -> CredentialHash {
        let mut hash = Sha256::new();
        // The length keeps `ab` + `c` apart from `a` + `bc`.
        hash.update(self.username.len().to_be_bytes());
        hash.update(self.username.as_bytes());
        hash.update(self.password.expose_secret().as_bytes());
        hash.finalize().into()
    }
}
