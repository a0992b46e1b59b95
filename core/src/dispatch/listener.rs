//! The one LISTEN connection, and how it is restored when it breaks.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Hub;
use crate::{
    context::Context,
    db::{Pool, commands, postgres::notifications::Notifications},
};

/// The pause after the first failure; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// After this time without notifications the connection is checked, because a network can drop it silently.
const SILENT_FOR: Duration = Duration::from_secs(60);
/// How far ahead scheduled commands are looked up, and the interval of these lookups.
pub(crate) const LOOK_AHEAD: TimeDelta = TimeDelta::seconds(10);

impl Hub {
    /// Listens until `stop`. After each reconnection, one query finds what happened meanwhile, and only affected agents are
    /// woken.
    pub(crate) async fn listen(&self, pool: &Pool, context: &Context, stop: &CancellationToken) {
        let mut failures = 0;
        loop {
            let heard = tokio::select! {
                () = stop.cancelled() => break,
                heard = self.listen_once(pool, context, &mut failures) => heard,
            };
            self.inner.listening.store(false, std::sync::atomic::Ordering::Release);
            // Perhaps the database was restarted, and the other connections are dead too.
            pool.distrust();
            if let Err(error) = heard {
                tracing::warn!(
                    error = format!("{error:#}"),
                    failures,
                    "the database connection for notifications broke"
                );
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(pause(context, failures)) => {}
            }
            failures = failures.saturating_add(1);
        }
        self.inner.listening.store(false, std::sync::atomic::Ordering::Release);
    }

    /// Returns when the connection breaks.
    async fn listen_once(&self, pool: &Pool, context: &Context, failures: &mut u32) -> anyhow::Result<()> {
        let mut notifications = Notifications::connect(pool).await?;
        // From now on no notification is missed; earlier changes are queried.
        self.forget_all_agents();
        self.forget_tokens();
        self.inner.rules_changed.notify_one();
        self.inner.keys_changed.notify_one();
        self.inner.callbacks_waiting.notify_one();
        self.inner.listening.store(true, std::sync::atomic::Ordering::Release);
        self.look_for_work(pool, context).await?;
        self.inner.subscriptions.news_of_all();
        *failures = 0;
        tracing::debug!("listening for notifications");
        loop {
            match tokio::time::timeout(SILENT_FOR, notifications.next()).await {
                Ok(Ok(Some(notification))) => self.heard(&notification.topic, &notification.payload),
                Ok(Ok(None)) => return Ok(()),
                Ok(Err(error)) => return Err(error),
                Err(_) => notifications.check().await?,
            }
        }
    }

    /// Finds work whose notification was missed: NOTIFY is only a hint. Takes one statement.
    pub(crate) async fn look_for_work(&self, pool: &Pool, context: &Context) -> anyhow::Result<()> {
        let now = context.clock.now();
        let outstanding = commands::outstanding(pool, now, now + LOOK_AHEAD).await?;
        for due in outstanding.queued {
            self.work_at(&due.channel, due.at, now);
        }
        for channel in outstanding.overdue {
            self.overdue_on(&channel);
        }
        Ok(())
    }

    /// Like [`Self::work_on`], but at the given time. Later work is left to a later [`Self::look_for_work`].
    pub(crate) fn work_at(&self, channel: &str, at: DateTime<Utc>, now: DateTime<Utc>) {
        let Ok(ahead) = (at - now).to_std() else { return self.work_on(channel) };
        if ahead.is_zero() {
            return self.work_on(channel);
        }
        if at - now > LOOK_AHEAD {
            return;
        }
        let (hub, channel) = (self.clone(), channel.to_owned());
        tokio::spawn(async move {
            tokio::select! {
                () = hub.stopping().cancelled() => {}
                () = tokio::time::sleep(ahead) => hub.work_on(&channel),
            }
        });
    }

    fn heard(&self, topic: &str, payload: &str) {
        match topic {
            "commands" => self.work_on(payload),
            "deployments" => self.inner.subscriptions.news_of(payload),
            "hosts" => self.inner.subscriptions.news_of(&super::topic_of_hosts(payload)),
            "projects" => self.inner.subscriptions.news_of(&super::topic_of_project(payload)),
            "access_tokens" => self.forget_tokens(),
            "casbin_rules" => self.inner.rules_changed.notify_one(),
            "callbacks" => self.inner.callbacks_waiting.notify_one(),
            "sealing_keys" => self.inner.keys_changed.notify_one(),
            "agents" => match payload.parse::<Uuid>() {
                Ok(id) => self.forget_agent(id),
                Err(_) => self.forget_all_agents(),
            },
            _ => tracing::debug!(topic, "a notification nobody knows"),
        }
    }
}

/// Doubles with each failure, minus a random part of up to one half, so that servers do not reconnect all at once.
fn pause(context: &Context, failures: u32) -> Duration {
    let most = FIRST_PAUSE.saturating_mul(1 << failures.min(10)).min(LONGEST_PAUSE);
    let mut byte = [0];
    context.random.fill(&mut byte);
    most - most.mul_f64(f64::from(byte[0]) / 512.0)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::context::{ManualClock, SeededRandom};

    #[test]
    fn pauses_grow_to_their_limit_and_differ() {
        let context =
            Context { clock: Arc::new(ManualClock::default()), random: Arc::new(SeededRandom::new(1)) };
        for failures in 0..40 {
            let pause = pause(&context, failures);
            assert!(pause >= FIRST_PAUSE / 2 && pause <= LONGEST_PAUSE, "{pause:?}");
        }
        assert!(pause(&context, 30) >= LONGEST_PAUSE / 2);
    }
}
