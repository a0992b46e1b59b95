//! Waiting agents by channel, and what is known about each channel.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::Notify;

/// An agent has one poll, and briefly two after it reconnected. The oldest poll beyond this number is dismissed, because no agent
/// waits for it any more.
const MAX_WAITERS: usize = 4;

#[derive(Debug, Default)]
pub(super) struct Channels {
    map: Arc<Map>,
}

type Map = Mutex<Entries>;

#[derive(Debug, Default)]
struct Entries {
    /// Only channels with a waiting agent or known work have an entry.
    by_name: HashMap<Arc<str>, Entry>,
    /// Counts notifications and waiters, so that each has its own number.
    last_number: u64,
}

#[derive(Debug, Default)]
struct Entry {
    known: Known,
    /// The newest is last.
    waiters: VecDeque<Place>,
}

#[derive(Debug)]
struct Place {
    number: u64,
    wake: Arc<Wake>,
}

#[derive(Debug, Default)]
struct Wake {
    notify: Notify,
    sent_home: AtomicBool,
}

/// What notifications have told about a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// There may be a command to claim. The number is that of the last notification about it, as in the next two.
    pub work: Option<u64>,
    /// Leases have expired.
    pub overdue: Option<u64>,
    /// The agent itself has changed while it waited.
    pub agent_changed: Option<u64>,
}

impl Known {
    pub fn is_idle(self) -> bool {
        self == Self::default()
    }
}

/// A waiting poll. Dropping it ends the wait.
#[derive(Debug)]
pub struct Waiter {
    map: Arc<Map>,
    channel: Arc<str>,
    number: u64,
    wake: Arc<Wake>,
}

impl Channels {
    pub fn register(&self, channel: &str) -> Waiter {
        let mut entries = lock(&self.map);
        let number = entries.next_number();
        let (channel, entry) = entries.entry(channel);
        let wake = Arc::new(Wake::default());
        entry.waiters.push_back(Place { number, wake: wake.clone() });
        if entry.waiters.len() > MAX_WAITERS
            && let Some(oldest) = entry.waiters.pop_front()
        {
            oldest.wake.sent_home.store(true, Ordering::Release);
            oldest.wake.notify.notify_one();
        }
        Waiter { map: self.map.clone(), channel, number, wake }
    }

    pub fn work_on(&self, channel: &str) {
        let mut entries = lock(&self.map);
        let number = entries.next_number();
        let (_, entry) = entries.entry(channel);
        entry.known.work = Some(number);
        entry.wake_one();
    }

    pub fn overdue_on(&self, channel: &str) {
        let mut entries = lock(&self.map);
        let number = entries.next_number();
        let (_, entry) = entries.entry(channel);
        entry.known.overdue = Some(number);
        entry.wake_one();
    }

    /// Only for waiting agents: others are authenticated again when they poll.
    pub fn agent_changed(&self, channel: &str) {
        let mut entries = lock(&self.map);
        let number = entries.next_number();
        if let Some(entry) = entries.by_name.get_mut(channel).filter(|entry| !entry.waiters.is_empty()) {
            entry.known.agent_changed = Some(number);
            entry.wake_one();
        }
    }

    pub fn waiting(&self) -> usize {
        lock(&self.map).by_name.values().map(|entry| entry.waiters.len()).sum()
    }
}

impl Entries {
    fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    fn entry(&mut self, channel: &str) -> (Arc<str>, &mut Entry) {
        let name =
            self.by_name.get_key_value(channel).map_or_else(|| channel.into(), |(name, _)| name.clone());
        let entry = self.by_name.entry(name.clone()).or_default();
        (name, entry)
    }

    fn forget_if_idle(&mut self, channel: &str) {
        if self.by_name.get(channel).is_some_and(|entry| entry.waiters.is_empty() && entry.known.is_idle()) {
            self.by_name.remove(channel);
        }
    }
}

