//! One immutable version of the rules, with the decisions made by it. The whole snapshot is dropped when the next one is loaded.

use std::fmt;

use casbin::{CoreApi as _, DefaultModel, Enforcer};
use moka::sync::Cache;

use super::{
    Asked, Explanation, RestRulesError, adapter::StoredRules, explanation::RuleSet, problem,
    route::is_told_apart_by,
};
use crate::db::casbin_rules::{Fingerprint, Rule};

const MODEL: &str = include_str!("model.conf");
/// Enough for a few roles times a few hundred routes, plus the decisions for single paths.
const MOST_DECISIONS: u64 = 10_000;
/// Decisions for longer paths are not cached.
const LONGEST_OBJECT: usize = 512;

/// Subject, method, and the route or path.
type Decision = (Box<str>, Box<str>, Box<str>);

pub struct Snapshot {
    enforcer: Enforcer,
    /// Without invalid rows.
    rules: Vec<Rule>,
    decisions: Cache<Decision, bool>,
    /// By method and route: whether some rule matches only some paths of the route.
    told_apart: Cache<(Box<str>, Box<str>), bool>,
    fingerprint: Fingerprint,
}

impl Snapshot {
    pub async fn of(rules: Vec<Rule>, fingerprint: Fingerprint) -> Result<Self, RestRulesError> {
        Self::remembering(MOST_DECISIONS, rules, fingerprint).await
    }

    async fn remembering(
        most: u64,
        rules: Vec<Rule>,
        fingerprint: Fingerprint,
    ) -> Result<Self, RestRulesError> {
        let unusable = |error: casbin::Error| RestRulesError::Unusable(error.to_string());
        let rules: Vec<Rule> = rules.into_iter().filter(is_usable).collect();
        let model = DefaultModel::from_str(MODEL).await.map_err(unusable)?;
        let enforcer = Enforcer::new(model, StoredRules(rules.clone())).await.map_err(unusable)?;
        let (decisions, told_apart) = (Cache::new(most), Cache::new(most));
        Ok(Self { enforcer, rules, decisions, told_apart, fingerprint })
    }

    pub fn rules(&self) -> RuleSet<'_> {
        RuleSet(&self.rules)
    }

    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    pub fn allows(&self, asked: Asked<'_>) -> bool {
        let object = if self.tells_apart(asked.method, asked.route) { asked.path } else { asked.route };
        asked.subjects.iter().any(|subject| {
            if object.len() > LONGEST_OBJECT {
                return self.decide(subject, asked.path, asked.method);
            }
            let decision = ((*subject).into(), asked.method.into(), object.into());
            self.decisions.get_with(decision, || self.decide(subject, asked.path, asked.method))
        })
    }

    /// A request that cannot be decided is refused.
    fn decide(&self, subject: &str, path: &str, method: &str) -> bool {
        self.enforcer.enforce((subject, path, method)).unwrap_or_else(|error| {
            tracing::error!(%error, "a rule cannot be applied; what it is about is refused");
            false
        })
    }

    fn tells_apart(&self, method: &str, route: &str) -> bool {
        self.told_apart.get_with((method.into(), route.into()), || {
            let mut allowing = self.rules.iter().filter(|rule| rule.ptype == "p");
            allowing.any(|rule| rule.values[2] == method && is_told_apart_by(route, &rule.values[1]))
        })
    }

    /// Casbin decides, as for a request; the explanation is derived from the rules.
    pub fn explain(
        &self,
        subjects: &[&str],
        path: &str,
        method: &str,
    ) -> Result<Explanation, RestRulesError> {
        let mut allowed = false;
        for subject in subjects {
            let decided = self.enforcer.enforce((*subject, path, method));
            allowed |= decided.map_err(|error| RestRulesError::Unusable(error.to_string()))?;
        }
        let rules = self.rules();
        let by = rules.allowing(subjects, path, method).filter(|_| allowed);
        Ok(Explanation {
            allowed,
            rule: by.map(|(_, rule)| rule.clone()),
            chain: by.map(|(subject, rule)| rules.chain(subject, &rule.values[0])).unwrap_or_default(),
            near: if allowed { Vec::new() } else { rules.near(subjects, path, method) },
        })
    }
}

