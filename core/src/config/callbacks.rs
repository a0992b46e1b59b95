//! `callbacks`: reports to addresses that users chose.

use std::time::Duration;

use super::{
    fields::{Fields, Key},
    networks::Networks,
    values::positive,
};

const ALLOWED: Key =
    Key::new("callbacks.allowed_networks", "addresses and networks, such as 127.0.0.1, 10.0.0.0/8");
const TIMEOUT: Key = Key::new("callbacks.timeout_secs", "a number of seconds, 1 to 60");
const MAX: Key = Key::new("callbacks.max_subscriptions", "a number, 1 or more");
const LONGEST: u64 = 60;

#[derive(Clone, Debug)]
pub struct CallbackSettings {
    /// Networks that are called although they are private, loopback or otherwise not public.
    pub allowed_networks: Networks,
    /// For one attempt, with the answer.
    pub timeout: Duration,
    /// Per account.
    pub max_subscriptions: u32,
}

impl CallbackSettings {
    pub(super) fn read(fields: &mut Fields) -> Self {
        fields.ignore_empty_section("callbacks");
        let seconds = |text: &str| positive::<u64>(text).filter(|seconds| *seconds <= LONGEST);
        Self {
            allowed_networks: fields.read(ALLOWED, Networks::parse).unwrap_or_default(),
            timeout: Duration::from_secs(fields.read(TIMEOUT, seconds).unwrap_or(10)),
            max_subscriptions: fields.read(MAX, positive).unwrap_or(20),
        }
    }
}
