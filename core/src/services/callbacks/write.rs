//! Adds and changes subscriptions.

use chrono::TimeDelta;
use domain::{
    access::{Action, Caller},
    api::FieldError,
    callback::{CallbackEvent, CallbackSubscription, CreateCallback, UpdateCallback},
    stack::SecretText,
};
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::PgConnection;
use url::Url;
use uuid::Uuid;

use super::{CallbackError, Callbacks, allow, secrets, shown};
use crate::db::callbacks::{self, StoredSubscription, deliveries};

/// How long the secret before a rotation signs too.
const OVERLAP: TimeDelta = TimeDelta::hours(24);
const MAX_URL: usize = 2_000;
/// What a subscription of an API client is about until its owner changes it.
const OF_CLIENTS: [CallbackEvent; 4] = [
    CallbackEvent::DeploymentStarted,
    CallbackEvent::DeploymentCompleted,
    CallbackEvent::DeploymentFailed,
    CallbackEvent::DeploymentRemoved,
];

impl Callbacks {
    /// Adds a subscription, which is enabled. The answer contains its secret, which is shown only once.
    pub async fn create(
        &self,
        caller: &Caller,
        body: &CreateCallback,
    ) -> Result<CallbackSubscription, CallbackError> {
        allow(caller, Action::Create)?;
        let mut errors = Vec::new();
        let url = address(&body.url, &mut errors);
        let events = events(&body.events, &mut errors);
        let mut transaction = self.core.pool.begin().await?;
        callbacks::lock_owner(&mut transaction, &caller.user_id).await?;
        let limit = self.core.callbacks.max_subscriptions;
        if callbacks::count(&mut transaction, &caller.user_id).await? >= i64::from(limit) {
            return Err(CallbackError::TooMany { limit });
        }
        let mut project_name = None;
        if let Some(project) = body.project_id {
            project_name = callbacks::keep_project(&mut transaction, project, &caller.user_id).await?;
            if project_name.is_none() {
                errors.push(error("project_id", format!("you have no project {project}")));
            }
        }
        if !errors.is_empty() {
            return Err(CallbackError::Invalid { errors });
        }
        let new = NewSubscription { url, events, project_id: body.project_id, client_id: None };
        let mut subscription = self.new_subscription(&caller.user_id, new);
        subscription.project_name = project_name;
        let secret = self.give_secret(&mut subscription)?;
        subscription.enabled = true;
        callbacks::write(&mut transaction, &subscription).await?;
        self.audit(&mut transaction, caller, "callback.created", &subscription).await?;
        transaction.commit().await?;
        Ok(with_secret(shown(subscription), &secret))
    }

    /// The `callback_url` of a new API client: a subscription that its owner has to enable. Runs in the transaction of the client.
    pub(in crate::services) async fn add_of_client(
        &self,
        connection: &mut PgConnection,
        owner: &str,
        client_id: i32,
        url: &str,
    ) -> anyhow::Result<()> {
        let new = NewSubscription {
            url: url.to_owned(),
            events: OF_CLIENTS.to_vec(),
            project_id: None,
            client_id: Some(client_id),
        };
        callbacks::write(connection, &self.new_subscription(owner, new)).await
    }

    /// Changes what the body names. A subscription that is enabled for the first time gets its secret, which is in the answer.
    pub async fn update(
        &self,
        caller: &Caller,
        id: Uuid,
        body: &UpdateCallback,
    ) -> Result<CallbackSubscription, CallbackError> {
        allow(caller, Action::Update)?;
        let mut errors = Vec::new();
        let url = body.url.as_deref().map(|url| address(url, &mut errors));
        let events = body.events.as_deref().map(|names| events(names, &mut errors));
        if !errors.is_empty() {
            return Err(CallbackError::Invalid { errors });
        }
        let now = self.core.context.clock.now();
        let mut transaction = self.core.pool.begin().await?;
        let mut subscription = self.own(&mut transaction, caller, id).await?;
        if let Some(url) = url {
            subscription.url = url;
        }
        if let Some(events) = events {
            subscription.events = events;
        }
        let (mut action, mut secret) = ("callback.updated", None);
        match body.enabled {
            Some(true) if !subscription.enabled => {
                // The address of an API client was stored before anybody wanted to call it.
                address(&subscription.url, &mut errors);
                if !errors.is_empty() {
                    return Err(CallbackError::Invalid { errors });
                }
                action = "callback.enabled";
                subscription.enabled = true;
                subscription.disabled_reason = None;
                subscription.failing_since = None;
                if subscription.secret_sealed.is_none() {
                    secret = Some(self.give_secret(&mut subscription)?);
                }
            }
            Some(false) if subscription.enabled => {
                action = "callback.disabled";
                subscription.enabled = false;
                deliveries::disable(&mut transaction, id, None, now).await?;
            }
            _ => {}
        }
        subscription.updated_at = now;
        callbacks::write(&mut transaction, &subscription).await?;
        self.audit(&mut transaction, caller, action, &subscription).await?;
        transaction.commit().await?;
        let shown = shown(subscription);
        Ok(match secret {
            Some(secret) => with_secret(shown, &secret),
            None => shown,
        })
    }

