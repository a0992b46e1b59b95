//! Ratings: one for each user, whose they are, what is counted, reports and moderation.

use domain::rating::{Category, CreateRating, ModerateRating, OwnRating, ReportRating, UpdateRating};
use sqlx::PgPool;
use stacker::services::{Page, RatingError, Ratings};

use crate::helpers::{World, admin, user};

fn rating(category: Category, rate: i32) -> CreateRating {
    CreateRating { obj_id: 1, category, rate, comment: Some("fine".to_owned()) }
}

async fn rate(ratings: &Ratings, who: &str, rate: i32) -> OwnRating {
    ratings.create(&user(who), &rating(Category::Application, rate)).await.unwrap()
}

fn hidden(hidden: bool) -> ModerateRating {
    ModerateRating { hidden: Some(hidden), ..ModerateRating::default() }
}

#[sqlx::test(migrations = "../migrations")]
async fn of_two_ratings_sent_at_once_one_is_refused(pool: PgPool) {
    let world = World::of(pool);
    let other = world.twin();
    for category in Category::ALL {
        let body = rating(category, 8);
        let (ada, here, there) = (user("ada"), world.services.ratings(), other.services.ratings());
        let (first, second) = tokio::join!(here.create(&ada, &body), there.create(&ada, &body));
        let (made, refused) = if first.is_ok() { (first, second) } else { (second, first) };
        assert_eq!(made.unwrap().category, category);
        assert!(matches!(refused, Err(RatingError::AlreadyRated)), "{category:?}");
    }
    let kept: i64 = sqlx::query_scalar("select count(*) from rating").fetch_one(&world.pool).await.unwrap();
    assert_eq!(kept, 9, "each category can be stored, once");
}

