//! The agent against a stand-in server, without any container engine: the loop, the journal, the token.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set itself up fails")]

mod joining;
mod journal;
mod left_behind;
mod polling;
mod stand_in;
