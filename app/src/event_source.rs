//! A stream of server-sent events that reconnects by itself, after an interruption of any length.

use std::time::Duration;

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
struct Listener {
    address: Callback<(), String>,
    names: &'static [&'static str],
    connection: RwSignal<Connection>,
    on_data: Callback<String>,
    open: StoredValue<Option<Open>, LocalStorage>,
    waiting: StoredValue<Option<TimeoutHandle>>,
}

/// Passes the data of every event with one of these names to `on_data` until the owner is disposed. `address` is asked before each
/// connection. Does nothing on the server.
pub fn listen(
    address: Callback<(), String>,
    names: &'static [&'static str],
    on_data: Callback<String>,
) -> Signal<Connection> {
    let connection = RwSignal::new(Connection::Connecting);
    // Values that are bound to one thread are created inside the effect, which never runs on the server: there a page may
    // be created on one thread and disposed on another.
    Effect::new(move || {
        let listener = Listener {
            address,
            names,
            connection,
            on_data,
            open: StoredValue::new_local(None),
            waiting: StoredValue::new(None),
        };
        listener.connect();
        on_cleanup(move || listener.stop());
    });
    connection.into()
}

impl Listener {
    fn connect(self) {
        let Some(address) = self.address.try_run(()) else { return };
        let Ok(source) = EventSource::new(&address) else { return };
        let on_open = Closure::new(move || {
            self.connection.try_set(Connection::Open);
        });
        let on_error = Closure::new(move || self.failed());
        let on_message = Closure::new(move |message: MessageEvent| {
            if let Some(data) = message.data().as_string() {
                self.on_data.try_run(data);
            }
        });
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        for name in self.names {
            drop(source.add_event_listener_with_callback(name, on_message.as_ref().unchecked_ref()));
        }
        let open = Open { source, _on_open: on_open, _on_error: on_error, _on_message: on_message };
        self.open.try_set_value(Some(open));
    }

    /// Browsers reconnect after some failures but not after others, so this code always reconnects.
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
    use super::pause;

    #[test]
    fn it_waits_longer_each_time_but_never_long() {
        let seconds: Vec<_> = (1..=6).map(|failures| pause(failures).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 15, 15]);
    }
}
