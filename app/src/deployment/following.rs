//! Keeps a [`Live`] as the server has it.

use leptos::{prelude::*, task::spawn_local};

use super::{
    live::Live,
    stream::{Connection, follow},
};
use crate::{components::use_now, rpc::deployments::load_deployment};

pub fn follow_live(live: RwSignal<Live>) -> Signal<Connection> {
    let now = use_now();
    let (hash, after) =
        live.with_untracked(|live| (live.detail.summary.deployment_hash.clone(), live.detail.last_event_id));
    let to_load = hash.clone();
    let must_reload = Memo::new(move |_| live.with(|live| live.must_reload));
    Effect::new(move || {
        if !must_reload.get() {
            return;
        }
        let hash = to_load.clone();
        spawn_local(async move {
            // A server that is away: the next event that needs it asks again.
            if let Ok(detail) = load_deployment(hash).await {
                live.try_update(|live| live.reloaded(detail));
            }
        });
    });
    follow(
        hash,
        after,
        Callback::new(move |event| {
            let Some(now) = now.get_untracked() else { return };
            live.update(|live| live.take(event, now));
        }),
    )
}
