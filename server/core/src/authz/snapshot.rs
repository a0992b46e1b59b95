//! One state of the rules, never changed, and the decisions that were made by it. Gone as a whole when the next one comes.

use std::fmt;

use casbin::{CoreApi as _, DefaultModel, Enforcer, MgmtApi as _, function_map::key_match2};
use moka::sync::Cache;

use super::{Asked, Explanation, PolicyError, adapter::StoredRules, route::is_told_apart_by};
use crate::db::casbin_rules::{Fingerprint, Rule};

const MODEL: &str = include_str!("model.conf");
/// A few roles times a few hundred routes, and what rules about single things add to that.
const MOST_DECISIONS: u64 = 10_000;

/// Subject, method, and the route or the path.
type Decision = (Box<str>, Box<str>, Box<str>);

pub struct Snapshot {
    enforcer: Enforcer,
    /// Method and path pattern of each rule.
    patterns: Vec<(String, String)>,
    decisions: Cache<Decision, bool>,
    /// By method and route: whether some rule tells its paths apart.
    told_apart: Cache<(Box<str>, Box<str>), bool>,
    fingerprint: Fingerprint,
}

impl Snapshot {
    pub async fn of(rules: Vec<Rule>, fingerprint: Fingerprint) -> Result<Self, PolicyError> {
        let unusable = |error: casbin::Error| PolicyError::Unusable(error.to_string());
        let model = DefaultModel::from_str(MODEL).await.map_err(unusable)?;
        let enforcer = Enforcer::new(model, StoredRules(rules)).await.map_err(unusable)?;
        let patterns = enforcer
            .get_policy()
            .into_iter()
            .filter_map(|rule| Some((rule.get(2)?.clone(), rule.get(1)?.clone())))
            .collect();
        let (decisions, told_apart) = (Cache::new(MOST_DECISIONS), Cache::new(MOST_DECISIONS));
        Ok(Self { enforcer, patterns, decisions, told_apart, fingerprint })
    }

    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    pub fn allows(&self, asked: Asked<'_>) -> bool {
        let object = if self.tells_apart(asked.method, asked.route) { asked.path } else { asked.route };
        asked.subjects.iter().any(|subject| {
            let decision = ((*subject).into(), asked.method.into(), object.into());
            self.decisions.get_with(decision, || self.decide(subject, asked.path, asked.method))
        })
    }

    /// What cannot be decided is refused.
    fn decide(&self, subject: &str, path: &str, method: &str) -> bool {
        self.enforcer.enforce((subject, path, method)).unwrap_or_else(|error| {
            tracing::error!(%error, "a rule cannot be applied; what it is about is refused");
            false
        })
    }

    fn tells_apart(&self, method: &str, route: &str) -> bool {
        self.told_apart.get_with((method.into(), route.into()), || {
            self.patterns.iter().any(|(of, pattern)| of == method && is_told_apart_by(route, pattern))
        })
    }

    pub fn explain(&self, subject: &str, path: &str, method: &str) -> Result<Explanation, PolicyError> {
        let allowed = self
            .enforcer
            .enforce((subject, path, method))
            .map_err(|error| PolicyError::Unusable(error.to_string()))?;
        let roles = self.enforcer.get_role_manager();
        // Part by part as the matcher has them.
        let applies = |rule: &Vec<String>| {
            let [of, pattern, for_method] = rule.as_slice() else { return false };
            for_method == method && key_match2(path, pattern) && roles.read().has_link(subject, of, None)
        };
        let rule = allowed.then(|| self.enforcer.get_policy().into_iter().find(applies)).flatten();
        Ok(Explanation { allowed, rule })
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Snapshot").field("rules", &self.patterns.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::seed;

    async fn snapshot(more: &[[&str; 3]]) -> Snapshot {
        let more = more.iter().map(|values| Rule {
            id: 0,
            ptype: "p".to_owned(),
            values: values.map(str::to_owned).to_vec(),
        });
        Snapshot::of(seed().into_iter().chain(more).collect(), Fingerprint::default()).await.unwrap()
    }

    fn asked<'a>(subjects: &'a [&'a str], method: &'a str, path: &'a str, route: &'a str) -> Asked<'a> {
        Asked { subjects, method, path, route }
    }

    #[tokio::test]
    async fn roles_may_what_their_groups_may() {
        let rules = snapshot(&[]).await;
        for (subject, method, path, route, expected) in [
            ("group_user", "GET", "/project/7", "/project/{id}", true),
            ("user", "GET", "/project/7", "/project/{id}", true),
            ("root", "GET", "/admin/project/user/7", "/admin/project/user/{user_id}", true),
            ("group_user", "GET", "/admin/project/user/7", "/admin/project/user/{user_id}", false),
            ("anonym", "GET", "/health_check", "/health_check", true),
            ("anonym", "GET", "/project", "/project", false),
            ("client", "POST", "/client", "/client", true),
            ("wizard", "GET", "/project", "/project", false),
            (
                "agent",
                "GET",
                "/api/v1/agent/commands/wait/x",
                "/api/v1/agent/commands/wait/{deployment_hash}",
                true,
            ),
            ("agent", "GET", "/project", "/project", false),
            ("group_user", "PATCH", "/project/7", "/project/{id}", false),
        ] {
            let allowed = rules.allows(asked(&[subject], method, path, route));
            assert_eq!(allowed, expected, "{subject} {method} {path}");
            assert_eq!(rules.explain(subject, path, method).unwrap().allowed, expected);
        }
    }

    #[tokio::test]
    async fn a_rule_about_one_thing_is_about_that_thing_however_often_others_were_asked_for() {
        let rules = snapshot(&[["42", "/admin/project/user/7", "GET"]]).await;
        let of =
            |path: &'static str| rules.allows(asked(&["42"], "GET", path, "/admin/project/user/{user_id}"));
        for _ in 0..2 {
            assert!(of("/admin/project/user/7"));
            assert!(!of("/admin/project/user/8"));
        }
    }

    #[tokio::test]
    async fn the_rule_that_allows_it_is_named() {
        let explanation = snapshot(&[]).await.explain("root", "/admin/client/7", "PUT").unwrap();
        let rule = ["group_admin", "/admin/client/:id", "PUT"].map(str::to_owned).to_vec();
        assert_eq!(explanation, Explanation { allowed: true, rule: Some(rule) });
    }
}
