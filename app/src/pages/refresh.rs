//! Lists that change by themselves: looked at again now and then, while somebody looks at the page.

use std::{future::Future, time::Duration};

use leptos::{prelude::*, task::spawn_local};

use crate::rpc::RpcError;

const PAUSE: Duration = Duration::from_secs(15);

/// Replaces the list by what `load` says, every 15 s while the tab is in front.
pub(super) fn keep_fresh<T, F>(list: RwSignal<T>, load: fn() -> F)
where
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, RpcError>> + 'static,
{
    Effect::new(move || {
        let look = move || {
            if document().hidden() {
                return;
            }
            spawn_local(async move {
                // A server that is away for a moment: what was loaded stays, with its age.
                if let Ok(now) = load().await {
                    list.try_set(now);
                }
            });
        };
        if let Ok(timer) = set_interval_with_handle(look, PAUSE) {
            on_cleanup(move || timer.clear());
        }
    });
}
