//! The agent against a fake server, without a container engine: polling, journal and token.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set itself up fails")]

mod joining;
mod journal;
mod leaving;
mod left_behind;
mod polling;
mod stand_in;
mod without_compose;
