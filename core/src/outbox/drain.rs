//! Delivers due messages.

use super::{AfterInterruption, Destination, Outbox, Undelivered, back_off::back_off, open};
use crate::db::outbox::{self, Message};

/// Delivers the due messages of one destination, one at a time, so that no claimed message is claimed again before its delivery.
/// After each failure a message waits longer.
pub async fn drain(outbox: Outbox<'_>, destination: &dyn Destination) -> anyhow::Result<()> {
    give_up_expired(outbox, destination).await?;
    if !destination.is_configured() {
        return Ok(());
    }
    loop {
        let now = outbox.context.clock.now();
        let until = now + destination.delivery_may_take();
        let Some(message) = outbox::claim(outbox.pool, destination.name(), now, until).await? else {
            return Ok(());
        };
        let sent = send(outbox, destination, &message).await;
        match sent {
            Ok(()) => destination.delivered(outbox, &message).await?,
            Err(error) => failed(outbox, destination, &message, error).await?,
        }
    }
}

/// Makes what waits for another attempt due, because its service can be reached again.
pub async fn retry_now(outbox: Outbox<'_>, destination: &dyn Destination) -> anyhow::Result<()> {
    outbox::due_now(outbox.pool, destination.name(), outbox.context.clock.now()).await
}

async fn send(
    outbox: Outbox<'_>,
    destination: &dyn Destination,
    message: &Message,
) -> Result<(), Undelivered> {
    if message.was_interrupted && destination.after_interruption() == AfterInterruption::GiveUp {
        return Err(Undelivered::Unsure("the server was stopped while it sent the message".to_owned()));
    }
    destination.deliver(message, open(outbox.keyring, message)?).await
}

async fn failed(
    outbox: Outbox<'_>,
    destination: &dyn Destination,
    message: &Message,
    error: Undelivered,
) -> anyhow::Result<()> {
    let attempts = message.attempts + 1;
    let is_last = destination.max_attempts().is_some_and(|most| attempts >= most);
    let now = outbox.context.clock.now();
    let mut transaction = outbox.pool.begin().await?;
    let reason = error.reason();
    let is_later = match &error {
        Undelivered::Later(_) => true,
        Undelivered::Unsure(_) => destination.after_interruption() == AfterInterruption::Repeat,
        Undelivered::Never(_) => false,
    };
    let is_ours = if is_later && !is_last {
        tracing::warn!(destination = destination.name(), attempts, reason, "a message waits");
        let again = now + back_off(message.attempts, outbox.context);
        let is_ours = outbox::failed(&mut transaction, message.id, again, reason).await?;
        if is_ours {
            destination.waits(&mut transaction, message).await?;
        }
        is_ours
    } else {
        tracing::error!(destination = destination.name(), attempts, reason, "a message is given up");
        let is_ours = outbox::delete(&mut transaction, message.id).await?;
        if is_ours {
            destination.given_up(&mut transaction, message, &error).await?;
        }
        is_ours
    };
    if !is_ours {
        outbox::release(&mut transaction, destination.name(), message, now).await?;
    }
    Ok(transaction.commit().await?)
}

/// Deletes messages whose time is over. One that is being delivered at this moment is left: it may arrive.
async fn give_up_expired(outbox: Outbox<'_>, destination: &dyn Destination) -> anyhow::Result<()> {
    let now = outbox.context.clock.now();
    loop {
        let mut transaction = outbox.pool.begin().await?;
        let Some(message) = outbox::take_expired(&mut transaction, destination.name(), now).await? else {
            return Ok(());
        };
        let why = Undelivered::Never("the credentials, which were not stored, have expired".to_owned());
        destination.given_up(&mut transaction, &message, &why).await?;
        transaction.commit().await?;
    }
}
