//! What the parts of the clouds page share.

use domain::cloud::CloudItem;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Toasts, Tone, use_toasts},
    rpc::clouds::{CloudLists, list_clouds},
};

/// What the dialog of a cloud is open for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Editing {
    New,
    Change(Box<CloudItem>),
}

#[derive(Clone, Copy)]
pub(super) struct CloudsState {
    pub lists: RwSignal<CloudLists>,
    pub editing: RwSignal<Option<Editing>>,
    /// The cloud whose projects are chosen.
    pub sharing: RwSignal<Option<CloudItem>>,
    pub toasts: Toasts,
}

impl CloudsState {
    pub fn new(lists: CloudLists) -> Self {
        Self {
            lists: RwSignal::new(lists),
            editing: RwSignal::new(None),
            sharing: RwSignal::new(None),
            toasts: use_toasts(),
        }
    }

    pub fn add(self) {
        self.editing.set(Some(Editing::New));
    }

    /// Loads the lists again after a change.
    pub fn reload(self) {
        spawn_local(async move {
            match list_clouds().await {
                Ok(now) => drop(self.lists.try_set(now)),
                Err(error) => self.toasts.show(Tone::Error, error.to_string()),
            }
        });
    }
}
