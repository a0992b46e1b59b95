//! What the parts of the callbacks page share.

use domain::callback::CallbackSubscription;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Toasts, Tone, use_toasts},
    rpc::{RpcError, callbacks::list_callbacks},
};

/// A secret that is shown once, and the host that it is for.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct NewSecret {
    pub host: String,
    pub secret: String,
}

/// What the dialog asks for.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Asking {
    New,
    Change(Box<CallbackSubscription>),
}

#[derive(Clone, Copy)]
pub(super) struct CallbacksState {
    pub callbacks: RwSignal<Vec<CallbackSubscription>>,
    pub asking: RwSignal<Option<Asking>>,
    pub new_secret: RwSignal<Option<NewSecret>>,
    /// The callback whose log is open.
    pub reading: RwSignal<Option<CallbackSubscription>>,
    pub toasts: Toasts,
}

impl CallbacksState {
    pub fn new(callbacks: Vec<CallbackSubscription>) -> Self {
        Self {
            callbacks: RwSignal::new(callbacks),
            asking: RwSignal::new(None),
            new_secret: RwSignal::new(None),
            reading: RwSignal::new(None),
            toasts: use_toasts(),
        }
    }

    /// Shows the secret that a change made, if it made one, and loads the list again.
    pub fn changed(self, changed: Result<CallbackSubscription, RpcError>) {
        match changed {
            Ok(callback) => {
                let host = callback.name();
                if let Some(secret) = callback.secret {
                    let secret = secret.expose().to_owned();
                    self.new_secret.try_set(Some(NewSecret { host, secret }));
                }
                self.reload();
            }
            Err(error) => self.toasts.show(Tone::Error, error.to_string()),
        }
    }

    /// Loads the list again after a change.
    pub fn reload(self) {
        spawn_local(async move {
            match list_callbacks().await {
                Ok(now) => drop(self.callbacks.try_set(now)),
                Err(error) => self.toasts.show(Tone::Error, error.to_string()),
            }
        });
    }
}
