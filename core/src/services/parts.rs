//! What [`Services`](super::Services) are built from. All fields are named, so none is forgotten: a server or a test that
//! has no vault says `vault: None`.

use std::sync::Arc;

use sqlx::PgPool;

use super::sealing_keys::KeyRefresh;
use crate::{
    config::Settings,
    connectors::{oauth::IdentityProvider, vault::SecretStore},
    context::Context,
    crypto::KeyRing,
};

#[derive(Debug)]
pub struct ServiceParts<'a> {
    pub pool: PgPool,
    pub settings: &'a Settings,
    /// Seals secrets at rest; see [`super::open_key_ring`].
    pub keyring: Arc<KeyRing>,
    pub context: Context,
    /// Where tokens of legacy agents are copied to. `None`: they cannot be rotated.
    pub vault: Option<Arc<dyn SecretStore>>,
    /// Where people sign in. `None`: by one-time link, or with `auth_url`.
    pub provider: Option<Arc<dyn IdentityProvider>>,
    /// Reads the key ring again while the server runs. `None`: the ring stays as it is, as on the console.
    pub key_refresh: Option<KeyRefresh>,
}