fn is_usable(rule: &Rule) -> bool {
    let Some(problem) = problem(rule) else { return true };
    tracing::warn!(
        id = rule.id,
        ptype = rule.ptype,
        problem,
        "a row of casbin_rule is left out: it is no rule"
    );
    false
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Snapshot").field("rules", &self.rules.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::{Route, Verdict, seed};

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
            assert_eq!(rules.explain(&[subject], path, method).unwrap().allowed, expected);
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
    async fn the_rule_that_allows_it_is_named_with_the_way_to_it() {
        let rules = snapshot(&[]).await;
        let explanation = rules.explain(&["root"], "/project/7", "PUT").unwrap();
        assert_eq!(explanation.rule.unwrap().values, ["group_user", "/project/:id", "PUT"]);
        assert_eq!(explanation.chain, ["root", "group_admin", "group_user"]);
        let refused = rules.explain(&["user", "anonym"], "/admin/client/7", "PUT").unwrap();
        assert!(!refused.allowed && refused.rule.is_none() && refused.chain.is_empty());
        assert_eq!(refused.near[0].rule.values[0], "group_admin");
    }

    #[tokio::test]
    async fn who_asks_why_leaves_nothing_behind() {
        let rules = snapshot(&[]).await;
        for _ in 0..3 {
            rules.explain(&["root", "anonym"], "/project/7", "PUT").unwrap();
        }
        rules.decisions.run_pending_tasks();
        rules.told_apart.run_pending_tasks();
        assert_eq!((rules.decisions.entry_count(), rules.told_apart.entry_count()), (0, 0));
    }

    #[tokio::test]
    async fn what_is_remembered_has_an_end() {
        const MOST: u64 = 20;
        let rule = ["7", "/project/12", "GET"].map(str::to_owned).to_vec();
        let rule = Rule { id: 0, ptype: "p".to_owned(), values: rule };
        let rules = Snapshot::remembering(MOST, vec![rule], Fingerprint::default()).await.unwrap();
        let ask = |path: &str| rules.allows(asked(&["wizard"], "GET", path, "/project/{id}"));
        for id in 100..100 + 10 * MOST {
            assert!(!ask(&format!("/project/{id}")));
        }
        rules.decisions.run_pending_tasks();
        assert!(rules.decisions.entry_count() <= MOST);
        let before = rules.decisions.entry_count();
        assert!(!ask(&format!("/project/{}", "7".repeat(LONGEST_OBJECT))));
        rules.decisions.run_pending_tasks();
        assert_eq!(rules.decisions.entry_count(), before, "too long to be remembered");
    }

    #[tokio::test]
    async fn a_row_that_is_no_rule_closes_nothing_else() {
        let rules =
            snapshot(&[["group_user", "/project/(", "GET"], ["group_user", "/cloud/{id}", "GET"]]).await;
        assert!(rules.allows(asked(&["group_user"], "GET", "/project", "/project")));
        assert!(rules.explain(&["group_user"], "/project/7", "GET").unwrap().allowed);
    }

    #[tokio::test]
    async fn what_is_told_of_a_route_is_what_is_decided_about_its_paths() {
        let rules = snapshot(&[]).await;
        let mut routes: Vec<Route> = seed()
            .into_iter()
            .filter(|rule| rule.ptype == "p")
            .map(|rule| Route { pattern: braces(&rule.values[1]), method: rule.values[2].clone() })
            .collect();
        routes.sort();
        routes.dedup();
        for subject in ["anonym", "group_user", "client", "agent", "root", "wizard"] {
            let told = rules.rules().verdicts(&[subject, "anonym"], &routes);
            for (route, told) in routes.iter().zip(told) {
                let path = route.pattern.replace(['{', '}'], "");
                let decided = rules.allows(asked(&[subject, "anonym"], &route.method, &path, &route.pattern));
                assert_eq!(matches!(told, Verdict::Allowed(_)), decided, "{subject} {route:?}");
            }
        }
    }

    fn braces(pattern: &str) -> String {
        let segment = |segment: &str| match segment.strip_prefix(':') {
            Some(name) => format!("{{{name}}}"),
            None => segment.to_owned(),
        };
        pattern.split('/').map(segment).collect::<Vec<_>>().join("/")
    }
}
