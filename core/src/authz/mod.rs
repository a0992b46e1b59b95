//! Which REST routes a caller is allowed to use, by rules that operators write: casbin on the table `casbin_rule`.
//!
//! The rules are an outer check by path and method. Each use case also checks the role and who owns the object
//! ([`domain::access::may`]); neither check replaces the other. Rules can only restrict what use cases allow.
//!
//! - `model.conf`: the shape of a rule; `policy.csv`: the rules of a new database
//! - [`RestRules`]: the rules in force, replaced as a whole when they change
//! - [`snapshot`](self::snapshot): one version of the rules and the decisions made with it
//! - [`explanation`](self::explanation): the reasons for a decision, for operators
//! - [`usable`](self::usable): which rows are valid rules

mod adapter;
mod explanation;
mod route;
mod route_table;
mod snapshot;
mod usable;

use std::sync::{Arc, PoisonError, RwLock};

pub use explanation::{Explanation, NearRule, Verdict};
pub use route_table::{Route, RouteTable};
pub(crate) use usable::{pattern_problem, problem};

use crate::db::{
    Pool,
    casbin_rules::{self, Fingerprint, Rule},
};
use snapshot::Snapshot;

/// A request in the terms of the rules: who asks for what.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// One allowed subject is enough. A subject is a role or the id of an API client.
    pub subjects: &'a [&'a str],
    pub method: &'a str,
    /// The requested path, without its query.
    pub path: &'a str,
    /// The route that matched the path: `/project/{id}`.
    pub route: &'a str,
}

#[derive(Debug, thiserror::Error)]
pub enum RestRulesError {
    #[error("the rules in `casbin_rule` cannot be used: {0}")]
    Unusable(String),
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

/// Cheap to clone. Nothing is allowed until rules are loaded.
#[derive(Clone, Debug, Default)]
pub struct RestRules {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// Locked only while the pointer is copied.
    current: RwLock<Option<Arc<Snapshot>>>,
}

impl RestRules {
    pub fn allows(&self, asked: Asked<'_>) -> bool {
        self.current().is_some_and(|snapshot| snapshot.allows(asked))
    }

    /// For operators: decides by the rules alone; cached decisions are neither used nor written. One allowed subject of
    /// `subjects` is enough.
    pub fn explain(
        &self,
        subjects: &[&str],
        path: &str,
        method: &str,
    ) -> Result<Explanation, RestRulesError> {
        self.in_force()?.explain(subjects, path, method)
    }

    /// For operators: one verdict for each route, in the same order.
    pub fn verdicts(&self, subjects: &[&str], routes: &[Route]) -> Result<Vec<Verdict>, RestRulesError> {
        Ok(self.in_force()?.rules().verdicts(subjects, routes))
    }

    /// Every subject that the rules in force name.
    pub fn subjects(&self) -> Result<Vec<String>, RestRulesError> {
        Ok(self.in_force()?.rules().subjects())
    }

    /// Whether the rules in force are the ones stored in the database.
    pub async fn is_current(&self, pool: &Pool) -> Result<bool, RestRulesError> {
        let now = casbin_rules::fingerprint(pool).await?;
        Ok(self.current().is_some_and(|snapshot| snapshot.fingerprint() == now))
    }

    /// The rules of a new database, loaded without a database.
    pub async fn of_a_new_database() -> Result<Self, RestRulesError> {
        let policy = Self::default();
        policy.put_in_force(Snapshot::of(seed(), Fingerprint::default()).await?);
        Ok(policy)
    }

    /// Reads the rules and puts them in force; decisions cached for the previous rules are dropped. If the new rules are
    /// unusable, the previous ones stay in force.
    pub async fn reload(&self, pool: &Pool) -> Result<(), RestRulesError> {
        // The fingerprint is read before the rules, so that a change in between causes one reload too many rather than one too
        // few.
        let fingerprint = casbin_rules::fingerprint(pool).await?;
        self.put_in_force(Snapshot::of(casbin_rules::list(pool).await?, fingerprint).await?);
        Ok(())
    }

    fn put_in_force(&self, snapshot: Snapshot) {
        *self.inner.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(snapshot));
    }

    /// Detects changes that were made without a notification. Takes one statement if nothing has changed.
    pub async fn reload_if_changed(&self, pool: &Pool) -> Result<(), RestRulesError> {
        if self.is_current(pool).await? { Ok(()) } else { self.reload(pool).await }
    }

    fn in_force(&self) -> Result<Arc<Snapshot>, RestRulesError> {
        self.current().ok_or_else(|| RestRulesError::Unusable("none were read".to_owned()))
    }

    fn current(&self) -> Option<Arc<Snapshot>> {
        self.inner.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The rules of a new database, one per line: `p, subject, path, method` or `g, member, group`.
pub const SEED: &str = include_str!("policy.csv");

fn seed() -> Vec<Rule> {
    let lines = SEED.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut values = line.split(", ").map(str::to_owned);
            Some(Rule { id: 0, ptype: values.next()?, values: values.collect() })
        })
        .collect()
}
