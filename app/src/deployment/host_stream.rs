//! The hosts of an account, as they are now and after each change on the server.

use domain::api::{CloudMachine, Host, HostLists};
use leptos::prelude::*;

use crate::event_source::listen;

const NAMES: &[&str] = &["hosts"];

/// Keeps the hosts up to date until the owner is disposed: the user's own, or those that a project can be deployed to. Among the
/// user's own are provisional ones, which a page still adds. Does nothing on the server.
pub fn follow_hosts(hosts: RwSignal<Vec<Host>>, project: Option<i32>) {
    follow(project, Callback::new(move |lists: HostLists| drop(hosts.try_set(lists.hosts))));
}

/// Like [`follow_hosts`], for the user's own hosts together with their machines in clouds.
pub fn follow_hosts_and_machines(hosts: RwSignal<Vec<Host>>, machines: RwSignal<Vec<CloudMachine>>) {
    let on_lists = move |lists: HostLists| {
        hosts.try_set(lists.hosts);
        machines.try_set(lists.machines);
    };
    follow(None, Callback::new(on_lists));
}

fn follow(project: Option<i32>, on_lists: Callback<HostLists>) {
    let address = Callback::new(move |()| match project {
        Some(project) => format!("/hosts/events?project={project}"),
        None => "/hosts/events".to_owned(),
    });
    let on_data = Callback::new(move |data: String| {
        if let Ok(now) = serde_json::from_str(&data) {
            on_lists.run(now);
        }
    });
    listen(address, NAMES, on_data);
}