    /// Replaces the secret; the answer contains the new one, which is shown only once. For 24 hours both sign.
    pub async fn rotate_secret(
        &self,
        caller: &Caller,
        id: Uuid,
    ) -> Result<CallbackSubscription, CallbackError> {
        allow(caller, Action::Update)?;
        let now = self.core.context.clock.now();
        let mut transaction = self.core.pool.begin().await?;
        let mut subscription = self.own(&mut transaction, caller, id).await?;
        let previous = match &subscription.secret_sealed {
            Some(current) => {
                let (keyring, context) = (&self.core.keyring, &self.core.context);
                Some((secrets::sealed_as_previous(keyring, context, id, current)?, now + OVERLAP))
            }
            None => None,
        };
        let secret = self.give_secret(&mut subscription)?;
        subscription.previous_secret = previous;
        subscription.updated_at = now;
        callbacks::write(&mut transaction, &subscription).await?;
        self.audit(&mut transaction, caller, "callback.rotated", &subscription).await?;
        transaction.commit().await?;
        Ok(with_secret(shown(subscription), &secret))
    }

    fn give_secret(&self, subscription: &mut StoredSubscription) -> anyhow::Result<SecretString> {
        let (keyring, context) = (&self.core.keyring, &self.core.context);
        let secret = secrets::new_secret(context);
        subscription.secret_sealed = Some(secrets::sealed(keyring, context, subscription.id, &secret)?);
        Ok(secret)
    }

    /// Disabled, and without a secret.
    fn new_subscription(&self, owner: &str, new: NewSubscription) -> StoredSubscription {
        let now = self.core.context.clock.now();
        StoredSubscription {
            id: self.core.context.random.uuid_v7(now),
            user_id: owner.to_owned(),
            project_id: new.project_id,
            project_name: None,
            client_id: new.client_id,
            url: new.url,
            events: new.events,
            secret_sealed: None,
            previous_secret: None,
            enabled: false,
            disabled_reason: None,
            failing_since: None,
            created_at: now,
            updated_at: now,
        }
    }
}

struct NewSubscription {
    url: String,
    events: Vec<CallbackEvent>,
    project_id: Option<i32>,
    client_id: Option<i32>,
}

fn with_secret(subscription: CallbackSubscription, secret: &SecretString) -> CallbackSubscription {
    CallbackSubscription { secret: Some(SecretText::new(secret.expose_secret())), ..subscription }
}

fn error(field: &str, message: String) -> FieldError {
    FieldError { field: field.to_owned(), message }
}

/// Whether an address may be called is decided when it is connected, because names change their addresses.
fn address(text: &str, errors: &mut Vec<FieldError>) -> String {
    let text = text.trim();
    let fits = |url: &Url| {
        ["http", "https"].contains(&url.scheme())
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    };
    if text.len() > MAX_URL || !Url::parse(text).as_ref().is_ok_and(fits) {
        let message =
            "must be an address that begins with https:// or http://, without a user name or password";
        errors.push(error("url", message.to_owned()));
    }
    text.to_owned()
}

/// Each event once, in the order of [`CallbackEvent::ALL`].
fn events(names: &[String], errors: &mut Vec<FieldError>) -> Vec<CallbackEvent> {
    if let Some(unknown) = names.iter().find(|name| CallbackEvent::named(name).is_none()) {
        let known: Vec<_> = CallbackEvent::ALL.iter().map(|event| event.as_str()).collect();
        let unknown: String = unknown.chars().take(50).collect();
        errors.push(error("events", format!("`{unknown}` is no event; events are {}", known.join(", "))));
    }
    let is_named = |event: &CallbackEvent| names.iter().any(|name| name == event.as_str());
    let events: Vec<_> = CallbackEvent::ALL.into_iter().filter(is_named).collect();
    if names.is_empty() {
        errors.push(error("events", "must name at least one event".to_owned()));
    }
    events
}
