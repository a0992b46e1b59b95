//! How far a host has come through the three steps. Pure.

use chrono::{DateTime, Utc};
use domain::api::{Host, HostStage};

/// The steps that are done, in their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Progress {
    #[default]
    Begun,
    HasProgram,
    HasJoined,
    Runs,
}

impl Progress {
    /// `joined_before`: when the host had joined before this code was made; it has joined again when that time is another one.
    pub fn of(host: Option<&Host>, joined_before: Option<DateTime<Utc>>) -> Self {
        let Some(host) = host else { return Self::Begun };
        let has_joined = host.joined_at.is_some() && host.joined_at != joined_before;
        match (has_joined, host.stage, host.program_fetched_at) {
            (true, HostStage::Running, _) => Self::Runs,
            (true, ..) => Self::HasJoined,
            (false, _, Some(_)) if host.joined_at.is_none() => Self::HasProgram,
            (false, ..) => Self::Begun,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn at(second: i64) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(second, 0)
    }

    fn host(fetched: Option<i64>, joined: Option<i64>, seen: Option<i64>) -> Host {
        let (joined_at, last_seen_at) = (joined.and_then(at), seen.and_then(at));
        Host {
            id: Uuid::nil(),
            name: "attic".to_owned(),
            is_local: false,
            stage: HostStage::of(joined_at, last_seen_at),
            is_provisional: joined.is_none(),
            program_fetched_at: fetched.and_then(at),
            joined_at,
            agent_place: None,
            status: domain::api::AgentStatus::Offline,
            last_seen_at,
            version: None,
            capabilities: Vec::new(),
            engine: None,
            engine_missing: None,
            compose_missing: None,
            resources: None,
            remark: None,
            deployments: 0,
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn each_step_is_ticked_when_the_host_has_taken_it() {
        let of = |fetched, joined, seen| Progress::of(Some(&host(fetched, joined, seen)), None);
        assert_eq!(Progress::of(None, None), Progress::Begun);
        assert_eq!(of(None, None, None), Progress::Begun);
        assert_eq!(of(Some(1), None, None), Progress::HasProgram);
        assert_eq!(of(Some(1), Some(2), None), Progress::HasJoined);
        assert_eq!(of(None, Some(2), None), Progress::HasJoined, "the program came another way");
        assert_eq!(of(Some(1), Some(2), Some(3)), Progress::Runs);
    }

    #[test]
    fn a_host_that_joins_again_begins_at_the_first_step() {
        let of = |joined, seen| Progress::of(Some(&host(Some(1), Some(joined), Some(seen))), at(2));
        assert_eq!(of(2, 3), Progress::Begun);
        assert_eq!(of(9, 3), Progress::HasJoined);
        assert_eq!(of(9, 9), Progress::Runs);
    }
}
