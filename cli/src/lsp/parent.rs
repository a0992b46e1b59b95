//! Notices when the editor that started the server is gone without a word.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rustix::{io::Errno, process::Pid};

const INTERVAL: Duration = Duration::from_secs(3);

/// The process that started the server, once it has told its id.
#[derive(Clone, Debug, Default)]
pub struct Parent(Arc<Mutex<Option<Pid>>>);

impl Parent {
    pub fn is(&self, id: u32) {
        let pid = i32::try_from(id).ok().and_then(Pid::from_raw);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = pid;
    }

    /// Returns when the process is gone; never without an id.
    pub async fn wait(&self) {
        loop {
            tokio::time::sleep(INTERVAL).await;
            if self.is_gone() {
                return;
            }
        }
    }

    fn is_gone(&self) -> bool {
        let pid = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A process of another user exists, too, but refuses.
        pid.is_some_and(|pid| rustix::process::test_kill_process(pid) == Err(Errno::SRCH))
    }
}
