//! Keeps a [`Live`] up to date with the server.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};

use super::{
    state::Live,
    stream::{Connection, follow},
};
use crate::{components::use_now, rpc::deployments::load_deployment};

/// Pause after a failed reload: a restarting server is back by then.
const RETRY: Duration = Duration::from_secs(2);

pub fn follow_live(live: RwSignal<Live>) -> Signal<Connection> {
    let now = use_now();
    let (hash, after) =
        live.with_untracked(|live| (live.detail.summary.deployment_hash.clone(), live.detail.last_event_id));
    let to_load = hash.clone();
    let failures = RwSignal::new(0_u32);
    // Depends on the newest event too: a reload that is older than that event has to be repeated.
    let wanted = Memo::new(move |_| {
        let (must, event) = live.with(|live| (live.must_reload, live.detail.last_event_id));
        must.then(|| (event, failures.get()))
    });
    Effect::new(move || {
        if wanted.get().is_none() {
            return;
        }
        let hash = to_load.clone();
        spawn_local(async move {
            match load_deployment(hash).await {
                Ok(detail) => drop(live.try_update(|live| live.reloaded(detail))),
                Err(_) => {
                    let again = move || {
                        failures.try_update(|failures| *failures += 1);
                    };
                    set_timeout(again, RETRY);
                }
            }
        });
    });
    follow(
        hash,
        after,
        Callback::new(move |event| {
            let Some(now) = now.try_get_untracked().flatten() else { return };
            live.try_update(|live| live.take(event, now));
        }),
    )
}
