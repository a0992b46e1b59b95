//! The life of a command. This table is the specification of [`step`]:
//!
//! | state | delivered | progress | completed | failed | cancelled | lease ran out, polled again | never fetched |
//! |---|---|---|---|---|---|---|---|
//! | queued | sent, lease begins | – | completed¹ | failed¹ | cancelled | – | failed `never-fetched` |
//! | sent | – | executing, lease renewed | completed | failed | cancelled | queued², or failed | – |
//! | executing | – | lease renewed | completed | failed | cancelled | queued², or failed | – |
//! | completed, failed, cancelled | – | – | – | – | – | – | – |
//!
//! ¹ If it was delivered before: an agent whose lease ran out may still finish a command that was queued again. Without
//!   a delivery, no agent can have run it, so nothing changes.
//! ² If it may be repeated and was delivered fewer than [`MAX_DELIVERIES`] times; otherwise it ends, with
//!   `outcome-unknown` if it must not be repeated, with `not-reported` if it was delivered too often.
//!
//! "–" means that nothing changes: the event is acknowledged and recorded in the audit log.

use serde::{Deserialize, Serialize};

/// The maximum number of deliveries, including the first.
pub const MAX_DELIVERIES: u16 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum State {
    Queued,
    Sent,
    Executing,
    Completed,
    Failed,
    Cancelled,
}

impl State {
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Sent, Self::Executing, Self::Completed, Self::Failed, Self::Cancelled];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Executing => "executing",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether the command has ended. After that, nothing changes it.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }

    /// Whether an agent has the command.
    pub fn is_leased(self) -> bool {
        matches!(self, Self::Sent | Self::Executing)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Delivered,
    Progress,
    Completed,
    Failed,
    Cancelled,
    /// The lease ran out, but the agent is connected: it polls again.
    LeaseRanOut,
    NeverFetched,
}

impl Event {
    pub const ALL: [Self; 7] = [
        Self::Delivered,
        Self::Progress,
        Self::Completed,
        Self::Failed,
        Self::Cancelled,
        Self::LeaseRanOut,
        Self::NeverFetched,
    ];
}

/// What [`step`] needs besides the state and the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// How many times the command has been delivered so far.
    pub deliveries: u16,
    pub repeatable: bool,
}

/// Why a command ended without a report. The `error` of the command contains the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    NeverFetched,
    NotReported,
    OutcomeUnknown,
}

impl Ending {
    pub fn code(self) -> &'static str {
        match self {
            Self::NeverFetched => "never-fetched",
            Self::NotReported => "not-reported",
            Self::OutcomeUnknown => "outcome-unknown",
        }
    }

    pub fn message(self) -> &'static str {
        match self {
            Self::NeverFetched => "no agent fetched this command in time",
            Self::NotReported => {
                "the agent fetched this command several times and never reported how it went"
            }
            Self::OutcomeUnknown => {
                "the agent fetched this command and did not report; it may or may not have run, and is not repeated"
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing changes.
    Stay,
    Enter(State),
    /// The state stays, and the lease begins again.
    Renew,
    /// The command fails for a reason that the server determines.
    End(Ending),
}

pub fn step(state: State, event: Event, lease: Lease) -> Step {
    use Event as E;
    use State as S;
    match (state, event) {
        (S::Completed | S::Failed | S::Cancelled, _) => Step::Stay,
        (S::Queued, E::Completed | E::Failed) if lease.deliveries == 0 => Step::Stay,
        (_, E::Completed) => Step::Enter(S::Completed),
        (_, E::Failed) => Step::Enter(S::Failed),
        (_, E::Cancelled) => Step::Enter(S::Cancelled),
        (S::Queued, E::Delivered) => Step::Enter(S::Sent),
        (S::Queued, E::NeverFetched) => Step::End(Ending::NeverFetched),
        (S::Queued, E::Progress | E::LeaseRanOut) => Step::Stay,
        (S::Sent, E::Progress) => Step::Enter(S::Executing),
        (S::Executing, E::Progress) => Step::Renew,
        (S::Sent | S::Executing, E::LeaseRanOut) => match lease {
            Lease { repeatable: false, .. } => Step::End(Ending::OutcomeUnknown),
            Lease { deliveries, .. } if deliveries >= MAX_DELIVERIES => Step::End(Ending::NotReported),
            Lease { .. } => Step::Enter(S::Queued),
        },
        (S::Sent | S::Executing, E::Delivered | E::NeverFetched) => Step::Stay,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ONCE: Lease = Lease { deliveries: 1, repeatable: true };

    #[test]
    fn nothing_changes_after_the_end() {
        for state in State::ALL.into_iter().filter(|state| state.is_final()) {
            for event in Event::ALL {
                assert_eq!(step(state, event, ONCE), Step::Stay, "{state:?} {event:?}");
            }
        }
    }

    #[test]
    fn a_delivered_command_comes_back_only_when_it_may_be_repeated() {
        assert_eq!(step(State::Sent, Event::LeaseRanOut, ONCE), Step::Enter(State::Queued));
        assert_eq!(
            step(State::Sent, Event::LeaseRanOut, Lease { repeatable: false, ..ONCE }),
            Step::End(Ending::OutcomeUnknown)
        );
        assert_eq!(
            step(State::Executing, Event::LeaseRanOut, Lease { deliveries: MAX_DELIVERIES, ..ONCE }),
            Step::End(Ending::NotReported)
        );
    }

    #[test]
    fn a_report_counts_only_after_a_delivery() {
        let never = Lease { deliveries: 0, ..ONCE };
        for (event, state) in [(Event::Completed, State::Completed), (Event::Failed, State::Failed)] {
            assert_eq!(step(State::Queued, event, never), Step::Stay);
            assert_eq!(step(State::Queued, event, ONCE), Step::Enter(state));
        }
    }

    #[test]
    fn only_a_queued_command_is_delivered() {
        for state in State::ALL {
            let delivered = step(state, Event::Delivered, ONCE) == Step::Enter(State::Sent);
            assert_eq!(delivered, state == State::Queued, "{state:?}");
        }
    }

    proptest! {
        /// Whatever the order of events, a command is never delivered too often, and a final state stays.
        #[test]
        fn no_order_of_events_delivers_too_often(
            events in prop::collection::vec(prop::sample::select(Event::ALL.to_vec()), 0..60),
            repeatable: bool,
        ) {
            let (mut state, mut deliveries) = (State::Queued, 0);
            for event in events {
                let before = state;
                match step(state, event, Lease { deliveries, repeatable }) {
                    Step::Stay | Step::Renew => {}
                    Step::Enter(next) => state = next,
                    Step::End(_) => state = State::Failed,
                }
                prop_assert!(!before.is_final() || state == before);
                let reported = matches!(event, Event::Completed | Event::Failed) && state != before;
                prop_assert!(!reported || deliveries > 0);
                if before == State::Queued && state == State::Sent {
                    deliveries += 1;
                }
            }
            let most = if repeatable { MAX_DELIVERIES } else { 1 };
            prop_assert!(deliveries <= most);
        }
    }
}
