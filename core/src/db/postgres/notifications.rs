//! LISTEN: notifications from the database. Topics: `commands` (payload: channel), `deployments` (deployment hash), `hosts`
//! (user id), `projects` (project id), `agents` (agent id), `access_tokens` (token id), `casbin_rules` (no payload),
//! `sealing_keys` (no payload).

use std::time::Duration;

use anyhow::Context as _;
use sqlx::{
    PgConnection,
    postgres::{PgListener, PgPoolOptions},
};

use crate::db::Pool;

const TOPICS: [&str; 8] = [
    "commands",
    "deployments",
    "hosts",
    "projects",
    "agents",
    "access_tokens",
    "casbin_rules",
    "sealing_keys",
];
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

pub struct Notification {
    pub topic: String,
    pub payload: String,
}

/// One connection of its own.
pub struct Notifications {
    listener: PgListener,
}

impl Notifications {
    pub async fn connect(pool: &Pool) -> anyhow::Result<Self> {
        let own = PgPoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        let own = own.connect_lazy_with(pool.connect_options().clone());
        let mut listener = PgListener::connect_with(&own).await.context("connecting to listen")?;
        // Otherwise the listener would reconnect silently, and notifications lost meanwhile would not be noticed.
        listener.eager_reconnect(false);
        listener.listen_all(TOPICS).await.context("beginning to listen")?;
        Ok(Self { listener })
    }

    /// `None` if the connection broke; the object cannot be used again then. The future can be dropped at any time without losing
    /// a notification.
    pub async fn next(&mut self) -> anyhow::Result<Option<Notification>> {
        let next = self.listener.try_recv().await.context("listening")?;
        Ok(next.map(|next| Notification {
            topic: next.channel().to_owned(),
            payload: next.payload().to_owned(),
        }))
    }

    /// Whether the connection still works. Notifications that arrive meanwhile are returned by [`Self::next`].
    pub async fn check(&mut self) -> anyhow::Result<()> {
        let asked = sqlx::query_scalar!("select 1 as \"one!\"").fetch_one(&mut self.listener);
        tokio::time::timeout(ANSWERS_WITHIN, asked)
            .await
            .context("the database does not answer on the connection that listens")?
            .context("asking on the connection that listens")?;
        Ok(())
    }
}

/// Tells every server to drop what it has cached about all agents.
pub async fn forget_agents(connection: &mut PgConnection) -> anyhow::Result<()> {
    sqlx::query_scalar!(r#"select pg_notify('agents', '')::text as "notified""#)
        .fetch_one(connection)
        .await
        .context("telling servers about agents")?;
    Ok(())
}
