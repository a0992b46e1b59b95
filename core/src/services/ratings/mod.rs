//! Ratings of products.
//!
//! - this file: what everybody reads
//! - [`write`]: adding, changing and taking back one's own rating, and reporting those of others
//! - [`moderate`]: what administrators do

mod error;
mod moderate;
mod write;

use std::sync::Arc;

use anyhow::Context as _;
use domain::{
    access::{Action, Caller, Resource, may},
    rating::{Category, OwnRating, ProductRatings, Rating, RatingSummary, ShownRating},
};

pub use crate::db::ratings::RatingFilter;
pub use error::RatingError;

use crate::{
    db::ratings::{self, StoredRating},
    services::{
        core::Core,
        page::{Listed, Page},
    },
};

#[derive(Clone, Debug)]
pub struct Ratings {
    core: Arc<Core>,
}

impl Ratings {
    pub(super) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// What is not hidden, newest first: `after` is the smallest id of the previous page. Open to everybody.
    pub async fn list(
        &self,
        obj_id: Option<i32>,
        category: Option<Category>,
        page: Page,
    ) -> Result<Listed<Rating>, RatingError> {
        let filter = RatingFilter { obj_id, category, ..RatingFilter::default() };
        Ok(self.listed(filter, page).await?.map(Rating::from))
    }

    /// One that is not hidden. Open to everybody.
    pub async fn get(&self, id: i32) -> Result<Rating, RatingError> {
        let mut connection = self.core.pool.acquire().await.context("reading a rating")?;
        let found = ratings::find(&mut connection, id).await?.filter(|rating| !rating.hidden);
        Ok(found.ok_or(RatingError::NotFound)?.into())
    }

    /// What the ratings of a product say together. Open to everybody.
    pub async fn summary(
        &self,
        obj_id: i32,
        category: Option<Category>,
    ) -> Result<RatingSummary, RatingError> {
        self.product_type(obj_id).await?;
        let distribution = ratings::distribution(&self.core.pool, obj_id, category).await?;
        Ok(RatingSummary::of(obj_id, category, distribution))
    }

    /// What the page of a product shows.
    pub async fn of_product(
        &self,
        caller: &Caller,
        obj_id: i32,
        category: Category,
        page: Page,
    ) -> Result<ProductRatings, RatingError> {
        allow(caller, Resource::Rating, Action::Read)?;
        let obj_type = self.product_type(obj_id).await?;
        let own = ratings::find_own(&self.core.pool, &caller.user_id, obj_id, category).await?;
        let filter =
            RatingFilter { obj_id: Some(obj_id), category: Some(category), ..RatingFilter::default() };
        let listed = self.listed(filter, page).await?;
        let shown = listed.map(|rating| ShownRating {
            id: rating.id,
            rate: rating.rate,
            comment: rating.comment,
            updated_at: rating.updated_at,
            is_own: rating.user_id == caller.user_id,
        });
        Ok(ProductRatings {
            obj_type,
            summary: self.summary(obj_id, Some(category)).await?,
            own_is_hidden: own.as_ref().is_some_and(|own| own.hidden),
            own: own.map(OwnRating::from),
            ratings: shown.items,
            next: shown.next,
        })
    }

    async fn listed(&self, filter: RatingFilter, page: Page) -> anyhow::Result<Listed<StoredRating>> {
        let rows = ratings::list(&self.core.pool, filter, page.after, page.rows()).await?;
        Ok(Listed::of(page, rows, |rating| rating.id))
    }

    async fn product_type(&self, obj_id: i32) -> Result<String, RatingError> {
        ratings::product_type(&self.core.pool, obj_id).await?.ok_or(RatingError::NotFound)
    }
}

fn allow(caller: &Caller, resource: Resource, action: Action) -> Result<(), RatingError> {
    if may(caller, resource, action) { Ok(()) } else { Err(RatingError::Forbidden) }
}
