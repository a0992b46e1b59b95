//! What the server does without a request. All jobs together run less than two statements per second, and none per waiting agent.
//!
//! To add a job, write a use case for one run, and add a line with the interval to [`Jobs::start`].

use std::{future::Future, time::Duration};

use anyhow::Context as _;
use chrono::TimeDelta;
use tokio::time::MissedTickBehavior;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    db::{
        callbacks::deliveries,
        commands,
        deployments::{deployment_events, install},
    },
    dispatch::LOOK_AHEAD,
    outbox::{drain, retry_now},
    services::{OFFLINE_AFTER, REFRESH_EVERY, Services},
};

/// A page that was offline for longer loads the whole state again.
const EVENTS_KEPT: TimeDelta = TimeDelta::days(7);

/// How long the log of callbacks is kept.
const CALLBACKS_KEPT: TimeDelta = TimeDelta::days(7);

/// The interval for messages that failed before, and for those that the console wrote.
const OUTBOX_EVERY: Duration = Duration::from_secs(10);
const COMMITS_MAY_TAKE: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub struct Jobs {
    services: Services,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Jobs {
    /// Starts all jobs; from now on agents are woken.
    pub fn start(services: Services) -> Self {
        let jobs = Self { services, tasks: TaskTracker::new(), stop: CancellationToken::new() };
        jobs.listen();
        let second = Duration::from_secs(1);
        jobs.every("agents.record_sightings", second, Duration::ZERO, |services| async move {
            services.agents().record_sightings().await
        });
        let look_ahead = LOOK_AHEAD.to_std().unwrap_or(second);
        jobs.every("commands.look_for_work", look_ahead, look_ahead, |services| async move {
            services.commands().look_for_work().await
        });
        // After a downtime of the server itself, agents first get time to reconnect.
        let patience = OFFLINE_AFTER.to_std().unwrap_or(second);
        jobs.every("agents.mark_offline", 15 * second, patience, |services| async move {
            services.agents().mark_offline().await
        });
        jobs.every("commands.give_up_unfetched", 60 * second, Duration::ZERO, |services| async move {
            services.commands().give_up_unfetched().await
        });
        jobs.every("hosts.discard_expired", 60 * second, Duration::ZERO, |services| async move {
            services.hosts().discard_expired().await
        });
        jobs.reload_rest_rules();
        jobs.refresh_keys();
        jobs.drain_outbox();
        jobs.deliver_callbacks();
        jobs.every("history.delete", 3600 * second, 60 * second, |services| async move {
            delete_history(&services).await
        });
        jobs
    }

    fn listen(&self) {
        let (services, stop) = (self.services.clone(), self.stop.clone());
        self.tasks.spawn(async move {
            services.hub().listen(services.pool(), services.context(), &stop).await;
        });
    }

    /// Runs at once on a notification, and periodically in case one was missed.
    fn reload_rest_rules(&self) {
        let Some(interval) = self.services.rest_rules_reload_interval() else { return };
        let (services, stop) = (self.services.clone(), self.stop.clone());
        self.tasks.spawn(async move {
            loop {
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = services.hub().rules_changed() => {}
                    () = tokio::time::sleep(interval) => {}
                }
                if let Err(error) = services.rest_rules().reload_if_changed(services.pool()).await {
                    tracing::error!(error = format!("{error:#}"), "the rules in force stay those of before");
                }
            }
        });
    }

    /// Runs at once on a notification, and often enough for the server to count as running.
    fn refresh_keys(&self) {
        if self.services.key_refresh().is_none() {
            return;
        }
        let (services, stop) = (self.services.clone(), self.stop.clone());
        self.tasks.spawn(async move {
            let Some(refresh) = services.key_refresh() else { return };
            loop {
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = services.hub().keys_changed() => {}
                    () = tokio::time::sleep(REFRESH_EVERY) => {}
                }
                let refreshed = refresh.run(services.pool(), services.keyring(), services.context()).await;
                if let Err(error) = refreshed {
                    tracing::warn!(error = format!("{error:#}"), "the key ring is looked at again later");
                }
            }
            if let Err(error) = refresh.ends(services.pool()).await {
                tracing::debug!(error = format!("{error:#}"), "nobody was told that this server ends");
            }
        });
    }

    /// Runs at once for a message of this server; messages of other servers and failed ones are looked up periodically. Every
    /// destination has a task of its own, so that a slow one delays no other.
    fn drain_outbox(&self) {
        for destination in self.services.destinations() {
            let (services, stop) = (self.services.clone(), self.stop.clone());
            self.tasks.spawn(async move {
                loop {
                    if let Err(error) = drain(services.outbox(), destination.as_ref()).await {
                        let (destination, error) = (destination.name(), format!("{error:#}"));
                        tracing::warn!(destination, error, "the outbox waits");
                    }
                    tokio::select! {
                        () = stop.cancelled() => break,
                        () = destination.returns() => {
                            if let Err(error) = retry_now(services.outbox(), destination.as_ref()).await {
                                let error = format!("{error:#}");
                                tracing::warn!(error, "what waits in the outbox waits longer");
                            }
                        }
                        // The transaction with the message may not have committed yet.
                        () = destination.news() => tokio::time::sleep(COMMITS_MAY_TAKE).await,
                        () = tokio::time::sleep(OUTBOX_EVERY) => {}
                    }
                }
            });
        }
    }

    /// Runs at once on a notification, and periodically for failed attempts.
    fn deliver_callbacks(&self) {
        let (services, stop) = (self.services.clone(), self.stop.clone());
        self.tasks.spawn(async move {
            loop {
                if let Err(error) = services.callbacks().deliver().await {
                    let (job, error) = ("callbacks.deliver", format!("{error:#}"));
                    tracing::warn!(job, error, "a job failed and is tried again");
                }
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = services.hub().callbacks_waiting() => {}
                    () = tokio::time::sleep(OUTBOX_EVERY) => {}
                }
            }
        });
    }

    /// Runs never overlap: a run that takes longer than its interval delays the next one.
    fn every<F>(
        &self,
        name: &'static str,
        interval: Duration,
        first_after: Duration,
        run: impl Fn(Services) -> F + Send + 'static,
    ) where
        F: Future<Output = anyhow::Result<()>> + Send,
    {
        let (services, stop) = (self.services.clone(), self.stop.clone());
        self.tasks.spawn(async move {
            let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + first_after, interval);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    () = stop.cancelled() => break,
                    _ = ticks.tick() => {}
                }
                // A started run is completed even if the server stops meanwhile, because statements are short.
                if let Err(error) = run(services.clone()).await {
                    tracing::warn!(
                        job = name,
                        error = format!("{error:#}"),
                        "a job failed and is tried again"
                    );
                }
            }
        });
    }

    /// Ends every wait with an answer. Commands claimed at this moment are completed by [`Self::finish`].
    pub fn stopping(&self) {
        self.services.hub().stopping().cancel();
    }

    /// Called after the last request: ends every job, and writes data that is still in memory.
    pub async fn finish(self) {
        self.stopping();
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        let tasks = self.services.hub().tasks();
        tasks.close();
        tasks.wait().await;
        if let Err(error) = self.services.agents().record_sightings().await {
            tracing::warn!(error = format!("{error:#}"), "the last signs of life of agents are lost");
        }
    }
}

async fn delete_history(services: &Services) -> anyhow::Result<()> {
    let (pool, now) = (services.pool(), services.context().clock.now());
    deployment_events::delete_before(pool, now - EVENTS_KEPT).await?;
    install::forget_messages_before(pool, now - EVENTS_KEPT).await?;
    deliveries::delete_before(pool, now - CALLBACKS_KEPT).await?;
    services.audit().delete_old().await?;
    services.deployments().discard_expired().await?;
    let before = now - services.agent_settings().keep_history;
    commands::delete_ended(pool, before).await.context("deleting history")
}
