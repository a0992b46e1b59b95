//! Which of an agent's tokens was presented: while a token is rotated, it has up to three.

use chrono::{DateTime, Utc};

use super::AgentRecord;
use crate::crypto::{TokenHash, same_secret};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Current,
    Previous,
    Next,
}

pub(super) fn token_of(agent: &AgentRecord, presented: &TokenHash, now: DateTime<Utc>) -> Option<Token> {
    // All tokens are compared, even after a match, so that timing reveals nothing.
    let current = same_secret(&agent.token_hash, presented);
    let previous = agent
        .previous_token
        .as_ref()
        .is_some_and(|(hash, until)| same_secret(hash, presented) && until.is_none_or(|until| until > now));
    let next = agent.next_token_hash.as_ref().is_some_and(|hash| same_secret(hash, presented));
    match (current, previous, next) {
        (true, _, _) => Some(Token::Current),
        (_, true, _) => Some(Token::Previous),
        (_, _, true) => Some(Token::Next),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;
    use crate::crypto::token_hash;

    #[test]
    fn each_token_is_known_for_what_it_is_and_the_old_one_ends() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let agent = AgentRecord {
            id: Uuid::nil(),
            channel: "h".to_owned(),
            host_id: None,
            token_hash: token_hash("current").to_vec(),
            previous_token: Some((token_hash("previous").to_vec(), Some(now + TimeDelta::seconds(1)))),
            next_token_hash: Some(token_hash("next").to_vec()),
            next_token_sealed: None,
            capabilities: Vec::new(),
        };
        let token = |text, now| token_of(&agent, &token_hash(text), now);
        assert_eq!(token("current", now), Some(Token::Current));
        assert_eq!(token("next", now), Some(Token::Next));
        assert_eq!(token("previous", now), Some(Token::Previous));
        assert_eq!(token("previous", now + TimeDelta::seconds(1)), None);
        assert_eq!(token("other", now), None);
        let waiting = AgentRecord { previous_token: Some((token_hash("previous").to_vec(), None)), ..agent };
        let later = now + TimeDelta::days(30);
        assert_eq!(token_of(&waiting, &token_hash("previous"), later), Some(Token::Previous));
    }
}
