//! Tables `rating`, `rating_report` and `product`: what users think of products.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::rating::{
    AnyRating, Category, CreateRating, Distribution, OwnRating, Rating, RatingReport, kept_text,
};
use sqlx::PgConnection;

use crate::db::Pool;

const PRODUCT: &str = "rating_obj_id_fkey";

/// A rating as it is stored.
#[derive(Clone, Debug)]
pub struct StoredRating {
    pub id: i32,
    pub user_id: String,
    pub obj_id: i32,
    pub category: Category,
    pub comment: Option<String>,
    pub rate: i32,
    pub hidden: bool,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub open_reports: i64,
}

impl From<StoredRating> for Rating {
    fn from(stored: StoredRating) -> Self {
        let StoredRating { id, user_id, obj_id, category, comment, rate, .. } = stored;
        Self { id, user_id, obj_id, category, comment, rate }
    }
}

impl From<StoredRating> for OwnRating {
    fn from(stored: StoredRating) -> Self {
        let StoredRating { id, user_id, obj_id, category, comment, rate, created_at, updated_at, .. } =
            stored;
        Self { id, user_id, obj_id, category, comment, rate, created_at, updated_at }
    }
}

impl StoredRating {
    /// What administrators see, with the newest reports.
    pub fn with_reports(self, reports: Vec<RatingReport>) -> AnyRating {
        AnyRating {
            id: self.id,
            user_id: self.user_id,
            obj_id: self.obj_id,
            category: self.category,
            comment: self.comment,
            rate: self.rate,
            created_at: self.created_at,
            updated_at: self.updated_at,
            hidden: self.hidden,
            open_reports: self.open_reports,
            reports,
        }
    }
}

struct Row {
    id: i32,
    user_id: String,
    obj_id: i32,
    category: String,
    comment: Option<String>,
    rate: i32,
    hidden: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    open_reports: i64,
}

impl TryFrom<Row> for StoredRating {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> anyhow::Result<Self> {
        Ok(Self {
            category: Category::named(&row.category).context("a stored category is unknown")?,
            id: row.id,
            user_id: row.user_id,
            obj_id: row.obj_id,
            comment: row.comment,
            rate: row.rate,
            hidden: row.hidden,
            created_at: row.created_at,
            updated_at: row.updated_at,
            open_reports: row.open_reports,
        })
    }
}

/// Whether a rating was inserted, and why not.
#[derive(Debug)]
pub enum Inserted {
    Rating(Box<StoredRating>),
    /// There is no product with this id.
    NoProduct,
    /// This user has rated this category of this product before; the rating may be hidden.
    AlreadyRated,
}

/// What a list of ratings is limited to.
#[derive(Clone, Copy, Debug, Default)]
pub struct RatingFilter {
    pub obj_id: Option<i32>,
    pub category: Option<Category>,
    /// Only those with open reports.
    pub reported: bool,
    /// Hidden ones too.
    pub hidden_too: bool,
}

/// A change of a rating. What is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct RatingChange {
    /// An empty text removes the comment.
    pub comment: Option<String>,
    pub rate: Option<i32>,
    pub hidden: Option<bool>,
}

pub async fn product_type(pool: &Pool, obj_id: i32) -> anyhow::Result<Option<String>> {
    sqlx::query_scalar!("select obj_type from product where obj_id = $1", obj_id)
        .fetch_optional(pool)
        .await
        .context("looking up a product")
}

/// The constraint decides between two that are sent at once.
pub async fn insert(
    connection: &mut PgConnection,
    user_id: &str,
    new: &CreateRating,
    now: DateTime<Utc>,
) -> anyhow::Result<Inserted> {
    let row = sqlx::query_as!(
        Row,
        r#"
        insert into rating (user_id, obj_id, category, comment, rate, created_at, updated_at)
        values ($1, $2, $3::text::rate_category, $4, $5, $6, $6)
        on conflict on constraint rating_is_unique do nothing
        returning id, user_id, obj_id, category::text as "category!", comment, rate, hidden, created_at, updated_at,
            0::bigint as "open_reports!"
        "#,
        user_id,
        new.obj_id,
        new.category.as_str(),
        kept_text(new.comment.as_deref()),
        new.rate,
        now,
    )
    .fetch_optional(connection)
    .await;
    match row {
        Ok(Some(row)) => Ok(Inserted::Rating(Box::new(row.try_into()?))),
        Ok(None) => Ok(Inserted::AlreadyRated),
        Err(sqlx::Error::Database(error)) if error.constraint() == Some(PRODUCT) => Ok(Inserted::NoProduct),
        Err(error) => Err(error).context("storing a rating"),
    }
}

/// Newest first: `after` is the smallest id of the previous page.
pub async fn list(
    pool: &Pool,
    filter: RatingFilter,
    after: Option<i32>,
    limit: i64,
) -> anyhow::Result<Vec<StoredRating>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select r.id, r.user_id, r.obj_id, r.category::text as "category!", r.comment, r.rate, r.hidden,
            r.created_at, r.updated_at,
            (select count(*) from rating_report p where p.rating_id = r.id and p.settled_at is null) as "open_reports!"
        from rating r
        where ($1::integer is null or r.obj_id = $1)
            and ($2::text is null or r.category = $2::text::rate_category)
            and ($3::boolean or not r.hidden)
            and (not $4::boolean
                or exists (select from rating_report p where p.rating_id = r.id and p.settled_at is null))
            and ($5::integer is null or r.id < $5)
        order by r.id desc
        limit $6
        "#,
        filter.obj_id,
        filter.category.map(Category::as_str),
        filter.hidden_too,
        filter.reported,
        after,
        limit,
    )
    .fetch_all(pool)
    .await
    .context("listing ratings")?;
    rows.into_iter().map(StoredRating::try_from).collect()
}

