//! Which commands are running and which must wait: commands that change a stack wait for each other, the others do not.

use std::{collections::HashMap, sync::Arc};

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::delivered::Delivered;

/// The limit of simultaneous commands that change nothing.
const MOST_READERS: usize = 8;

/// Commands that have not ended yet.
pub struct AtWork {
    /// Cancellation tokens by command id; removed once the result is on disk.
    pub cancel: HashMap<String, CancellationToken>,
    /// One permit for each deployment: only the command that holds it may change the stack.
    stacks: HashMap<String, Arc<Semaphore>>,
    readers: Arc<Semaphore>,
}

impl Default for AtWork {
    fn default() -> Self {
        Self {
            cancel: HashMap::new(),
            stacks: HashMap::new(),
            readers: Arc::new(Semaphore::new(MOST_READERS)),
        }
    }
}

impl AtWork {
    pub fn count(&self) -> usize {
        self.cancel.len()
    }

    /// Whether a command is changing this deployment.
    pub fn changes(&self, deployment_hash: &str) -> bool {
        self.stacks.get(deployment_hash).is_some_and(|place| place.available_permits() == 0)
    }

    /// The semaphore at which the command waits for its turn.
    pub fn place(&mut self, command: &Delivered) -> Arc<Semaphore> {
        if !command.changes_something() {
            return self.readers.clone();
        }
        // Drops the semaphores that no command holds or waits for.
        self.stacks.retain(|_, place| Arc::strong_count(place) > 1 || place.available_permits() == 0);
        self.stacks
            .entry(command.deployment_hash.clone())
            .or_insert_with(|| Arc::new(Semaphore::new(1)))
            .clone()
    }
}
