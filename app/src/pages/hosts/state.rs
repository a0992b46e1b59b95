//! What the parts of the hosts page share.

use domain::api::Host;
use leptos::prelude::*;

use crate::deployment::Joining;

#[derive(Clone, Copy)]
pub(super) struct HostsState {
    pub hosts: RwSignal<Vec<Host>>,
    /// The code that was just issued, until its dialog is closed.
    pub joining: RwSignal<Option<Joining>>,
}

impl HostsState {
    pub fn new(hosts: Vec<Host>) -> Self {
        Self { hosts: RwSignal::new(hosts), joining: RwSignal::new(None) }
    }
}
