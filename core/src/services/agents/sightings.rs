//! When agents last made contact: collected in memory and written for all agents in one statement.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{api::Happened, callback::CallbackEvent};
use uuid::Uuid;

use super::Agents;
use crate::{
    db::{
        agents::{self, Sighting, StatusChange},
        deployments::deployment_events,
    },
    services::callbacks::events as callbacks,
};

/// How often a waiting agent is recorded as seen, however long its poll is held.
pub(crate) const SEEN_EVERY: Duration = Duration::from_secs(45);
/// An agent without contact for longer than this is offline. The time allows for two sightings and some delay.
pub const OFFLINE_AFTER: TimeDelta = TimeDelta::seconds(100);
/// Status changes in one transaction: each event takes a lock until the transaction ends.
const TOLD_AT_ONCE: usize = 200;
/// Agents that one statement marks as offline; each row is locked.
const OFFLINE_AT_ONCE: i64 = 500;
/// Sightings that one statement writes.
const AT_ONCE: usize = 5_000;

#[derive(Debug, Default)]
pub(crate) struct Sightings {
    /// Sightings since the last write. Contains only known agents.
    heard: Mutex<HashMap<Uuid, Heard>>,
}

#[derive(Clone, Debug)]
struct Heard {
    at: DateTime<Utc>,
    remark: Option<Arc<str>>,
}

impl Sightings {
    pub fn note(&self, id: Uuid, at: DateTime<Utc>, remark: Option<Arc<str>>) {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).insert(id, Heard { at, remark });
    }

    fn take(&self) -> Vec<Sighting> {
        let heard = std::mem::take(&mut *self.heard.lock().unwrap_or_else(PoisonError::into_inner));
        let mut sightings: Vec<Sighting> = heard
            .into_iter()
            .map(|(id, heard)| Sighting { id, at: heard.at, remark: heard.remark })
            .collect();
        // Sorted, so that servers that write the same agents lock the rows in the same order.
        sightings.sort_by_key(|sighting| sighting.id);
        sightings
    }

    /// Puts back sightings that could not be written, unless a newer one has arrived.
    fn put_back(&self, sightings: &[Sighting]) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        for sighting in sightings {
            heard
                .entry(sighting.id)
                .or_insert_with(|| Heard { at: sighting.at, remark: sighting.remark.clone() });
        }
    }
}

impl Agents {
    /// Writes which agents made contact since the last call. No statement if none did.
    pub async fn record_sightings(&self) -> anyhow::Result<()> {
        let all = self.sightings.take();
        for (number, sightings) in all.chunks(AT_ONCE).enumerate() {
            if let Err(error) = self.write(sightings).await {
                self.sightings.put_back(&all[number * AT_ONCE..]);
                return Err(error);
            }
        }
        Ok(())
    }

    async fn write(&self, sightings: &[Sighting]) -> anyhow::Result<()> {
        let mut connection = self.core.pool.acquire().await?;
        let changes = agents::record_sightings(&mut connection, sightings).await?;
        drop(connection);
        self.tell(changes).await
    }

    /// Marks agents without contact for [`OFFLINE_AFTER`] as offline.
    pub async fn mark_offline(&self) -> anyhow::Result<()> {
        let since = self.core.context.clock.now() - OFFLINE_AFTER;
        loop {
            let mut transaction = self.core.pool.begin().await?;
            let changes = agents::mark_offline(&mut transaction, since, OFFLINE_AT_ONCE).await?;
            let silent: Vec<Uuid> = changes.iter().map(|change| change.id).collect();
            let (event, now) = (CallbackEvent::AgentOffline, self.core.context.clock.now());
            callbacks::agents(&mut transaction, event, &silent, now).await?;
            transaction.commit().await?;
            let is_last = (changes.len() as i64) < OFFLINE_AT_ONCE;
            self.tell(changes).await?;
            if is_last {
                return Ok(());
            }
        }
    }

    async fn tell(&self, changes: Vec<StatusChange>) -> anyhow::Result<()> {
        for changes in changes.chunks(TOLD_AT_ONCE) {
            let mut transaction = self.core.pool.begin().await?;
            let mut events: Vec<(String, Happened)> = agents::deployments_of(&mut transaction, changes)
                .await?
                .into_iter()
                .map(|(number, hash)| {
                    let StatusChange { status, remark, .. } = &changes[number];
                    (hash, Happened::Agent { status: *status, remark: remark.clone() })
                })
                .collect();
            events.sort_by(|(one, _), (other, _)| one.cmp(other));
            let online: Vec<Uuid> =
                changes.iter().filter(|change| change.came_online).map(|change| change.id).collect();
            let (event, now) = (CallbackEvent::AgentOnline, self.core.context.clock.now());
            callbacks::agents(&mut transaction, event, &online, now).await?;
            deployment_events::append_to_many(&mut transaction, &events, self.core.context.clock.now())
                .await?;
            transaction.commit().await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::<Utc>::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    #[test]
    fn an_agent_is_written_once_however_often_it_was_heard() {
        let sightings = Sightings::default();
        let id = Uuid::from_u128(1);
        sightings.note(id, at(1), None);
        sightings.note(id, at(2), Some("its clock".into()));
        assert_eq!(sightings.take(), [Sighting { id, at: at(2), remark: Some("its clock".into()) }]);
        assert!(sightings.take().is_empty());
    }

    #[test]
    fn what_could_not_be_written_does_not_hide_what_is_newer() {
        let sightings = Sightings::default();
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        sightings.note(one, at(1), None);
        sightings.note(other, at(1), None);
        let failed = sightings.take();
        sightings.note(other, at(5), None);
        sightings.put_back(&failed);
        let times: Vec<_> = sightings.take().into_iter().map(|sighting| sighting.at).collect();
        assert_eq!(times, [at(1), at(5)]);
    }
}
