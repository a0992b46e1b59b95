//! Callbacks: signed requests to addresses that users chose, when something happens to what they own.
//!
//! - [`write`]: adds and changes subscriptions
//! - [`secrets`]: makes, seals and opens their secrets
//! - [`events`]: what other areas report, in their transactions
//! - [`send`]: sends what waits
//! - [`log`]: what was sent, and sending it again

mod error;
pub(super) mod events;
mod log;
mod secrets;
mod send;
mod write;

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{
    access::{Action, Caller, Resource, may},
    callback::{CallbackSubscription, callback_name},
};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

pub use error::CallbackError;
pub use log::{Deliveries, DeliveryPart};

use crate::{
    db::{
        audit_log::{self, AuditEntry},
        callbacks::{self, StoredSubscription},
    },
    services::core::Core,
};

/// How long a delivery is tried, and how long a subscription may fail.
pub(super) const TRIED_FOR: TimeDelta = TimeDelta::hours(24);

#[derive(Clone, Debug)]
pub struct Callbacks {
    core: Arc<Core>,
}

impl Callbacks {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// The caller's subscriptions, oldest first, without secrets.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<CallbackSubscription>, CallbackError> {
        allow(caller, Action::Read)?;
        let rows = callbacks::list(&self.core.pool, &caller.user_id).await?;
        Ok(rows.into_iter().map(shown).collect())
    }

    pub async fn get(&self, caller: &Caller, id: Uuid) -> Result<CallbackSubscription, CallbackError> {
        allow(caller, Action::Read)?;
        let found = callbacks::find(&self.core.pool, id, &caller.user_id).await?;
        found.map(shown).ok_or(CallbackError::NotFound("callback"))
    }

    /// Deletes a subscription with its deliveries. `confirm_name`: the host of its address, when the user was asked to type it.
    pub async fn delete(
        &self,
        caller: &Caller,
        id: Uuid,
        confirm_name: Option<&str>,
    ) -> Result<(), CallbackError> {
        allow(caller, Action::Delete)?;
        let mut transaction = self.core.pool.begin().await?;
        let subscription = self.own(&mut transaction, caller, id).await?;
        self.core.confirm_names.check(&callback_name(&subscription.url), confirm_name)?;
        callbacks::delete(&mut transaction, id).await?;
        self.audit(&mut transaction, caller, "callback.deleted", &subscription).await?;
        Ok(transaction.commit().await?)
    }

    /// A subscription of the caller, locked until the transaction ends.
    async fn own(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        id: Uuid,
    ) -> Result<StoredSubscription, CallbackError> {
        let found = callbacks::find_locked(connection, id, &caller.user_id).await?;
        found.ok_or(CallbackError::NotFound("callback"))
    }

    async fn audit(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        action: &'static str,
        subscription: &StoredSubscription,
    ) -> anyhow::Result<()> {
        let entry = AuditEntry {
            owner_id: Some(&subscription.user_id),
            details: json!({"callback_id": subscription.id, "host": callback_name(&subscription.url)}),
            ..self.core.context.audited_by(caller, action)
        };
        audit_log::record(connection, entry).await
    }
}

fn allow(caller: &Caller, action: Action) -> Result<(), CallbackError> {
    if may(caller, Resource::Callback, action) { Ok(()) } else { Err(CallbackError::Forbidden) }
}

/// A subscription as its owner sees it.
fn shown(subscription: StoredSubscription) -> CallbackSubscription {
    CallbackSubscription {
        id: subscription.id,
        url: subscription.url,
        events: subscription.events,
        project_id: subscription.project_id,
        project_name: subscription.project_name,
        client_id: subscription.client_id,
        enabled: subscription.enabled,
        disabled_reason: subscription.disabled_reason,
        failing_since: subscription.failing_since,
        previous_secret_until: subscription.previous_secret.map(|(_, until)| until),
        secret: None,
        created_at: subscription.created_at,
        updated_at: subscription.updated_at,
    }
}
