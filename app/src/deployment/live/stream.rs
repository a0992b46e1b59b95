//! The server's event stream of a deployment. After an interruption of any length it continues with the next event.

use std::time::Duration;

use domain::api::DeploymentEvent;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    #[default]
    Connecting,
    Open,
    /// The connection has failed this many times in a row.
    Broken(u32),
}

/// The event names that the server uses; `message` means an event without a name.
const NAMES: [&str; 7] = ["message", "command", "progress", "deployment", "revision", "services", "agent"];

/// How long to wait after this many failures: a restarting server is back within seconds.
fn pause(failures: u32) -> Duration {
    Duration::from_secs(match failures {
        0 | 1 => 1,
        2 => 2,
        3 => 4,
        4 => 8,
        _ => 15,
    })
}

/// A connection. Browser objects are neither `Send` nor `Sync`.
struct Open {
    source: EventSource,
    _on_open: Closure<dyn FnMut()>,
    _on_error: Closure<dyn FnMut()>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.source.close();
    }
}

#[derive(Clone, Copy)]
struct Follower {
    hash: StoredValue<String>,
    /// The newest event received.
    after: StoredValue<i64>,
    connection: RwSignal<Connection>,
    on_event: Callback<DeploymentEvent>,
    open: StoredValue<Option<Open>, LocalStorage>,
    waiting: StoredValue<Option<TimeoutHandle>>,
}

/// Passes every event after `after` to `on_event` until the owner is disposed. Does nothing on the server.
pub fn follow(hash: String, after: i64, on_event: Callback<DeploymentEvent>) -> Signal<Connection> {
    let connection = RwSignal::new(Connection::Connecting);
    // Values that are bound to one thread are created inside the effect, which never runs on the server: there a page may
    // be created on one thread and disposed on another.
    Effect::new(move || {
        let follower = Follower {
            hash: StoredValue::new(hash.clone()),
            after: StoredValue::new(after),
            connection,
            on_event,
            open: StoredValue::new_local(None),
            waiting: StoredValue::new(None),
        };
        follower.connect();
        on_cleanup(move || follower.stop());
    });
    connection.into()
}

impl Follower {
    fn connect(self) {
        let (Some(hash), Some(after)) = (self.hash.try_get_value(), self.after.try_get_value()) else {
            return;
        };
        let Ok(source) = EventSource::new(&format!("/deployments/{hash}/events?after={after}")) else {
            return;
        };
        let on_open = Closure::new(move || {
            self.connection.try_set(Connection::Open);
        });
        let on_error = Closure::new(move || self.failed());
        let on_message = Closure::new(move |message: MessageEvent| self.received(&message));
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        for name in NAMES {
            drop(source.add_event_listener_with_callback(name, on_message.as_ref().unchecked_ref()));
        }
        let open = Open { source, _on_open: on_open, _on_error: on_error, _on_message: on_message };
        self.open.try_set_value(Some(open));
    }

    fn received(self, message: &MessageEvent) {
        // Events that this page does not know come from a newer server and are ignored.
        let event =
            message.data().as_string().and_then(|text| serde_json::from_str::<DeploymentEvent>(&text).ok());
        let Some(event) = event else { return };
        self.after.try_update_value(|after| *after = event.id.max(*after));
        self.on_event.try_run(event);
    }

    /// Browsers reconnect after some failures but not after others, so this code always reconnects, continuing after the newest
    /// event.
    fn failed(self) {
        let Some(connection) = self.connection.try_get_untracked() else { return };
        let failures = match connection {
            Connection::Broken(failures) => failures + 1,
            _ => 1,
        };
        self.connection.try_set(Connection::Broken(failures));
        if let Some(Some(open)) =
            self.open.try_update_value(|open| open.as_ref().map(|open| open.source.clone()))
        {
            open.close();
        }
        let waiting = set_timeout_with_handle(move || self.connect(), pause(failures)).ok();
        self.waiting.try_set_value(waiting);
    }

    fn stop(self) {
        if let Some(Some(waiting)) = self.waiting.try_get_value() {
            waiting.clear();
        }
        self.open.try_set_value(None);
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use super::{Connection, follow, pause};

    #[test]
    fn a_page_may_be_created_on_one_thread_and_disposed_on_another() {
        let owner = Owner::new();
        let connection = owner.with(|| follow("deployment_x".to_owned(), 0, Callback::new(|_| ())));
        assert_eq!(owner.with(|| connection.get_untracked()), Connection::Connecting);
        std::thread::spawn(move || owner.cleanup()).join().expect("nothing is bound to the first thread");
    }

    #[test]
    fn it_waits_longer_each_time_but_never_long() {
        let seconds: Vec<_> = (1..=6).map(|failures| pause(failures).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 15, 15]);
    }
}
