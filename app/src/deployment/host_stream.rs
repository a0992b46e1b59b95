//! The hosts of an account, as they are now and after each change on the server.

use domain::api::Host;
use leptos::prelude::*;

use crate::event_source::listen;

const NAMES: &[&str] = &["hosts"];

/// Keeps `hosts` up to date until the owner is disposed: the user's own, or those that a project can be deployed to. Among the
/// user's own are provisional ones, which a page still adds. Does nothing on the server.
pub fn follow_hosts(hosts: RwSignal<Vec<Host>>, project: Option<i32>) {
    let address = Callback::new(move |()| match project {
        Some(project) => format!("/hosts/events?project={project}"),
        None => "/hosts/events".to_owned(),
    });
    let on_data = Callback::new(move |data: String| {
        if let Ok(now) = serde_json::from_str::<Vec<Host>>(&data) {
            hosts.try_set(now);
        }
    });
    listen(address, NAMES, on_data);
}
