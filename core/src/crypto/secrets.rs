//! Random secrets that we issue, and the hashes that we store for them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::context::Random;

/// SHA-256 of a secret that is too random to be guessed. The database stores only this hash.
pub type TokenHash = [u8; 32];

/// 256 random bits in 43 URL-safe characters, after the prefix.
pub fn random_secret(random: &dyn Random, prefix: &str) -> SecretString {
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    SecretString::from(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)))
}

pub fn token_hash(secret: &str) -> TokenHash {
    Sha256::digest(secret.as_bytes()).into()
}

/// Compares in constant time.
pub fn same_secret(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::context::SeededRandom;

    #[test]
    fn a_secret_is_long_url_safe_and_never_twice_the_same() {
        let random = SeededRandom::new(3);
        let (one, other) = (random_secret(&random, "stk_"), random_secret(&random, "stk_"));
        assert_eq!(one.expose_secret().len(), "stk_".len() + 43);
        assert!(
            one.expose_secret().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        );
        assert_ne!(one.expose_secret(), other.expose_secret());
        assert!(!format!("{one:?}").contains("stk_"));
    }

    #[test]
    fn the_hash_is_plain_sha_256() {
        assert_eq!(
            hex::encode(token_hash("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn secrets_are_compared_whole() {
        assert!(same_secret(b"abc", b"abc"));
        assert!(!same_secret(b"abc", b"abd"));
        assert!(!same_secret(b"abc", b"abcd"));
    }
}
