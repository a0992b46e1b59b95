//! Follows a deployment: past events first, then new ones until the server stops.

use domain::{
    access::{Action, Caller},
    api::DeploymentEvent,
};

use super::{DeploymentError, Deployments, MAX_EVENTS, allow};
use crate::{
    db::{
        Pool,
        deployments::{self, deployment_events},
    },
    services::open_streams::OpenStream,
};

/// The events of a deployment. Costs a query when something happened, and none otherwise.
#[derive(Debug)]
pub struct EventStream {
    pool: Pool,
    hash: String,
    user_id: String,
    /// The id of the last event that was returned.
    after: i64,
    /// Whether more events may be available right now.
    more: bool,
    open: OpenStream,
}

impl Deployments {
    /// Follows a deployment from the event after `after`, or from now on.
    pub async fn follow(
        &self,
        caller: &Caller,
        hash: &str,
        after: Option<i64>,
    ) -> Result<EventStream, DeploymentError> {
        allow(caller, Action::Read)?;
        if deployments::id_of(&self.core.pool, hash, &caller.user_id).await?.is_none() {
            return Err(DeploymentError::NotFound("deployment"));
        }
        // Subscribed before anything is read, so that no event is missed.
        let news = self.core.hub.deployment_events(hash);
        let open = self.streams.open(&caller.user_id, news, self.core.hub.stopping())?;
        let after = match after {
            Some(after) => after,
            None => deployment_events::last_id(&self.core.pool, hash).await?,
        };
        Ok(EventStream {
            pool: self.core.pool.clone(),
            hash: hash.to_owned(),
            user_id: caller.user_id.clone(),
            after,
            more: true,
            open,
        })
    }
}

impl EventStream {
    /// Returns at least one event, in order. `None`: the server stops, the stream has reached its time limit, or the caller can
    /// no longer see the deployment.
    pub async fn next(&mut self) -> anyhow::Result<Option<Vec<DeploymentEvent>>> {
        loop {
            if !self.more && self.open.news().await.is_none() {
                return Ok(None);
            }
            let (last, events) =
                deployment_events::after(&self.pool, &self.hash, &self.user_id, self.after, MAX_EVENTS)
                    .await?;
            // After a full read there may be more events.
            self.more = last.is_some_and(|_| events.len() as i64 == MAX_EVENTS);
            self.after = last.unwrap_or(self.after);
            if !events.is_empty() {
                return Ok(Some(events));
            }
            if last.is_none() && deployments::id_of(&self.pool, &self.hash, &self.user_id).await?.is_none() {
                return Ok(None);
            }
        }
    }
}
