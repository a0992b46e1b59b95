//! Handles expired leases, and commands that were never fetched.

use domain::command::{Event, State, Step, step};

use super::{Commands, tell_pages};
use crate::db::commands;

impl Commands {
    /// Handles the expired leases of a channel once its agent polls again: each command is queued again or fails, as
    /// [`domain::command::step`] decides.
    pub(super) async fn take_back(&self, channel: &str) -> anyhow::Result<()> {
        loop {
            let now = self.core.context.clock.now();
            let mut transaction = self.core.pool.begin().await?;
            // One at a time: each command has its own events, whose lock must be held only briefly.
            let overdue = commands::overdue_locked(&mut transaction, channel, now, 1).await?;
            let Some(stored) = overdue.into_iter().next() else {
                transaction.rollback().await?;
                return Ok(());
            };
            match step(stored.command.status, Event::LeaseRanOut, stored.lease()) {
                Step::Enter(State::Queued) => {
                    commands::requeue(&mut transaction, stored.command.id, now).await?;
                    let mut queued = stored;
                    queued.command.status = State::Queued;
                    tell_pages(&mut transaction, &queued, &self.core.context).await?;
                }
                Step::End(ending) => {
                    self.give_up(&mut transaction, &stored.command, ending).await?;
                }
                Step::Enter(_) | Step::Renew | Step::Stay => {
                    anyhow::bail!("a lease that ran out led nowhere: {:?}", stored.command.status);
                }
            }
            transaction.commit().await?;
        }
    }

    /// Fails commands that were not fetched within the configured time.
    pub async fn give_up_unfetched(&self) -> anyhow::Result<()> {
        loop {
            let since = self.core.context.clock.now() - self.core.agent_settings.command_expiry;
            let mut transaction = self.core.pool.begin().await?;
            let unfetched = commands::unfetched_locked(&mut transaction, since, 1).await?;
            let Some(stored) = unfetched.into_iter().next() else {
                transaction.rollback().await?;
                return Ok(());
            };
            if let Step::End(ending) = step(stored.command.status, Event::NeverFetched, stored.lease()) {
                self.give_up(&mut transaction, &stored.command, ending).await?;
            }
            transaction.commit().await?;
        }
    }

    /// Finds work that no notification announced: NOTIFY is only a hint.
    pub async fn look_for_work(&self) -> anyhow::Result<()> {
        self.core.hub.look_for_work(&self.core.pool, &self.core.context).await
    }
}
