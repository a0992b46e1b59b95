//! What the parts of the hosts page share.

use domain::api::{CloudMachine, Host, HostLists};
use leptos::prelude::*;

use crate::deployment::Joining;

#[derive(Clone, Copy)]
pub(super) struct HostsState {
    pub hosts: RwSignal<Vec<Host>>,
    pub machines: RwSignal<Vec<CloudMachine>>,
    /// The code that was just issued, until its dialog is closed.
    pub joining: RwSignal<Option<Joining>>,
}

impl HostsState {
    pub fn new(lists: HostLists) -> Self {
        let HostLists { hosts, machines } = lists;
        Self { hosts: RwSignal::new(hosts), machines: RwSignal::new(machines), joining: RwSignal::new(None) }
    }
}
