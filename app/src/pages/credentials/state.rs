//! What the parts of the credentials page share.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Toasts, Tone, use_toasts},
    rpc::credentials::{Credentials, list_credentials},
};

#[derive(Clone, Copy)]
pub(super) struct CredentialsState {
    pub credentials: RwSignal<Credentials>,
    /// A secret that was just issued, until its dialog is closed.
    pub new_secret: RwSignal<Option<NewSecret>>,
    toasts: Toasts,
}

/// A secret that is shown once and cannot be shown again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NewSecret {
    Token { name: String, bearer: String },
    Client { name: String, id: i32, secret: String },
}

impl CredentialsState {
    pub fn new(credentials: Credentials) -> Self {
        Self {
            credentials: RwSignal::new(credentials),
            new_secret: RwSignal::new(None),
            toasts: use_toasts(),
        }
    }

    /// Loads the lists again after a change.
    pub fn reload(self) {
        spawn_local(async move {
            match list_credentials().await {
                Ok(now) => drop(self.credentials.try_set(now)),
                Err(error) => self.toasts.show(Tone::Error, error.to_string()),
            }
        });
    }
}
