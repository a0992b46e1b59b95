//! Pages and clients that wait for news of one topic: a deployment, a project, or the hosts of an account.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::watch;

#[derive(Debug, Default)]
pub(super) struct Subscriptions {
    /// By topic: a deployment hash, or what a function `topic_of_…` in the parent module returns; an entry is removed with its last subscription.
    topics: Arc<Topics>,
}

type Topics = Mutex<HashMap<Arc<str>, watch::Sender<()>>>;

/// Dropping it ends the subscription.
#[derive(Debug)]
pub struct Subscription {
    topic: Arc<str>,
    news: watch::Receiver<()>,
    topics: Arc<Topics>,
}

impl Subscriptions {
    pub fn subscribe(&self, topic: &str) -> Subscription {
        let mut topics = lock(&self.topics);
        let topic: Arc<str> = topic.into();
        let sender = topics.entry(topic.clone()).or_insert_with(|| watch::Sender::new(()));
        Subscription { topic, news: sender.subscribe(), topics: self.topics.clone() }
    }

    pub fn news_of(&self, topic: &str) {
        if let Some(sender) = lock(&self.topics).get(topic) {
            sender.send_replace(());
        }
    }

    /// Reports news to all subscriptions, because notifications may have been missed.
    pub fn news_of_all(&self) {
        for sender in lock(&self.topics).values() {
            sender.send_replace(());
        }
    }
}

impl Subscription {
    /// Returns when there was news since the subscription began or since the last return. To miss nothing: subscribe, read, then
    /// wait. The caller reads the news from the database; there may be none.
    pub async fn changed(&mut self) {
        // The map holds the sender as long as this subscription exists.
        if self.news.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut topics = lock(&self.topics);
        // The count still includes this subscription.
        if topics.get(&self.topic).is_some_and(|sender| sender.receiver_count() <= 1) {
            topics.remove(&self.topic);
        }
    }
}

fn lock(topics: &Topics) -> std::sync::MutexGuard<'_, HashMap<Arc<str>, watch::Sender<()>>> {
    topics.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use futures_like::is_ready;

    use super::*;

    /// Polls a future once, without another dependency.
    mod futures_like {
        use std::{
            pin::pin,
            task::{Context, Waker},
        };

        pub fn is_ready(future: impl Future) -> bool {
            pin!(future).poll(&mut Context::from_waker(Waker::noop())).is_ready()
        }
    }

    #[test]
    fn news_before_the_wait_is_not_missed() {
        let subscriptions = Subscriptions::default();
        let mut one = subscriptions.subscribe("h");
        assert!(!is_ready(one.changed()));
        subscriptions.news_of("h");
        subscriptions.news_of("other");
        assert!(is_ready(one.changed()));
        assert!(!is_ready(one.changed()), "heard already");
    }

    #[test]
    fn nothing_is_left_of_those_who_went() {
        let subscriptions = Subscriptions::default();
        let (one, other) = (subscriptions.subscribe("h"), subscriptions.subscribe("h"));
        drop(one);
        assert_eq!(lock(&subscriptions.topics).len(), 1);
        drop(other);
        assert!(lock(&subscriptions.topics).is_empty());
    }
}
