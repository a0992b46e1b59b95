//! What the parts of the people page share.

use domain::{
    access::ProjectRole,
    api::{Invitation, Sharing},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Toasts, Tone, use_toasts},
    rpc::{RpcError, sharing::load_sharing},
};

#[derive(Clone, Copy)]
pub(super) struct Team {
    pub sharing: RwSignal<Sharing>,
    /// An invitation that was just created, with its code.
    pub invited: RwSignal<Option<Invitation>>,
    pub toasts: Toasts,
}

impl Team {
    pub fn new(sharing: Sharing) -> Self {
        Self { sharing: RwSignal::new(sharing), invited: RwSignal::new(None), toasts: use_toasts() }
    }

    pub fn project(self) -> i32 {
        self.sharing.with_untracked(|sharing| sharing.project_id)
    }

    pub fn is_owner(self) -> bool {
        self.sharing.with(|sharing| sharing.role == ProjectRole::Owner)
    }

    /// Reports the error of a change, if there is one. Loads the list again in both cases, because a change may have been
    /// rejected only because the list was out of date.
    pub fn after(self, result: Result<(), RpcError>) {
        if let Err(error) = result {
            self.toasts.show(Tone::Error, error.to_string());
        }
        spawn_local(async move {
            match load_sharing(self.project()).await {
                Ok(now) => drop(self.sharing.try_set(now)),
                Err(error) => self.toasts.show(Tone::Error, error.to_string()),
            }
        });
    }
}
