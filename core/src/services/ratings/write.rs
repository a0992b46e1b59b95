//! One's own rating, and reports of those of others.

use domain::{
    access::{Action, Caller, Resource},
    rating::{CreateRating, OwnRating, ReportRating, UpdateRating, kept_text},
};
use serde_json::json;
use sqlx::PgConnection;

use super::{RatingError, Ratings, allow};
use crate::db::{
    audit_log::{self, AuditEntry},
    ratings::{self, Inserted, RatingChange, StoredRating},
};

impl Ratings {
    /// Rates a product. A rating of the same user for the same side of it, even a hidden one, is not replaced.
    pub async fn create(&self, caller: &Caller, body: &CreateRating) -> Result<OwnRating, RatingError> {
        allow(caller, Resource::Rating, Action::Create)?;
        body.check().map_err(|errors| RatingError::Invalid { errors })?;
        let mut transaction = self.core.pool.begin().await?;
        let now = self.core.context.clock.now();
        match ratings::insert(&mut transaction, &caller.user_id, body, now).await? {
            Inserted::NoProduct => Err(RatingError::NotFound),
            Inserted::AlreadyRated => Err(RatingError::AlreadyRated),
            Inserted::Rating(rating) => {
                self.audit(&mut transaction, caller, "rating.created", &rating).await?;
                transaction.commit().await?;
                Ok((*rating).into())
            }
        }
    }

    /// Changes one's own rating, if it is not hidden.
    pub async fn update(
        &self,
        caller: &Caller,
        id: i32,
        body: UpdateRating,
    ) -> Result<OwnRating, RatingError> {
        allow(caller, Resource::Rating, Action::Update)?;
        body.check().map_err(|errors| RatingError::Invalid { errors })?;
        let change = RatingChange { comment: body.comment, rate: body.rate, hidden: None };
        Ok(self.change_own(caller, id, &change, "rating.updated").await?.into())
    }

    /// Rates a product, or changes the rating that the caller gave before: what the form of the page does.
    pub async fn save(&self, caller: &Caller, body: CreateRating) -> Result<OwnRating, RatingError> {
        match self.create(caller, &body).await {
            Err(RatingError::AlreadyRated) => {}
            other => return other,
        }
        let CreateRating { obj_id, category, rate, comment } = body;
        let own = ratings::find_own(&self.core.pool, &caller.user_id, obj_id, category).await?;
        let own = own.filter(|own| !own.hidden).ok_or(RatingError::AlreadyRated)?;
        let change = UpdateRating { comment: Some(comment.unwrap_or_default()), rate: Some(rate) };
        self.update(caller, own.id, change).await
    }

    /// Takes one's own rating back: it is hidden from then on.
    pub async fn hide(&self, caller: &Caller, id: i32) -> Result<(), RatingError> {
        allow(caller, Resource::Rating, Action::Delete)?;
        let change = RatingChange { hidden: Some(true), ..RatingChange::default() };
        self.change_own(caller, id, &change, "rating.hidden").await?;
        Ok(())
    }

    /// Asks administrators to look at a rating.
    pub async fn report(&self, caller: &Caller, id: i32, body: &ReportRating) -> Result<(), RatingError> {
        allow(caller, Resource::Rating, Action::Create)?;
        body.check().map_err(|errors| RatingError::Invalid { errors })?;
        let mut transaction = self.core.pool.begin().await?;
        let now = self.core.context.clock.now();
        let reason = kept_text(body.reason.as_deref());
        let author = ratings::report(&mut transaction, id, &caller.user_id, reason, now).await?;
        if author.is_none() {
            return Err(RatingError::NotFound);
        }
        // The author is not named as the owner: who reports a rating stays between them and the administrators.
        let entry = AuditEntry {
            details: json!({"rating_id": id}),
            ..self.core.context.audited_by(caller, "rating.reported")
        };
        audit_log::record(&mut transaction, entry).await?;
        Ok(transaction.commit().await?)
    }

    async fn change_own(
        &self,
        caller: &Caller,
        id: i32,
        change: &RatingChange,
        action: &'static str,
    ) -> Result<StoredRating, RatingError> {
        let mut transaction = self.core.pool.begin().await?;
        let now = self.core.context.clock.now();
        let changed = ratings::update(&mut transaction, id, Some(&caller.user_id), change, now).await?;
        let changed = changed.ok_or(RatingError::NotFound)?;
        self.audit(&mut transaction, caller, action, &changed).await?;
        transaction.commit().await?;
        Ok(changed)
    }

    /// Comments are not repeated in the audit log: a hidden one would stay there.
    pub(super) async fn audit(
        &self,
        connection: &mut PgConnection,
        caller: &Caller,
        action: &'static str,
        rating: &StoredRating,
    ) -> anyhow::Result<()> {
        let StoredRating { id, user_id, obj_id, category, rate, hidden, .. } = rating;
        let entry = AuditEntry {
            owner_id: Some(user_id),
            details: json!({"rating_id": id, "obj_id": obj_id, "category": category.as_str(), "rate": rate,
                "hidden": hidden}),
            ..self.core.context.audited_by(caller, action)
        };
        audit_log::record(connection, entry).await
    }
}
