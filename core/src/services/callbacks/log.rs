//! The log of one subscription, sending a delivery again, and sending a test event.

use domain::{
    access::{Action, Caller},
    callback::{CallbackDelivery, TEST_EVENT},
};
use serde_json::json;
use uuid::Uuid;

use super::{CallbackError, Callbacks, TRIED_FOR, allow};
use crate::db::callbacks::{
    deliveries,
    events::{self, NewDelivery},
};

/// The most lines of one page.
const MAX_PAGE: u32 = 200;
/// The lines of one page, if the client names no limit.
const PAGE: u32 = 50;

/// A page of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryPart {
    /// `None` means 50 lines. Clamped to the allowed range.
    pub limit: Option<u32>,
    /// Only deliveries older than this number.
    pub after: Option<i64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Deliveries {
    /// Newest first.
    pub items: Vec<CallbackDelivery>,
    /// `after` of the next page; `None` on the last page.
    pub next: Option<i64>,
}

impl Callbacks {
    /// What was sent to a subscription of the caller within the last days, and what waits.
    pub async fn deliveries(
        &self,
        caller: &Caller,
        id: Uuid,
        part: DeliveryPart,
    ) -> Result<Deliveries, CallbackError> {
        allow(caller, Action::Read)?;
        let limit = part.limit.unwrap_or(PAGE).clamp(1, MAX_PAGE) as usize;
        self.get(caller, id).await?;
        // One more line shows whether there is a next page.
        let mut items = deliveries::list(&self.core.pool, id, part.after, limit as i64 + 1).await?;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|delivery| delivery.number);
        Ok(Deliveries { items, next })
    }

    /// Sends a delivery again, with the same id and body, for another 24 hours.
    pub async fn redeliver(&self, caller: &Caller, id: Uuid, delivery: Uuid) -> Result<(), CallbackError> {
        allow(caller, Action::Update)?;
        let now = self.core.context.clock.now();
        let mut transaction = self.core.pool.begin().await?;
        let subscription = self.own(&mut transaction, caller, id).await?;
        if !subscription.enabled {
            return Err(CallbackError::Disabled);
        }
        if !deliveries::again(&mut transaction, id, delivery, now, now + TRIED_FOR).await? {
            return Err(CallbackError::NotFound("delivery"));
        }
        self.audit(&mut transaction, caller, "callback.redelivered", &subscription).await?;
        Ok(transaction.commit().await?)
    }

    /// Sends the event `callback.test`. Returns the id of the delivery, which the log shows.
    pub async fn test(&self, caller: &Caller, id: Uuid) -> Result<Uuid, CallbackError> {
        allow(caller, Action::Update)?;
        let now = self.core.context.clock.now();
        let mut transaction = self.core.pool.begin().await?;
        let subscription = self.own(&mut transaction, caller, id).await?;
        if !subscription.enabled {
            return Err(CallbackError::Disabled);
        }
        let delivery = self.core.context.random.uuid_v7(now);
        let body = json!({"event": TEST_EVENT, "id": delivery, "created_at": events::text(now)}).to_string();
        let new = NewDelivery {
            id: delivery,
            subscription_id: id,
            event: TEST_EVENT,
            body: &body,
            now,
            retry_until: now + TRIED_FOR,
        };
        events::insert(&mut transaction, new).await?;
        self.audit(&mut transaction, caller, "callback.tested", &subscription).await?;
        transaction.commit().await?;
        Ok(delivery)
    }
}
