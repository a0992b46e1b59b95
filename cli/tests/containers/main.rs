//! The agent on real containers: `scripts/with-test-podman.sh cargo test -p cli --test containers -- --ignored`
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set itself up fails")]

mod commands;
mod deploying;
mod interrupted;
mod planning;
mod stack;
#[path = "../agent/stand_in.rs"]
mod stand_in;
