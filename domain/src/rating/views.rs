//! What callers see of ratings.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Category, Distribution};

/// What everybody sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rating {
    pub id: i32,
    pub user_id: String,
    pub obj_id: i32,
    pub category: Category,
    /// Plain text: escape it before you show it.
    pub comment: Option<String>,
    /// 0 to 10.
    pub rate: i32,
}

/// What its author sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnRating {
    pub id: i32,
    pub user_id: String,
    pub obj_id: i32,
    pub category: Category,
    pub comment: Option<String>,
    /// 0 to 10.
    pub rate: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// What administrators see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnyRating {
    pub id: i32,
    pub user_id: String,
    pub obj_id: i32,
    pub category: Category,
    pub comment: Option<String>,
    /// 0 to 10.
    pub rate: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub hidden: bool,
    /// How many people have reported it since an administrator last decided about it.
    pub open_reports: i64,
    /// The newest of these reports. Not in lists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<RatingReport>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RatingReport {
    pub user_id: String,
    pub reason: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// What the ratings of a product say together. Hidden ones do not count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RatingSummary {
    pub obj_id: i32,
    /// Absent: of all categories together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    pub count: u32,
    /// A Bayesian mean, which begins in the middle of the scale; null without a rating.
    pub average: Option<f64>,
    /// How often each rate from 0 to 10 was given.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<u32>, min_items = 11, max_items = 11))]
    pub distribution: Distribution,
}

impl RatingSummary {
    pub fn of(obj_id: i32, category: Option<Category>, distribution: Distribution) -> Self {
        Self { obj_id, category, count: distribution.count(), average: distribution.average(), distribution }
    }
}

/// What the page of a product shows of one category.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductRatings {
    /// The kind of the product: `Application`.
    pub obj_type: String,
    pub summary: RatingSummary,
    /// That of the person who looks at the page.
    pub own: Option<OwnRating>,
    /// It does not count: its author took it back, or an administrator hid it.
    pub own_is_hidden: bool,
    /// Newest first.
    pub ratings: Vec<ShownRating>,
    /// Where the next page begins.
    pub next: Option<i32>,
}

/// A rating without its author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownRating {
    pub id: i32,
    pub rate: i32,
    pub comment: Option<String>,
    pub updated_at: DateTime<Utc>,
    /// Whether the person who looks at the page wrote it.
    pub is_own: bool,
}
