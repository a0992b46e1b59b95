use domain::api::AgentStatus;
use leptos::prelude::*;

use super::Live;
use crate::components::age_of;

/// When the agent of a deployment was last seen; empty while it is online, because an online agent polls all the time.
pub fn agent_age(live: RwSignal<Live>) -> Signal<String> {
    let seen = age_of(move || live.with(|live| live.detail.summary.last_seen_at));
    Signal::derive(move || {
        let (status, last) =
            live.with(|live| (live.detail.summary.agent_status, live.detail.summary.last_seen_at));
        match (status, last) {
            (AgentStatus::Offline, None) => "not connected yet".to_owned(),
            (AgentStatus::Offline, Some(_)) => format!("last seen {}", seen.get()),
            _ => String::new(),
        }
    })
}
