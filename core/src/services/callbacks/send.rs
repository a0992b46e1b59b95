//! Sends what waits: up to eight callbacks at once, one at a time for each subscription.

use chrono::{DateTime, TimeDelta, Utc};
use domain::callback::callback_name;
use serde_json::json;
use tokio::task::{JoinError, JoinSet};
use url::Url;

use super::{Callbacks, TRIED_FOR, secrets::SubscriptionSecrets};
use crate::{
    connectors::callback::{Answer, Callback, SendError},
    context::Context,
    db::{
        audit_log::{self, AuditEntry},
        callbacks::deliveries::{self, Attempt, Claimed, Failing},
    },
};

/// Callbacks that one server sends at the same time.
const AT_ONCE: usize = 8;
/// Beside the timeout of an attempt, for everything around it.
const MARGIN: TimeDelta = TimeDelta::seconds(30);
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(10);
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);

impl Callbacks {
    /// Sends everything that is due, and what becomes due meanwhile. One statement if nothing is. Once the server stops, only what
    /// is being sent is completed.
    pub async fn deliver(&self) -> anyhow::Result<()> {
        let hub = &self.core.hub;
        // Tasks, because each may hold a connection of the pool while this function waits for one.
        let mut sending = JoinSet::new();
        loop {
            let free = AT_ONCE.saturating_sub(sending.len());
            if free > 0 && !hub.stopping().is_cancelled() {
                let claimed = self.claim(free).await;
                if claimed.is_err() {
                    while sending.join_next().await.is_some() {}
                }
                for claimed in claimed? {
                    let callbacks = self.clone();
                    sending.spawn(async move { callbacks.send(claimed).await });
                }
            }
            tokio::select! {
                sent = sending.join_next() => match sent {
                    Some(sent) => note(sent),
                    None => return Ok(()),
                },
                // A slow receiver must not delay the others.
                () = hub.callbacks_waiting() => {}
            }
        }
    }

    async fn claim(&self, free: usize) -> anyhow::Result<Vec<Claimed>> {
        let now = self.core.context.clock.now();
        let timeout = TimeDelta::from_std(self.core.callbacks.timeout).unwrap_or(MARGIN);
        deliveries::claim(&self.core.pool, now, now + timeout + MARGIN, free as i64).await
    }

    async fn send(&self, claimed: Claimed) -> anyhow::Result<()> {
        let attempt = match self.callback(&claimed) {
            Ok(callback) => said(self.core.callback_sender.send(&callback).await),
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "a callback cannot be signed");
                Err(Attempt { error: Some("the server could not sign it".to_owned()), ..Attempt::default() })
            }
        };
        match attempt {
            Ok(attempt) => {
                let mut connection = self.core.pool.acquire().await?;
                deliveries::delivered(&mut connection, &claimed, &attempt, self.core.context.clock.now())
                    .await
            }
            Err(attempt) => self.failed(&claimed, &attempt).await,
        }
    }

    fn callback(&self, claimed: &Claimed) -> anyhow::Result<Callback> {
        let timestamp = self.core.context.clock.now();
        let secrets = SubscriptionSecrets {
            id: claimed.subscription_id,
            current: claimed.secret_sealed.as_deref(),
            previous: claimed.previous_secret_sealed.as_deref(),
            previous_until: claimed.previous_until,
        };
        Ok(Callback {
            url: Url::parse(&claimed.url)?,
            event: claimed.event.clone(),
            delivery_id: claimed.id.to_string(),
            timestamp,
            body: claimed.body.clone(),
            secrets: secrets.open(&self.core.keyring, timestamp)?,
        })
    }

    async fn failed(&self, claimed: &Claimed, attempt: &Attempt) -> anyhow::Result<()> {
        let now = self.core.context.clock.now();
        let again = Some(now + wait(claimed.attempts, &self.core.context))
            .filter(|again| *again <= claimed.retry_until);
        let mut transaction = self.core.pool.begin().await?;
        let failing = deliveries::failed(&mut transaction, claimed, attempt, again, now).await?;
        if let Some(failing) = failing
            && failing.enabled
            && is_over(failing.since, now)
        {
            self.give_up(&mut transaction, claimed, &failing, attempt, now).await?;
        }
        Ok(transaction.commit().await?)
    }

    async fn give_up(
        &self,
        connection: &mut sqlx::PgConnection,
        claimed: &Claimed,
        failing: &Failing,
        attempt: &Attempt,
        now: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        let last = match (&attempt.error, attempt.status) {
            (Some(error), _) => error.clone(),
            (None, Some(status)) => format!("it answered {status}"),
            (None, None) => "it did not answer".to_owned(),
        };
        let reason = format!("No callback arrived for 24 hours. The last attempt: {last}");
        deliveries::disable(connection, claimed.subscription_id, Some(&reason), now).await?;
        let entry = AuditEntry {
            owner_id: Some(&failing.user_id),
            details: json!({
                "callback_id": claimed.subscription_id,
                "host": callback_name(&failing.url),
                "reason": reason,
            }),
            ..self.core.context.audited("callback.gave_up")
        };
        audit_log::record(connection, entry).await
    }
}

/// What could not be noted is sent again, when its claim ends.
fn note(sent: Result<anyhow::Result<()>, JoinError>) {
    let error = match sent {
        Ok(Ok(())) => return,
        Ok(Err(error)) => format!("{error:#}"),
        Err(error) => error.to_string(),
    };
    tracing::warn!(error, "what came of a callback is not noted, so it is sent again");
}

fn is_over(since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - since >= TRIED_FOR
}

/// `Ok`: the receiver accepted it.
fn said(answer: Result<Answer, SendError>) -> Result<Attempt, Attempt> {
    match answer {
        Ok(answer) => {
            let accepted = answer.is_accepted();
            let attempt = Attempt {
                status: i16::try_from(answer.status).ok(),
                answer: Some(answer.body).filter(|body| !body.is_empty()),
                error: None,
            };
            if accepted { Ok(attempt) } else { Err(attempt) }
        }
        Err(error) => Err(Attempt { error: Some(error.to_string()), ..Attempt::default() }),
    }
}

/// 10, 20, 40, … seconds, at most one hour, plus up to a quarter, so that retries do not all happen at once.
fn wait(attempts: i32, context: &Context) -> TimeDelta {
    let factor = 2_i32.saturating_pow(attempts.clamp(0, 16).unsigned_abs());
    let wait = (FIRST_WAIT * factor).min(LONGEST_WAIT);
    let mut byte = [0];
    context.random.fill(&mut byte);
    wait + wait * i32::from(byte[0]) / 1024
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::context::{ManualClock, SeededRandom};

    #[test]
    fn waiting_grows_to_one_hour() {
        let context =
            Context { clock: Arc::new(ManualClock::default()), random: Arc::new(SeededRandom::new(1)) };
        assert!((FIRST_WAIT..FIRST_WAIT * 5 / 4).contains(&wait(0, &context)));
        assert!(wait(3, &context) >= FIRST_WAIT * 8);
        assert!(wait(i32::MAX, &context) <= LONGEST_WAIT * 5 / 4);
    }
}
