//! What a report of the install service does to a deployment.
//!
//! Reports can arrive late, twice or after the end. The row is the state of the deployment, the column the reported
//! status:
//!
//! ```text
//! state        wait_start  confirmed  in_progress  paused  wait_resume  completed  failed  error  cancelled
//! pending      apply       apply      apply        apply   apply        apply      apply   apply  apply
//! wait_start   record      apply      apply        apply   apply        apply      apply   apply  apply
//! confirmed    record      record     apply        apply   apply        apply      apply   apply  apply
//! in_progress  record      record     record       apply   apply        apply      apply   apply  apply
//! paused       record      apply      apply        record  apply        apply      apply   apply  apply
//! wait_resume  record      apply      apply        apply   record       apply      apply   apply  apply
//! completed    ignore      ignore     ignore       ignore  ignore       record     record  record record
//! failed       apply       apply      apply        apply   apply        apply      record  record apply
//! error        apply       apply      apply        apply   apply        apply      record  record apply
//! cancelled    ignore      ignore     ignore       ignore  ignore       apply      record  record record
//! removed      ignore      ignore     ignore       ignore  ignore       ignore     ignore  ignore ignore
//! ```
//!
//! - A step backwards, such as `wait_start` while it is already running, is a late report: it is recorded, and the state stays.
//! - What failed can be resumed. What completed stays completed: a failure that is reported afterwards is recorded, because it
//!   may be a redelivered one of an attempt before the resume.
//! - A machine that exists although its deployment was cancelled costs money, so `completed` counts even then.

use crate::deploy::DeploymentStatus;

/// What to do with a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The deployment gets this state; the report is stored.
    Apply(DeploymentStatus),
    /// The state stays; the report is stored: its message, its percentage, the address of the machine.
    Record,
    /// Nothing is stored.
    Ignore(Ignored),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// A late report: the deployment has completed.
    Completed,
    /// A late report: the deployment was cancelled.
    Cancelled,
    /// The deployment was removed.
    Removed,
    /// No installer reports this status.
    NotReported,
}

impl Ignored {
    /// For the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "already-completed",
            Self::Cancelled => "already-cancelled",
            Self::Removed => "removed",
            Self::NotReported => "not-a-reported-status",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Cell {
    Apply,
    Record,
    Ignore,
}

use Cell::{Apply as A, Ignore as I, Record as R};
use DeploymentStatus as Status;

const COLUMNS: [Status; 9] = [
    Status::WaitStart,
    Status::Confirmed,
    Status::InProgress,
    Status::Paused,
    Status::WaitResume,
    Status::Completed,
    Status::Failed,
    Status::Error,
    Status::Cancelled,
];

/// The table of the module's documentation.
#[rustfmt::skip]
fn row(state: Status) -> [Cell; 9] {
    match state {
        Status::Pending    => [A, A, A, A, A, A, A, A, A],
        Status::WaitStart  => [R, A, A, A, A, A, A, A, A],
        Status::Confirmed  => [R, R, A, A, A, A, A, A, A],
        Status::InProgress => [R, R, R, A, A, A, A, A, A],
        Status::Paused     => [R, A, A, R, A, A, A, A, A],
        Status::WaitResume => [R, A, A, A, R, A, A, A, A],
        Status::Completed  => [I, I, I, I, I, R, R, R, R],
        Status::Failed     => [A, A, A, A, A, A, R, R, A],
        Status::Error      => [A, A, A, A, A, A, R, R, A],
        Status::Cancelled  => [I, I, I, I, I, A, R, R, R],
        Status::Removed    => [I, I, I, I, I, I, I, I, I],
    }
}

/// What the report of `incoming` does to a deployment in the state `current`.
pub fn transition(current: DeploymentStatus, incoming: DeploymentStatus) -> Outcome {
    let Some(column) = COLUMNS.iter().position(|status| *status == incoming) else {
        return Outcome::Ignore(Ignored::NotReported);
    };
    match row(current)[column] {
        Cell::Apply => Outcome::Apply(incoming),
        Cell::Record => Outcome::Record,
        Cell::Ignore => Outcome::Ignore(match current {
            Status::Removed => Ignored::Removed,
            Status::Cancelled => Ignored::Cancelled,
            _ => Ignored::Completed,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_table_says_what_happens_for_every_pair() {
        let lines = include_str!("transition.rs").lines().filter_map(|line| line.strip_prefix("//! "));
        let mut table = lines.skip_while(|line| !line.starts_with("state ")).map(str::split_whitespace);
        let columns: Vec<&str> = table.next().unwrap().skip(1).collect();
        let rows: Vec<Vec<&str>> = table.map(Iterator::collect).take(Status::ALL.len()).collect();
        for state in Status::ALL {
            let row = rows.iter().find(|row: &&Vec<&str>| row[0] == state.as_str()).unwrap();
            for incoming in Status::ALL {
                let said =
                    columns.iter().position(|column| *column == incoming.as_str()).map(|at| row[at + 1]);
                let expected = match transition(state, incoming) {
                    Outcome::Apply(new) => {
                        assert_eq!(new, incoming);
                        Some("apply")
                    }
                    Outcome::Record => Some("record"),
                    Outcome::Ignore(Ignored::NotReported) => None,
                    Outcome::Ignore(_) => Some("ignore"),
                };
                assert_eq!(said, expected, "{state:?} {incoming:?}");
            }
        }
    }

    #[test]
    fn a_late_step_after_the_end_changes_nothing() {
        assert_eq!(transition(Status::Completed, Status::InProgress), Outcome::Ignore(Ignored::Completed));
        assert_eq!(transition(Status::Removed, Status::Completed), Outcome::Ignore(Ignored::Removed));
    }

    #[test]
    fn what_failed_can_be_resumed() {
        for incoming in [Status::InProgress, Status::WaitResume, Status::Confirmed, Status::Completed] {
            assert_eq!(transition(Status::Failed, incoming), Outcome::Apply(incoming));
        }
    }

    #[test]
    fn nobody_reports_a_removal() {
        assert_eq!(transition(Status::InProgress, Status::Removed), Outcome::Ignore(Ignored::NotReported));
    }
}