#[sqlx::test(migrations = "../migrations")]
async fn one_that_waits_for_the_other_transaction_is_refused_once_that_commits(pool: PgPool) {
    let world = World::of(pool.clone());
    let mut first = pool.begin().await.unwrap();
    sqlx::query(
        "insert into rating (user_id, obj_id, category, rate, created_at, updated_at)
         values ('ada', 1, 'application', 3, now(), now())",
    )
    .execute(&mut *first)
    .await
    .unwrap();
    let ratings = world.services.ratings();
    let second =
        tokio::spawn(async move { ratings.create(&user("ada"), &rating(Category::Application, 9)).await });
    crate::commands::world::until("the second waits for the first", || async {
        sqlx::query_scalar("select exists (select from pg_locks where not granted)")
            .fetch_one(&pool)
            .await
            .unwrap()
    })
    .await;
    first.commit().await.unwrap();
    assert!(matches!(second.await.unwrap(), Err(RatingError::AlreadyRated)));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_rating_that_was_taken_back_counts_as_rated_and_not_in_the_average(pool: PgPool) {
    let world = World::of(pool);
    let ratings = world.services.ratings();
    let made = rate(&ratings, "ada", 10).await;
    rate(&ratings, "eva", 4).await;
    ratings.hide(&user("ada"), made.id).await.unwrap();

    let again = ratings.create(&user("ada"), &rating(Category::Application, 1)).await;
    assert!(matches!(again, Err(RatingError::AlreadyRated)));
    let again = ratings.save(&user("ada"), rating(Category::Application, 1)).await;
    assert!(matches!(again, Err(RatingError::AlreadyRated)));
    assert!(matches!(ratings.get(made.id).await, Err(RatingError::NotFound)));
    let hidden_twice = ratings.hide(&user("ada"), made.id).await;
    assert!(matches!(hidden_twice, Err(RatingError::NotFound)));
    let summary = ratings.summary(1, Some(Category::Application)).await.unwrap();
    assert_eq!((summary.count, summary.distribution.counts()[4]), (1, 1));
    let shown = ratings.list(None, None, Page::default()).await.unwrap();
    assert_eq!(shown.items.iter().map(|rating| rating.rate).collect::<Vec<_>>(), [4]);
    let own = ratings.of_product(&user("ada"), 1, Category::Application, Page::default()).await.unwrap();
    assert!(own.own_is_hidden && own.own.is_some());
}

#[sqlx::test(migrations = "../migrations")]
async fn only_the_author_changes_a_rating(pool: PgPool) {
    let world = World::of(pool);
    let ratings = world.services.ratings();
    let made = rate(&ratings, "ada", 7).await;
    let change = UpdateRating { comment: Some(" better\nnow ".to_owned()), rate: Some(8) };
    for who in ["eva", "mallory"] {
        let refused = ratings.update(&user(who), made.id, change.clone()).await;
        assert!(matches!(refused, Err(RatingError::NotFound)), "{who}");
        assert!(matches!(ratings.hide(&user(who), made.id).await, Err(RatingError::NotFound)), "{who}");
    }
    let changed = ratings.update(&user("ada"), made.id, change).await.unwrap();
    assert_eq!((changed.rate, changed.comment.as_deref()), (8, Some("better\nnow")));
    let nothing = ratings.update(&user("ada"), made.id, UpdateRating::default()).await.unwrap();
    assert_eq!((nothing.rate, nothing.comment.as_deref()), (8, Some("better\nnow")));
    let without = UpdateRating { comment: Some("  ".to_owned()), rate: None };
    assert_eq!(ratings.update(&user("ada"), made.id, without).await.unwrap().comment, None);
    let saved = ratings.save(&user("ada"), rating(Category::Application, 2)).await.unwrap();
    assert_eq!((saved.id, saved.rate), (made.id, 2), "the form changes the rating that is there");
}

#[sqlx::test(migrations = "../migrations")]
async fn what_does_not_exist_cannot_be_rated(pool: PgPool) {
    let ratings = World::of(pool).services.ratings();
    let body = CreateRating { obj_id: 2, ..rating(Category::Price, 5) };
    assert!(matches!(ratings.create(&user("ada"), &body).await, Err(RatingError::NotFound)));
    assert!(matches!(ratings.summary(2, None).await, Err(RatingError::NotFound)));
    let body = rating(Category::Price, 11);
    assert!(matches!(ratings.create(&user("ada"), &body).await, Err(RatingError::Invalid { .. })));
}

#[sqlx::test(migrations = "../migrations")]
async fn a_report_stays_open_until_an_administrator_decides(pool: PgPool) {
    let world = World::of(pool);
    let ratings = world.services.ratings();
    let made = rate(&ratings, "ada", 7).await;
    rate(&ratings, "eva", 7).await;
    let report = ReportRating { reason: Some("rude".to_owned()) };
    for who in ["eva", "eva", "bob"] {
        ratings.report(&user(who), made.id, &report).await.unwrap();
    }
    let reported = async || {
        let listed = ratings.list_any(&admin(), true, Page::default()).await.unwrap();
        listed.items.into_iter().map(|rating| (rating.id, rating.open_reports)).collect::<Vec<_>>()
    };
    assert_eq!(reported().await, [(made.id, 2)]);
    let told = ratings.get_any(&admin(), made.id).await.unwrap();
    assert_eq!(told.reports.len(), 2);
    assert_eq!(told.reports[0].reason.as_deref(), Some("rude"));

    ratings.moderate(&admin(), made.id, hidden(false)).await.unwrap();
    assert!(reported().await.is_empty(), "it was looked at and stays");
    ratings.report(&user("eva"), made.id, &report).await.unwrap();
    assert!(reported().await.is_empty(), "nothing has changed since");
    world.clock.advance(chrono::TimeDelta::seconds(1));
    let change = UpdateRating { comment: Some("ruder".to_owned()), rate: None };
    ratings.update(&user("ada"), made.id, change).await.unwrap();
    ratings.report(&user("eva"), made.id, &report).await.unwrap();
    assert_eq!(reported().await, [(made.id, 1)]);

    ratings.moderate(&admin(), made.id, hidden(true)).await.unwrap();
    assert!(reported().await.is_empty());
    let refused = ratings.update(&user("ada"), made.id, UpdateRating::default()).await;
    assert!(matches!(refused, Err(RatingError::NotFound)), "a hidden rating is not changed");
    let refused = ratings.report(&user("eva"), made.id, &report).await;
    assert!(matches!(refused, Err(RatingError::NotFound)));
    assert_eq!(ratings.list_any(&admin(), false, Page::default()).await.unwrap().items.len(), 2);
}

#[sqlx::test(migrations = "../migrations")]
async fn moderation_is_for_administrators(pool: PgPool) {
    let ratings = World::of(pool).services.ratings();
    let made = rate(&ratings, "ada", 7).await;
    let ada = user("ada");
    let refusals = [
        ratings.list_any(&ada, false, Page::default()).await.err(),
        ratings.get_any(&ada, made.id).await.err(),
        ratings.moderate(&ada, made.id, hidden(true)).await.err(),
        ratings.delete_any(&ada, made.id).await.err(),
    ];
    for refusal in refusals {
        assert!(matches!(refusal, Some(RatingError::Forbidden)), "{refusal:?}");
    }
    ratings.report(&user("eva"), made.id, &ReportRating::default()).await.unwrap();
    ratings.delete_any(&admin(), made.id).await.unwrap();
    rate(&ratings, "ada", 1).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn lists_are_paged(pool: PgPool) {
    let ratings = World::of(pool).services.ratings();
    for who in ["a", "b", "c"] {
        rate(&ratings, who, 5).await;
    }
    let page = |after| Page { limit: Some(2), after };
    let first = ratings.list(Some(1), Some(Category::Application), page(None)).await.unwrap();
    let authors = |items: &[domain::rating::Rating]| -> String {
        items.iter().map(|rating| rating.user_id.as_str()).collect()
    };
    assert_eq!(authors(&first.items), "cb");
    let second = ratings.list(Some(1), None, page(first.next)).await.unwrap();
    assert_eq!((authors(&second.items).as_str(), second.next), ("a", None));
    assert!(ratings.list(None, Some(Category::Cloud), page(None)).await.unwrap().items.is_empty());
}
