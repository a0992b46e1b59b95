//! The connection pool: what it saves, and that nobody gets what belongs to somebody else.

mod relay;

use std::time::Duration;

use sqlx::{Executor as _, PgConnection, PgPool};
use stacker::db::{Pool, PoolLimits};

use crate::commands::world::until;
use relay::Relay;

async fn backend(connection: &mut PgConnection) -> i32 {
    sqlx::query_scalar("select pg_backend_pid()").fetch_one(connection).await.unwrap()
}

async fn echoed(pool: &Pool, number: i64) -> sqlx::Result<i64> {
    sqlx::query_scalar("select $1::bigint").bind(number).fetch_one(pool).await
}

async fn count(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from t").fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrations = false)]
async fn a_statement_takes_one_message(database: PgPool) {
    let relay = Relay::to(&database);
    let pool = relay.pool(1);
    echoed(&pool, 0).await.unwrap();
    relay.messages();
    for number in 1..=100 {
        assert_eq!(echoed(&pool, number).await.unwrap(), number);
    }
    // A connection that rested, on a busy machine, is tested first.
    let messages = relay.messages();
    assert!((100..=110).contains(&messages), "{messages} messages for 100 statements");
}

#[sqlx::test(migrations = false)]
async fn whoever_leaves_in_the_middle_of_a_statement_leaves_no_answer_behind(database: PgPool) {
    let relay = Relay::to(&database);
    let pool = relay.pool(1);
    echoed(&pool, 0).await.unwrap();
    for number in 1..=10 {
        relay.hold_answers();
        relay.messages();
        let left = pool.clone();
        let asking = tokio::spawn(async move { echoed(&left, -number).await });
        relay.somebody_asked().await;
        asking.abort();
        assert!(asking.await.unwrap_err().is_cancelled());
        relay.let_answers_pass();
        assert_eq!(echoed(&pool, number).await.unwrap(), number);
    }
}

#[sqlx::test(migrations = false)]
async fn whoever_leaves_while_a_transaction_begins_leaves_none_open(database: PgPool) {
    database.execute("create table t (n integer)").await.unwrap();
    let relay = Relay::to(&database);
    let pool = relay.pool(1);
    echoed(&pool, 0).await.unwrap();
    relay.hold_answers();
    relay.messages();
    let left = pool.clone();
    let beginning = tokio::spawn(async move { left.begin().await.map(drop) });
    relay.somebody_asked().await;
    beginning.abort();
    assert!(beginning.await.unwrap_err().is_cancelled());
    relay.let_answers_pass();

    pool.execute("insert into t values (1)").await.unwrap();

    assert_eq!(count(&database).await, 1, "the statement was committed on its own");
}

#[sqlx::test(migrations = false)]
async fn a_storm_of_people_who_leave_loses_and_mixes_up_nothing(database: PgPool) {
    database.execute("create table t (n bigint, half integer)").await.unwrap();
    let pool = Pool::new(database.connect_options().as_ref().clone(), PoolLimits { max_connections: 3 });
    let tasks: Vec<_> = (0..8_i64).map(|task| tokio::spawn(storm(pool.clone(), task))).collect();
    let mut committed = Vec::new();
    for task in tasks {
        committed.extend(task.await.unwrap());
    }
    assert!(!committed.is_empty());
    let halves: Vec<(i64, i64)> =
        sqlx::query_as("select n, count(*) from t group by n").fetch_all(&database).await.unwrap();
    for (n, rows) in &halves {
        assert_eq!(*rows, 2, "transaction {n} was committed in part");
    }
    for n in committed {
        assert!(halves.iter().any(|(stored, _)| *stored == n), "transaction {n} was committed and is gone");
    }
}

/// Statements and transactions that are given up after different times. Returns the transactions that were committed for sure.
async fn storm(pool: Pool, task: i64) -> Vec<i64> {
    let mut committed = Vec::new();
    for round in 0..60_i64 {
        let n = task * 1000 + round;
        // A third of them waits for the end, however busy the machine is.
        let micros = if round % 3 == 0 { 60_000_000 } else { (n * 7919) % 3000 };
        let patience = Duration::from_micros(u64::try_from(micros).unwrap());
        if let Ok(echo) = tokio::time::timeout(patience, echoed(&pool, n)).await {
            assert_eq!(echo.unwrap(), n, "the answer belongs to another statement");
        }
        let transaction = async {
            let mut transaction = pool.begin().await?;
            for half in 0..2 {
                sqlx::query("insert into t values ($1, $2)")
                    .bind(n)
                    .bind(half)
                    .execute(&mut *transaction)
                    .await?;
            }
            transaction.commit().await
        };
        if tokio::time::timeout(patience * 4, transaction).await.is_ok_and(|done| done.is_ok()) {
            committed.push(n);
        }
    }
    committed
}

#[sqlx::test(migrations = false)]
async fn a_transaction_that_is_dropped_is_rolled_back_and_its_connection_stays(database: PgPool) {
    database.execute("create table t (n integer)").await.unwrap();
    let pool = Pool::new(database.connect_options().as_ref().clone(), PoolLimits { max_connections: 1 });
    let before = backend(&mut pool.acquire().await.unwrap()).await;
    let mut transaction = pool.begin().await.unwrap();
    transaction.execute("insert into t values (1)").await.unwrap();
    drop(transaction);
    assert_eq!(backend(&mut pool.acquire().await.unwrap()).await, before);
    assert_eq!(count(&database).await, 0);
}

#[sqlx::test(migrations = false)]
async fn a_statement_that_is_refused_costs_no_connection(database: PgPool) {
    database.execute("create table t (n integer unique deferrable initially deferred)").await.unwrap();
    let pool = Pool::new(database.connect_options().as_ref().clone(), PoolLimits { max_connections: 1 });
    let before = backend(&mut pool.acquire().await.unwrap()).await;

    pool.execute("select 1 / 0").await.unwrap_err();
    assert_eq!(echoed(&pool, 7).await.unwrap(), 7);

    // Refused at the end only.
    let mut transaction = pool.begin().await.unwrap();
    transaction.execute("insert into t values (1), (1)").await.unwrap();
    let refused = transaction.commit().await.unwrap_err();
    assert!(refused.as_database_error().is_some_and(|error| error.is_unique_violation()), "{refused}");
    pool.execute("insert into t values (2)").await.unwrap();

    assert_eq!(count(&database).await, 1);
    assert_eq!(backend(&mut pool.acquire().await.unwrap()).await, before);
}

/// Kills every connection of the pool, and waits until the backends are gone.
async fn kill(database: &PgPool) {
    let others = "from pg_stat_activity where datname = current_database() and application_name = 'pooled'";
    database
        .execute(sqlx::AssertSqlSafe(format!("select pg_terminate_backend(pid) {others}")))
        .await
        .unwrap();
    until("the backends are gone", || async {
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select count(*) {others}")))
            .fetch_one(database)
            .await
            .unwrap();
        left == 0
    })
    .await;
}

#[sqlx::test(migrations = false)]
async fn killed_backends_cost_no_transaction_and_at_most_one_statement(database: PgPool) {
    let options = database.connect_options().as_ref().clone().application_name("pooled");
    let pool = Pool::new(options, PoolLimits { max_connections: 4 });
    for _ in 0..3 {
        let (one, two, three, four) =
            tokio::join!(pool.acquire(), pool.acquire(), pool.acquire(), pool.acquire());
        drop((one.unwrap(), two.unwrap(), three.unwrap(), four.unwrap()));
        kill(&database).await;
        let mut transaction = pool.begin().await.unwrap();
        assert!(backend(&mut transaction).await > 0);
        transaction.commit().await.unwrap();
        for number in 0..8 {
            assert_eq!(echoed(&pool, number).await.unwrap(), number, "the others were tested");
        }

        kill(&database).await;
        let failed = usize::from(echoed(&pool, 1).await.is_err());
        for number in 0..8 {
            assert_eq!(echoed(&pool, number).await.unwrap(), number, "{failed} failed before");
        }
    }
}

#[sqlx::test(migrations = false)]
async fn while_the_database_restarts_callers_wait(database: PgPool) {
    let mut relay = Relay::to(&database);
    let pool = relay.pool(2);
    let (one, two) = tokio::join!(pool.acquire(), pool.acquire());
    drop((one.unwrap(), two.unwrap()));
    relay.go_away();
    let waiting: Vec<_> = (0..4)
        .map(|number| {
            let pool = pool.clone();
            tokio::spawn(async move {
                let mut transaction = pool.begin().await?;
                sqlx::query_scalar::<_, i64>("select $1::bigint")
                    .bind(number)
                    .fetch_one(&mut *transaction)
                    .await
            })
        })
        .collect();
    until("both dead connections are found", || async { pool.size() == 0 }).await;
    relay.come_back();
    for (number, waiting) in waiting.into_iter().enumerate() {
        assert_eq!(waiting.await.unwrap().unwrap(), i64::try_from(number).unwrap());
    }
}

#[sqlx::test(migrations = false)]
async fn a_closed_pool_waits_for_those_who_use_it_and_lets_nobody_in(database: PgPool) {
    let pool = Pool::from(&database);
    let mut used = pool.acquire().await.unwrap();
    drop(pool.acquire().await.unwrap());
    let closing = tokio::spawn({
        let pool = pool.clone();
        async move { pool.close().await }
    });
    until("it is closed", || async { matches!(pool.acquire().await, Err(sqlx::Error::PoolClosed)) }).await;
    assert!(backend(&mut used).await > 0);
    assert!(!closing.is_finished());
    drop(used);
    closing.await.unwrap();
    assert_eq!(pool.size(), 0);
}
