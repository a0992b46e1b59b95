//! The agent against a stand-in server, without any container engine: the loop, the journal, the token.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set itself up fails")]
#![allow(clippy::allow_attributes, reason = "this line itself")]
#![allow(dead_code, reason = "the stand-in serves two test programs")]

mod joining;
mod journal;
mod polling;
mod stand_in;
