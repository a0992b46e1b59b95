//! How many event streams each account has open on this server, and how long one lasts.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// The most open streams of one kind and account on one server. A page holds one.
const MAX_STREAMS: usize = 20;
/// A stream ends after this time. The page then connects again, with the rights that its user has by then.
pub const LONGEST: Duration = Duration::from_secs(3600);
/// Seconds until a client with too many event streams can try again.
pub const RETRY_STREAM_AFTER: u32 = 30;

/// How many streams each account has open on this server.
#[derive(Clone, Debug, Default)]
pub struct OpenStreams {
    by_user: Arc<Mutex<HashMap<String, usize>>>,
}

/// One open stream of an account; released when dropped.
#[derive(Debug)]
pub struct Slot {
    user_id: String,
    streams: OpenStreams,
}

impl OpenStreams {
    /// `None`: the account has as many as it may.
    pub fn take(&self, user_id: &str) -> Option<Slot> {
        let mut by_user = self.by_user.lock().unwrap_or_else(PoisonError::into_inner);
        let open = by_user.entry(user_id.to_owned()).or_default();
        if *open >= MAX_STREAMS {
            return None;
        }
        *open += 1;
        Some(Slot { user_id: user_id.to_owned(), streams: self.clone() })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut by_user = self.streams.by_user.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = by_user.get_mut(&self.user_id) {
            *open -= 1;
            if *open == 0 {
                by_user.remove(&self.user_id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_so_many_streams_and_gets_back_what_it_closed() {
        let streams = OpenStreams::default();
        let mut held: Vec<_> = (0..MAX_STREAMS).map(|_| streams.take("ada").unwrap()).collect();
        assert!(streams.take("ada").is_none());
        assert!(streams.take("bob").is_some());
        held.pop();
        assert!(streams.take("ada").is_some());
        drop(held);
        assert!(streams.by_user.lock().unwrap().is_empty());
    }
}
