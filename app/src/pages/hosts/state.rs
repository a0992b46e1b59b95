//! What the parts of the hosts page share.

use domain::api::{Enrolment, Host};
use leptos::prelude::*;

/// Longest host name that the use case accepts; input fields stop there.
pub(super) const MAX_NAME_CHARACTERS: u16 = 100;

#[derive(Clone, Copy)]
pub(super) struct HostsState {
    pub hosts: RwSignal<Vec<Host>>,
    /// The code that was just issued, until its dialog is closed.
    pub joining: RwSignal<Option<Joining>>,
}

/// A join code and the name of the host it was issued for.
#[derive(Clone, Debug, PartialEq)]
pub struct Joining {
    pub name: String,
    pub enrolment: Enrolment,
}

impl HostsState {
    pub fn new(hosts: Vec<Host>) -> Self {
        Self { hosts: RwSignal::new(hosts), joining: RwSignal::new(None) }
    }
}
