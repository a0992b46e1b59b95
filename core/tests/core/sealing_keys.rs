//! The keys of stored secrets: rotation while servers write, interrupted rotations, and starts with a missing key.

mod missing_keys;
mod places;
mod rotation;
mod server;
