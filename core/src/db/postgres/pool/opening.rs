//! Opens connections, and tests those that were not used for a moment.

use std::{
    io::ErrorKind,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, postgres::PgConnectOptions};
use tokio::sync::Notify;

/// A connection used within this time is used again without a test. Busy servers stay far below it; on others a test is cheap.
const TRUSTED_FOR: Duration = Duration::from_millis(50);
const ANSWERS_WITHIN: Duration = Duration::from_secs(1);
/// A backend grows with the statements it has prepared and the tables it has seen.
const MAX_LIFETIME: Duration = Duration::from_secs(30 * 60);
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);
/// How often unused connections are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// One connection and what must be known about it before somebody else uses it.
pub struct Pooled {
    pub connection: PgConnection,
    /// From before `begin` is sent until its end was acknowledged.
    pub in_transaction: bool,
    /// The [`Opening::trust`] of the time when this connection was opened or last tested.
    trust: u64,
}

pub struct Opening {
    options: PgConnectOptions,
    /// Counts the signs that connections are broken. A connection with a lower number is tested before its next use.
    trust: AtomicU64,
    /// Questions that settled connections answer, each asked once.
    questions: AtomicU64,
    /// Told when a connection was closed.
    left: Notify,
    started: Instant,
    /// When unused connections were last looked for, in seconds since `started`.
    looked_at: AtomicU64,
}

impl Opening {
    pub fn new(options: PgConnectOptions) -> Self {
        Self {
            options,
            trust: AtomicU64::new(0),
            questions: AtomicU64::new(0),
            left: Notify::new(),
            started: Instant::now(),
            looked_at: AtomicU64::new(0),
        }
    }

    pub fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    pub fn distrust(&self) {
        self.trust.fetch_add(1, Ordering::AcqRel);
    }

    /// Returns after a connection was closed, at once if that happened since the last call.
    pub async fn one_left(&self) {
        self.left.notified().await;
    }

    /// Once a minute, for one caller.
    pub fn is_time_to_look_for_unused(&self) -> bool {
        let now = self.started.elapsed().as_secs();
        let last = self.looked_at.load(Ordering::Relaxed);
        now - last.min(now) >= LOOK_EVERY.as_secs()
            && self.looked_at.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// Asks a question that was never asked before, so that the answer to any other statement is not taken for its answer.
    pub async fn ask(&self, connection: &mut PgConnection) -> anyhow::Result<()> {
        let question = i64::try_from(self.questions.fetch_add(1, Ordering::Relaxed))?;
        let answer: i64 =
            sqlx::query_scalar("select $1::bigint").bind(question).fetch_one(connection).await?;
        (answer == question).then_some(()).context("the answer belongs to another statement")
    }
}

impl Manager for Opening {
    type Type = Pooled;
    type Error = sqlx::Error;

    /// Tries again while the database starts; the caller of the pool sets the limit.
    async fn create(&self) -> sqlx::Result<Pooled> {
        let mut pause = FIRST_PAUSE;
        loop {
            let trust = self.trust.load(Ordering::Acquire);
            match self.options.connect().await {
                Ok(connection) => return Ok(Pooled { connection, in_transaction: false, trust }),
                Err(error) if can_pass(&error) => tokio::time::sleep(pause).await,
                Err(error) => return Err(error),
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn recycle(&self, pooled: &mut Pooled, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        if metrics.age() > MAX_LIFETIME {
            return Err(RecycleError::message("old enough"));
        }
        let trust = self.trust.load(Ordering::Acquire);
        if pooled.trust == trust && metrics.last_used() < TRUSTED_FOR {
            return Ok(());
        }
        match tokio::time::timeout(ANSWERS_WITHIN, pooled.connection.ping()).await {
            Ok(Ok(())) => {
                pooled.trust = trust;
                Ok(())
            }
            Ok(Err(error)) => {
                self.distrust();
                Err(error.into())
            }
            Err(_) => Err(RecycleError::message("no answer")),
        }
    }

    fn detach(&self, _: &mut Pooled) {
        self.left.notify_one();
    }
}

/// The database does not listen yet, is starting or stopping, or has no connection left.
fn can_pass(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::NotFound),
        sqlx::Error::Database(error) => {
            error.code().is_some_and(|code| ["57P03", "53300"].contains(&code.as_ref()))
        }
        _ => false,
    }
}
