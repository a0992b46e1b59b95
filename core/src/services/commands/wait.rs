//! The long poll: an agent waits here for a command and receives it under a lease.

use std::{net::IpAddr, sync::Arc, time::Duration};

use domain::{
    api::Command,
    problem::{Problem, ProblemKind, UseCaseError},
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{sync::oneshot, time::Instant};
use uuid::Uuid;

use super::{Commands, GRACE_SECONDS, tell_pages};
use crate::{
    db::{agents, commands},
    dispatch::{Known, Waiter},
    services::{
        agents::{AgentRecord, KnownAgent, SEEN_EVERY},
        deployments::{outcome, put_values_into},
    },
};

/// The outcome of a poll.
#[derive(Debug)]
pub struct Poll {
    pub found: Option<Delivery>,
    /// Seconds until the agent should poll again, if there was no command.
    pub next_poll_secs: u64,
    /// The agent's next token. Using it ends the previous one.
    pub new_token: Option<SecretString>,
}

/// A command on its way to its agent. If this is dropped before the command was written, the command is queued again.
#[derive(Debug)]
pub struct Delivery {
    pub command: Command,
    way_back: WayBack,
}

#[derive(Debug)]
struct WayBack {
    /// True until the command is written. If this is dropped before then, the command is queued again.
    is_open: bool,
    commands: Commands,
    id: Uuid,
    delivery: i16,
}

impl Delivery {
    /// Marks the command as written. From now on only its lease can bring it back.
    pub fn written(&mut self) {
        self.way_back.is_open = false;
    }
}

impl Drop for WayBack {
    fn drop(&mut self) {
        if !self.is_open {
            return;
        }
        // Without a runtime the process is ending; the lease then brings the command back.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (commands, id, delivery) = (self.commands.clone(), self.id, self.delivery);
        let tasks = self.commands.core.hub.tasks().clone();
        tasks.spawn_on(
            async move {
                if let Err(error) = commands.release(id, delivery).await {
                    tracing::warn!(error = format!("{error:#}"), %id, "a command that reached nobody comes back only with its lease");
                }
            },
            &runtime,
        );
    }
}

#[derive(Debug, thiserror::Error)]
pub enum WaitError {
    #[error("Not authorized for this deployment")]
    OtherChannel,
    #[error("these credentials are unknown, expired or revoked")]
    Revoked,
}

impl UseCaseError for WaitError {
    fn problem(&self) -> Problem {
        match self {
            Self::OtherChannel => Problem::new(ProblemKind::Forbidden, "other-deployment", self),
            Self::Revoked => Problem::bad_credentials(),
        }
    }
}

enum Woken {
    ToLook,
    HeldToTheEnd,
    Early,
}

impl Commands {
    /// Holds the poll for at most `hold`. Costs no query unless there is something to fetch. The future is dropped when the agent
    /// disconnects: nothing is claimed for it then.
    pub async fn wait(
        &self,
        agent: &KnownAgent,
        channel: &str,
        hold: Duration,
        address: Option<IpAddr>,
    ) -> Result<Poll, WaitError> {
        if channel != agent.channel {
            return Err(WaitError::OtherChannel);
        }
        let waiter = self.core.hub.wait_on(channel);
        let end = Instant::now() + hold;
        let mut record = agent.record.clone();
        loop {
            let known = waiter.known();
            if known.agent_changed.is_some() {
                let generation = self.core.hub.agents_generation();
                // An unavailable database is no reason to end the poll.
                if let Ok(changed) = Box::pin(agents::find(&self.core.pool, agent.id)).await {
                    record = Arc::new(changed.ok_or(WaitError::Revoked)?);
                    // The next change wakes only polls of cached agents.
                    self.core.hub.remember_agent(generation, record.clone());
                }
                if record.next_token_sealed.is_some() {
                    waiter.settle(Known { work: None, overdue: None, ..known });
                    return Ok(self.nothing(&record, 0));
                }
            }
            if known.work.is_some() || known.overdue.is_some() {
                match Box::pin(self.fetch(agent.id, &waiter, known, address)).await {
                    Ok(Some(delivery)) => {
                        self.sightings.note(agent.id, self.core.context.clock.now(), agent.remark.clone());
                        let new_token = self.new_token(&record);
                        return Ok(Poll { found: Some(delivery), next_poll_secs: 0, new_token });
                    }
                    Ok(None) => {}
                    Err(error) => {
                        tracing::warn!(error = format!("{error:#}"), "a poll is answered early");
                        return Ok(self.nothing(&record, self.soon()));
                    }
                }
            } else {
                waiter.settle(known);
            }
            if !waiter.known().is_idle() {
                continue;
            }
            match self.sleep(agent, &waiter, end).await {
                Woken::ToLook => {}
                Woken::HeldToTheEnd => return Ok(self.nothing(&record, 0)),
                Woken::Early => return Ok(self.nothing(&record, self.soon())),
            }
        }
    }

    async fn sleep(&self, agent: &KnownAgent, waiter: &Waiter, end: Instant) -> Woken {
        loop {
            if waiter.is_sent_home() || self.core.hub.stopping().is_cancelled() {
                return Woken::Early;
            }
            let until = end.min(Instant::now() + SEEN_EVERY);
            tokio::select! {
                biased;
                () = self.core.hub.stopping().cancelled() => return Woken::Early,
                () = waiter.woken() => {
                    return if waiter.is_sent_home() { Woken::Early } else { Woken::ToLook };
                }
                () = tokio::time::sleep_until(until) => {
                    self.sightings.note(agent.id, self.core.context.clock.now(), agent.remark.clone());
                    if until == end {
                        return Woken::HeldToTheEnd;
                    }
                }
            }
        }
    }

    fn nothing(&self, agent: &AgentRecord, next_poll_secs: u64) -> Poll {
        Poll { found: None, next_poll_secs, new_token: self.new_token(agent) }
    }

    fn new_token(&self, agent: &AgentRecord) -> Option<SecretString> {
        let sealed = agent.next_token_sealed.as_ref()?;
        let id = agent.id.to_string();
        let opened =
            self.core.keyring.open(sealed, agents::next_token_place(&id)).map_err(|error| error.to_string());
        let text = opened.and_then(|token| {
            String::from_utf8(token.expose_secret().to_vec()).map_err(|_| "it is no text".to_owned())
        });
        match text {
            Ok(token) => Some(token.into()),
            Err(error) => {
                tracing::error!(error, agent = %agent.id, "the next token of an agent cannot be read");
                None
            }
        }
    }

    /// Returns 1 to 5 seconds, so that agents whose polls were ended early do not all come back at once.
    fn soon(&self) -> u64 {
        let mut byte = [0];
        self.core.context.random.fill(&mut byte);
        1 + u64::from(byte[0] % 5)
    }

    /// Claims in a separate task, so that a claim is never abandoned half-way. If the agent has disconnected by then, the command
    /// is queued again.
    async fn fetch(
        &self,
        agent_id: Uuid,
        waiter: &Waiter,
        known: Known,
        address: Option<IpAddr>,
    ) -> anyhow::Result<Option<Delivery>> {
        let (answer, fetched) = oneshot::channel();
        let (commands, channel) = (self.clone(), waiter.channel().to_owned());
        self.core.hub.tasks().spawn(async move {
            if answer.is_closed() {
                return;
            }
            // If no poll waits for the command any more, it is dropped here, which queues it again.
            drop(answer.send(commands.fetch_now(agent_id, &channel, known, address).await));
        });
        let fetched = fetched.await??;
        if !fetched.more {
            waiter.settle(known);
        }
        Ok(fetched.delivery)
    }

    async fn fetch_now(
        &self,
        agent_id: Uuid,
        channel: &str,
        known: Known,
        address: Option<IpAddr>,
    ) -> anyhow::Result<Fetched> {
        if known.overdue.is_some() {
            self.take_back(channel).await?;
        }
        let now = self.core.context.clock.now();
        let mut transaction = self.core.pool.begin().await?;
        let claim = commands::Claim {
            channel,
            agent_id,
            audit_id: self.core.context.random.uuid_v7(now),
            address,
            grace_seconds: GRACE_SECONDS,
            now,
        };
        let Some(claimed) = commands::claim(&mut transaction, &claim).await? else {
            if let Some(due) = commands::next_due(&mut transaction, channel, now).await? {
                self.core.hub.work_at(channel, due, now);
            }
            transaction.rollback().await?;
            return Ok(Fetched { delivery: None, more: false });
        };
        let mut stored = claimed.stored;
        let is_first = stored.command.deliveries == 1;
        if is_first && is_about_a_stack(&stored.command) {
            outcome::command_began(&mut transaction, &stored.command, stored.revision, &self.core.context)
                .await?;
        }
        tell_pages(&mut transaction, &stored, &self.core.context).await?;
        put_values_into(&self.core, &mut transaction, &mut stored.command, stored.revision).await?;
        transaction.commit().await?;
        let way_back = WayBack {
            is_open: true,
            commands: self.clone(),
            id: stored.command.id,
            delivery: stored.command.deliveries,
        };
        let delivery = Delivery { command: stored.command, way_back };
        Ok(Fetched { delivery: Some(delivery), more: claimed.more })
    }

    async fn release(&self, id: Uuid, delivery: i16) -> anyhow::Result<()> {
        let mut connection = self.core.pool.acquire().await?;
        let released =
            commands::release(&mut connection, id, delivery, self.core.context.clock.now()).await?;
        tracing::debug!(%id, released, "a command reached nobody");
        Ok(())
    }
}

struct Fetched {
    delivery: Option<Delivery>,
    more: bool,
}

/// Whether the deployment must be informed of the command.
pub(super) fn is_about_a_stack(command: &Command) -> bool {
    command.r#type.is_about_a_stack()
}
