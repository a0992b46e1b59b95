//! Reloading a list that changes on the server while the user looks at it.

use std::{future::Future, time::Duration};

use leptos::{prelude::*, task::spawn_local};

use super::RpcError;

const PAUSE: Duration = Duration::from_secs(15);

/// Replaces the list by the result of `load` every 15 s while the tab is visible.
pub(crate) fn keep_fresh<T, F>(list: RwSignal<T>, load: fn() -> F)
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
                // While the server cannot be reached, the list stays unchanged and shows its age.
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
