//! Sends steps and lines of output to the server while a command runs. Lines that cannot be sent wait in a short queue and are
//! dropped when newer lines need the space. The result does not wait for them.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::api::ReportProgress;
use tokio::{sync::Notify, task::JoinHandle, time::sleep};
use tokio_util::sync::CancellationToken;

use super::{ambient, api::ApiError, backoff::Backoff, hidden::Hidden, journal::Entry, running::Agent};

/// Pause between two lines: about four lines are sent per second.
const PAUSE: Duration = Duration::from_millis(250);
/// The length of the queue. The first line of each step is never dropped.
const MOST_LINES: usize = 24;
/// How long to keep sending the remaining lines after the command has ended.
const FAREWELL: Duration = Duration::from_secs(3);
/// Each attempt has its own range of sequence numbers, of this size, so that the numbers also grow across restarts of the agent.
const PER_ATTEMPT: i32 = 100_000;
const LONGEST_MESSAGE: usize = 500;

pub struct Progress {
    shared: Arc<Shared>,
    sender: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    lines: Mutex<Lines>,
    news: Notify,
    over: CancellationToken,
}

struct Lines {
    next: i32,
    waiting: VecDeque<ReportProgress>,
    command_id: String,
    deployment_hash: String,
    hidden: Hidden,
}

impl Lines {
    fn add(&mut self, step: &str, message: &str) {
        let message: String =
            self.hidden.mask(message).chars().filter(|c| !c.is_control()).take(LONGEST_MESSAGE).collect();
        let line = ReportProgress {
            command_id: self.command_id.clone(),
            deployment_hash: self.deployment_hash.clone(),
            seq: self.next,
            step: step.to_owned(),
            message,
            at: ambient::now(),
        };
        self.next += 1;
        self.waiting.push_back(line);
        if self.waiting.len() > MOST_LINES {
            // Drops the oldest line that is neither the first of its step nor the newest.
            let middle =
                (1..self.waiting.len() - 1).find(|&at| self.waiting[at - 1].step == self.waiting[at].step);
            self.waiting.remove(middle.unwrap_or(0));
        }
    }
}

impl Progress {
    pub fn start(agent: Arc<Agent>, entry: &Entry, cancel: CancellationToken) -> Self {
        let attempt = i32::try_from(entry.attempts.saturating_sub(1)).unwrap_or(0).min(10_000);
        let lines = Lines {
            next: attempt * PER_ATTEMPT + 1,
            waiting: VecDeque::new(),
            command_id: entry.command.command_id.clone(),
            deployment_hash: entry.command.deployment_hash.clone(),
            hidden: Hidden::of(&entry.command.parameters),
        };
        let shared = Arc::new(Shared {
            lines: Mutex::new(lines),
            news: Notify::new(),
            over: CancellationToken::new(),
        });
        let sender = tokio::spawn(send(agent, shared.clone(), cancel));
        Self { shared, sender: Mutex::new(Some(sender)) }
    }

    /// `step` is a short, stable word; `message` is for people.
    pub fn say(&self, step: &str, message: impl AsRef<str>) {
        self.shared.lines.lock().unwrap_or_else(PoisonError::into_inner).add(step, message.as_ref());
        self.shared.news.notify_one();
    }

    /// Sends the remaining lines, within [`FAREWELL`].
    pub async fn finish(&self) {
        self.shared.over.cancel();
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut sender) = sender
            && tokio::time::timeout(FAREWELL, &mut sender).await.is_err()
        {
            sender.abort();
        }
    }
}

async fn send(agent: Arc<Agent>, shared: Arc<Shared>, cancel: CancellationToken) {
    let mut backoff = Backoff::new(Duration::from_millis(500), Duration::from_secs(15));
    loop {
        let next = shared.lines.lock().unwrap_or_else(PoisonError::into_inner).waiting.front().cloned();
        let Some(line) = next else {
            if shared.over.is_cancelled() {
                return;
            }
            tokio::select! {
                () = shared.news.notified() => {}
                () = shared.over.cancelled() => {}
            }
            continue;
        };
        let wait = match agent.api.progress(&line).await {
            Ok(answer) => {
                if answer.cancelled && !shared.over.is_cancelled() {
                    cancel.cancel();
                }
                backoff.reset();
                drop_sent(&shared, line.seq);
                PAUSE
            }
            // The server does not know this call or this command. Progress is optional, so this is not an error.
            Err(ApiError::Rejected { .. }) => {
                drop_sent(&shared, line.seq);
                PAUSE
            }
            Err(error) => {
                tracing::debug!("progress could not be sent: {error}");
                backoff.next(ambient::chance())
            }
        };
        let wait = if shared.over.is_cancelled() { wait.min(Duration::from_millis(100)) } else { wait };
        sleep(wait).await;
    }
}

fn drop_sent(shared: &Shared, seq: i32) {
    let mut lines = shared.lines.lock().unwrap_or_else(PoisonError::into_inner);
    lines.waiting.retain(|line| line.seq != seq);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_stays_bounded_and_keeps_the_first_line_of_each_step() {
        let mut lines = Lines {
            next: 1,
            waiting: VecDeque::new(),
            command_id: "c".to_owned(),
            deployment_hash: "h".to_owned(),
            hidden: Hidden::default(),
        };
        lines.add("validate", "begins");
        lines.add("pull", "begins");
        for number in 0..500 {
            lines.add("pull", &format!("layer {number}"));
        }
        lines.add("up", "begins\u{7}");
        assert_eq!(lines.waiting.len(), MOST_LINES);
        let firsts: Vec<&str> = lines.waiting.iter().take(2).map(|line| line.step.as_str()).collect();
        assert_eq!(firsts, ["validate", "pull"]);
        assert_eq!(lines.waiting[1].message, "begins");
        assert_eq!(lines.waiting.back().map(|line| (line.seq, line.message.as_str())), Some((503, "begins")));
    }
}