impl Entry {
    /// Wakes the newest waiter: if an agent reconnected, its older connection is the broken one.
    fn wake_one(&self) {
        if let Some(place) = self.waiters.back() {
            place.wake.notify.notify_one();
        }
    }
}

impl Waiter {
    pub fn channel(&self) -> &str {
        &self.channel
    }

    /// The current knowledge. Read before each claim, and passed to [`Self::settle`] after it.
    pub fn known(&self) -> Known {
        lock(&self.map).by_name.get(&self.channel).map(|entry| entry.known).unwrap_or_default()
    }

    /// The claim made after `known` found nothing more, so this knowledge is cleared, unless there was another notification
    /// meanwhile.
    pub fn settle(&self, known: Known) {
        let mut entries = lock(&self.map);
        if let Some(entry) = entries.by_name.get_mut(&self.channel) {
            if entry.known.work == known.work {
                entry.known.work = None;
            }
            if entry.known.overdue == known.overdue {
                entry.known.overdue = None;
            }
            if entry.known.agent_changed == known.agent_changed {
                entry.known.agent_changed = None;
            }
        }
    }

    /// Returns when there may be news, or when this waiter is dismissed.
    pub async fn woken(&self) {
        self.wake.notify.notified().await;
    }

    /// Whether this waiter was dismissed because newer ones of the same channel exceed the limit.
    pub fn is_sent_home(&self) -> bool {
        self.wake.sent_home.load(Ordering::Acquire)
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        let mut entries = lock(&self.map);
        if let Some(entry) = entries.by_name.get_mut(&self.channel) {
            entry.waiters.retain(|place| place.number != self.number);
            if entry.waiters.is_empty() {
                entry.known.agent_changed = None;
            }
            // This waiter may have been woken and dropped before it claimed anything.
            if !entry.known.is_idle() {
                entry.wake_one();
            }
        }
        entries.forget_if_idle(&self.channel);
    }
}

fn lock(map: &Map) -> MutexGuard<'_, Entries> {
    map.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        task::{Context, Waker},
    };

    use super::*;

    fn is_woken(waiter: &Waiter) -> bool {
        pin!(waiter.woken()).poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    #[test]
    fn one_notification_wakes_one_waiter_of_its_channel() {
        let channels = Channels::default();
        let (old, new, other) = (channels.register("a"), channels.register("a"), channels.register("b"));
        channels.work_on("a");
        assert!(is_woken(&new));
        assert!(!is_woken(&old) && !is_woken(&other));
        assert!(new.known().work.is_some());
        assert!(other.known().is_idle());
    }

    #[test]
    fn who_was_woken_and_left_passes_it_on() {
        let channels = Channels::default();
        let (old, new) = (channels.register("a"), channels.register("a"));
        channels.work_on("a");
        drop(new);
        assert!(is_woken(&old));
    }

    #[test]
    fn work_that_came_before_the_waiter_is_known_to_it() {
        let channels = Channels::default();
        channels.work_on("a");
        assert!(channels.register("a").known().work.is_some());
    }

    #[test]
    fn a_claim_that_found_nothing_does_not_hide_what_came_meanwhile() {
        let channels = Channels::default();
        let waiter = channels.register("a");
        channels.work_on("a");
        let before = waiter.known();
        channels.work_on("a");
        waiter.settle(before);
        assert!(waiter.known().work.is_some());
        waiter.settle(waiter.known());
        assert!(waiter.known().is_idle());
    }

    #[test]
    fn the_oldest_of_too_many_is_sent_home() {
        let channels = Channels::default();
        let waiters: Vec<_> = (0..=MAX_WAITERS).map(|_| channels.register("a")).collect();
        assert!(waiters[0].is_sent_home() && is_woken(&waiters[0]));
        assert!(!waiters[1].is_sent_home());
        assert_eq!(channels.waiting(), MAX_WAITERS);
    }

    #[test]
    fn nothing_is_left_of_channels_that_nobody_waits_on() {
        let channels = Channels::default();
        drop(channels.register("a"));
        assert!(lock(&channels.map).by_name.is_empty());
    }
}
