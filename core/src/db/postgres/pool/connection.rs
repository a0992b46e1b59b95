//! A connection on loan from the pool, and what happens when it is returned.

use std::ops::{Deref, DerefMut};

use deadpool::managed::Object;
use futures::FutureExt as _;
use sqlx::{Connection as _, PgConnection};
use tokio::runtime::Handle;

use super::{
    opening::{Opening, Pooled},
    settling::Unsettled,
};

/// Returns to the pool when it is dropped, also in the middle of a statement. Transactions begin with [`super::Pool::begin`] only.
pub struct Connection {
    /// `None` only while it is dropped.
    taken: Option<Object<Opening>>,
}

impl Connection {
    pub(super) fn new(taken: Object<Opening>) -> Self {
        Self { taken: Some(taken) }
    }

    pub(super) fn set_in_transaction(&mut self, in_transaction: bool) {
        if let Some(taken) = &mut self.taken {
            taken.in_transaction = in_transaction;
        }
    }

    /// Closes the connection, which is broken.
    pub(super) fn discard(mut self) {
        if let Some(taken) = self.taken.take() {
            Unsettled::from(taken).discard();
        }
    }

    #[expect(
        clippy::expect_used,
        reason = "it is taken out where the connection itself is consumed or dropped"
    )]
    fn pooled(&self) -> &Pooled {
        self.taken.as_ref().expect("a connection that was not dropped")
    }

    #[expect(
        clippy::expect_used,
        reason = "it is taken out where the connection itself is consumed or dropped"
    )]
    fn pooled_mut(&mut self) -> &mut Pooled {
        self.taken.as_mut().expect("a connection that was not dropped")
    }
}

impl Deref for Connection {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.pooled().connection
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.pooled_mut().connection
    }
}

impl Drop for Connection {
    /// `flush` is ready at once, without I/O, if nothing is left to send or to read.
    fn drop(&mut self) {
        let Some(mut taken) = self.taken.take() else { return };
        let flushed = taken.connection.flush().now_or_never();
        match flushed {
            Some(Ok(())) if !taken.in_transaction => drop(taken),
            Some(Err(_)) => Unsettled::from(taken).discard(),
            _ => {
                let unsettled = Unsettled::from(taken);
                // Without a runtime no task can settle it, so it is closed.
                if let Ok(runtime) = Handle::try_current() {
                    runtime.spawn(unsettled.settle());
                }
            }
        }
    }
}