/// Any rating, hidden ones too.
pub async fn find(connection: &mut PgConnection, id: i32) -> anyhow::Result<Option<StoredRating>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select r.id, r.user_id, r.obj_id, r.category::text as "category!", r.comment, r.rate, r.hidden,
            r.created_at, r.updated_at,
            (select count(*) from rating_report p where p.rating_id = r.id and p.settled_at is null) as "open_reports!"
        from rating r
        where r.id = $1
        "#,
        id,
    )
    .fetch_optional(connection)
    .await
    .context("reading a rating")?;
    row.map(StoredRating::try_from).transpose()
}

/// What this user thinks of this side of a product, even if it is hidden.
pub async fn find_own(
    pool: &Pool,
    user_id: &str,
    obj_id: i32,
    category: Category,
) -> anyhow::Result<Option<StoredRating>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        select id, user_id, obj_id, category::text as "category!", comment, rate, hidden, created_at, updated_at,
            0::bigint as "open_reports!"
        from rating
        where user_id = $1 and obj_id = $2 and category = $3::text::rate_category
        "#,
        user_id,
        obj_id,
        category.as_str(),
    )
    .fetch_optional(pool)
    .await
    .context("reading the rating of a user")?;
    row.map(StoredRating::try_from).transpose()
}

/// Changes a rating. `author`: only one of this user that is not hidden; `None`: any.
pub async fn update(
    connection: &mut PgConnection,
    id: i32,
    author: Option<&str>,
    change: &RatingChange,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<StoredRating>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        update rating r
        set comment = case when $3::boolean then $4 else comment end, rate = coalesce($5, rate),
            hidden = coalesce($6, hidden), updated_at = $7
        where id = $1 and ($2::text is null or (user_id = $2 and not hidden))
        returning id, user_id, obj_id, category::text as "category!", comment, rate, hidden, created_at, updated_at,
            (select count(*) from rating_report p where p.rating_id = r.id and p.settled_at is null) as "open_reports!"
        "#,
        id,
        author,
        change.comment.is_some(),
        kept_text(change.comment.as_deref()),
        change.rate,
        change.hidden,
        now,
    )
    .fetch_optional(connection)
    .await
    .context("changing a rating")?;
    row.map(StoredRating::try_from).transpose()
}

/// Deletes a rating and its reports for good.
pub async fn delete(connection: &mut PgConnection, id: i32) -> anyhow::Result<Option<String>> {
    sqlx::query_scalar!("delete from rating where id = $1 returning user_id", id)
        .fetch_optional(connection)
        .await
        .context("deleting a rating")
}

/// How often each rate was given to a product. Hidden ratings do not count.
pub async fn distribution(
    pool: &Pool,
    obj_id: i32,
    category: Option<Category>,
) -> anyhow::Result<Distribution> {
    let rows = sqlx::query!(
        r#"
        select rate, count(*) as "count!"
        from rating
        where obj_id = $1 and ($2::text is null or category = $2::text::rate_category) and not hidden
        group by rate
        "#,
        obj_id,
        category.map(Category::as_str),
    )
    .fetch_all(pool)
    .await
    .context("counting ratings")?;
    Ok(Distribution::of(rows.into_iter().map(|row| (row.rate, u32::try_from(row.count).unwrap_or(u32::MAX)))))
}

/// Reports a rating that is not hidden. Another report of the same user replaces the first; it is open again only if the rating was
/// changed after an administrator decided about it. `None`: there is no such rating; otherwise its author.
pub async fn report(
    connection: &mut PgConnection,
    rating_id: i32,
    user_id: &str,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<String>> {
    let author = sqlx::query_scalar!(
        "select user_id from rating where id = $1 and not hidden for key share",
        rating_id
    )
    .fetch_optional(&mut *connection)
    .await
    .context("looking up a rating to report")?;
    if author.is_some() {
        sqlx::query!(
            "
            insert into rating_report (rating_id, user_id, reason, created_at)
            values ($1, $2, $3, $4)
            on conflict (rating_id, user_id) do update
            set reason = excluded.reason, created_at = excluded.created_at,
                settled_at = case
                    when (select updated_at from rating where id = $1) > rating_report.settled_at then null
                    else rating_report.settled_at
                end
            ",
            rating_id,
            user_id,
            reason,
            now,
        )
        .execute(connection)
        .await
        .context("storing a report")?;
    }
    Ok(author)
}

/// An administrator has decided about the rating.
pub async fn settle_reports(
    connection: &mut PgConnection,
    rating_id: i32,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    sqlx::query!(
        "update rating_report set settled_at = $2 where rating_id = $1 and settled_at is null",
        rating_id,
        now
    )
    .execute(connection)
    .await
    .context("settling reports")?;
    Ok(())
}

/// The newest open reports of a rating.
pub async fn open_reports(
    connection: &mut PgConnection,
    rating_id: i32,
    limit: i64,
) -> anyhow::Result<Vec<RatingReport>> {
    sqlx::query_as!(
        RatingReport,
        "
        select user_id, reason, created_at
        from rating_report
        where rating_id = $1 and settled_at is null
        order by created_at desc, user_id
        limit $2
        ",
        rating_id,
        limit,
    )
    .fetch_all(connection)
    .await
    .context("reading reports")
}
