//! What administrators do with the ratings of all users.

use anyhow::Context as _;
use domain::{
    access::{Action, Caller, Resource},
    rating::{AnyRating, ModerateRating},
};
use serde_json::json;

use super::{RatingError, RatingFilter, Ratings, allow};
use crate::{
    db::{
        audit_log::{self, AuditEntry},
        ratings::{self, RatingChange},
    },
    services::page::{Listed, Page},
};

/// The most reports that are shown with a rating.
const MAX_REPORTS: i64 = 100;

impl Ratings {
    /// Ratings of all users, hidden ones too, newest first. `reported`: only those that somebody has reported since an administrator
    /// last decided about them.
    pub async fn list_any(
        &self,
        caller: &Caller,
        reported: bool,
        page: Page,
    ) -> Result<Listed<AnyRating>, RatingError> {
        allow(caller, Resource::AnyRating, Action::Read)?;
        let filter = RatingFilter { reported, hidden_too: true, ..RatingFilter::default() };
        Ok(self.listed(filter, page).await?.map(|rating| rating.with_reports(Vec::new())))
    }

    pub async fn get_any(&self, caller: &Caller, id: i32) -> Result<AnyRating, RatingError> {
        allow(caller, Resource::AnyRating, Action::Read)?;
        let mut connection = self.core.pool.acquire().await.context("reading a rating")?;
        let rating = ratings::find(&mut connection, id).await?.ok_or(RatingError::NotFound)?;
        Ok(rating.with_reports(ratings::open_reports(&mut connection, id, MAX_REPORTS).await?))
    }

    /// Changes, hides or shows a rating. Whatever is decided, open reports of it are settled.
    pub async fn moderate(
        &self,
        caller: &Caller,
        id: i32,
        body: ModerateRating,
    ) -> Result<AnyRating, RatingError> {
        allow(caller, Resource::AnyRating, Action::Update)?;
        body.check().map_err(|errors| RatingError::Invalid { errors })?;
        let ModerateRating { comment, rate, hidden } = body;
        let change = RatingChange { comment, rate, hidden };
        let mut transaction = self.core.pool.begin().await?;
        let now = self.core.context.clock.now();
        let changed = ratings::update(&mut transaction, id, None, &change, now).await?;
        let mut changed = changed.ok_or(RatingError::NotFound)?;
        ratings::settle_reports(&mut transaction, id, now).await?;
        changed.open_reports = 0;
        self.audit(&mut transaction, caller, "rating.moderated", &changed).await?;
        transaction.commit().await?;
        Ok(changed.with_reports(Vec::new()))
    }

    /// Deletes a rating for good. Its author may rate again.
    pub async fn delete_any(&self, caller: &Caller, id: i32) -> Result<(), RatingError> {
        allow(caller, Resource::AnyRating, Action::Delete)?;
        let mut transaction = self.core.pool.begin().await?;
        let author = ratings::delete(&mut transaction, id).await?.ok_or(RatingError::NotFound)?;
        let entry = AuditEntry {
            owner_id: Some(&author),
            details: json!({"rating_id": id}),
            ..self.core.context.audited_by(caller, "rating.deleted")
        };
        audit_log::record(&mut transaction, entry).await?;
        Ok(transaction.commit().await?)
    }
}
