//! The server's event stream of a deployment. After an interruption of any length it continues with the next event.

use domain::api::DeploymentEvent;
use leptos::prelude::*;

pub use crate::event_source::Connection;
use crate::event_source::listen;

/// The event names that the server uses; `message` means an event without a name.
const NAMES: &[&str] =
    &["message", "command", "progress", "deployment", "revision", "install", "services", "agent"];

/// Passes every event after `after` to `on_event` until the owner is disposed. Does nothing on the server.
pub fn follow(hash: String, after: i64, on_event: Callback<DeploymentEvent>) -> Signal<Connection> {
    // The newest event received.
    let newest = StoredValue::new(after);
    let address = Callback::new(move |()| {
        let after = newest.try_get_value().unwrap_or(after);
        format!("/deployments/{hash}/events?after={after}")
    });
    let on_data = Callback::new(move |data: String| {
        // Events that this page does not know come from a newer server and are ignored.
        let Ok(event) = serde_json::from_str::<DeploymentEvent>(&data) else { return };
        newest.try_update_value(|newest| *newest = event.id.max(*newest));
        on_event.try_run(event);
    });
    listen(address, NAMES, on_data)
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use super::{Connection, follow};

    #[test]
    fn a_page_may_be_created_on_one_thread_and_disposed_on_another() {
        let owner = Owner::new();
        let connection = owner.with(|| follow("deployment_x".to_owned(), 0, Callback::new(|_| ())));
        assert_eq!(owner.with(|| connection.get_untracked()), Connection::Connecting);
        std::thread::spawn(move || owner.cleanup()).join().expect("nothing is bound to the first thread");
    }
}
