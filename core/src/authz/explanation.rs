//! Explains a decision of the rules. Nothing here is cached, so explaining never changes how requests are decided.

use std::collections::{BTreeMap, VecDeque};

use casbin::function_map::key_match2;

use super::{Route, route::is_told_apart_by};
use crate::db::casbin_rules::Rule;

/// The maximum number of rules listed when no rule allows the request.
const MOST_NEAR: usize = 8;

/// Why a subject is allowed or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    pub allowed: bool,
    /// The rule that allows it.
    pub rule: Option<Rule>,
    /// The memberships from the requested subject to the subject of that rule: each entry is a member of the next.
    pub chain: Vec<String>,
    /// If no rule allows the request: the rules whose pattern matches the path.
    pub near: Vec<NearRule>,
}

/// A rule whose pattern matches the path, and which of its other parts match too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearRule {
    pub rule: Rule,
    /// The rule applies to the subject or to a group it is a member of.
    pub is_for_subject: bool,
    /// The rule has the requested method.
    pub is_for_method: bool,
}

/// What the rules decide for one route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Allowed(Rule),
    /// Allowed for some paths of the route only: those that the rule names.
    Some(Rule),
    Refused,
}

/// One version of the rules, to be queried.
#[derive(Clone, Copy, Debug)]
pub struct RuleSet<'a>(pub &'a [Rule]);

impl<'a> RuleSet<'a> {
    /// The first rule that allows the request, and which of the given subjects it allows.
    pub fn allowing<'s>(self, subjects: &[&'s str], path: &str, method: &str) -> Option<(&'s str, &'a Rule)> {
        subjects.iter().find_map(|subject| {
            let groups = self.groups_of(subject);
            let mut rules = self.rules_of(&groups);
            rules
                .find(|rule| rule.values[2] == method && takes(&rule.values[1], path))
                .map(|rule| (*subject, rule))
        })
    }

    /// The shortest chain of memberships from the subject to the group.
    pub fn chain(self, subject: &str, group: &str) -> Vec<String> {
        let groups = self.groups_of(subject);
        let mut chain = vec![group];
        while let Some(Some(before)) = chain.last().and_then(|last| groups.get(last)) {
            chain.push(before);
        }
        chain.reverse();
        chain.into_iter().map(str::to_owned).collect()
    }

    /// Rules that match the path, the closest matches first.
    pub fn near(self, subjects: &[&str], path: &str, method: &str) -> Vec<NearRule> {
        let mut groups = BTreeMap::new();
        for subject in subjects {
            groups.extend(self.groups_of(subject));
        }
        let about = self.allow_rules().filter(|rule| takes(&rule.values[1], path));
        let mut near: Vec<NearRule> = about
            .map(|rule| NearRule {
                is_for_subject: groups.contains_key(rule.values[0].as_str()),
                is_for_method: rule.values[2] == method,
                rule: rule.clone(),
            })
            .collect();
        near.sort_by_key(|near| (!near.is_for_method, !near.is_for_subject));
        near.truncate(MOST_NEAR);
        near
    }

    /// One verdict for each route, in the same order.
    pub fn verdicts(self, subjects: &[&str], routes: &[Route]) -> Vec<Verdict> {
        let groups: Vec<_> = subjects.iter().map(|subject| self.groups_of(subject)).collect();
        let rules: Vec<&Rule> = groups.iter().flat_map(|groups| self.rules_of(groups)).collect();
        routes.iter().map(|route| verdict(&rules, route)).collect()
    }

    /// Every subject that a rule or a membership names, in alphabetical order.
    pub fn subjects(self) -> Vec<String> {
        let mut subjects: Vec<String> = self.allow_rules().map(|rule| rule.values[0].clone()).collect();
        subjects.extend(self.memberships().flat_map(|(member, group)| [member.to_owned(), group.to_owned()]));
        subjects.sort();
        subjects.dedup();
        subjects
    }

    fn allow_rules(self) -> impl Iterator<Item = &'a Rule> {
        self.0.iter().filter(|rule| rule.ptype == "p")
    }

    fn memberships(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let memberships = self.0.iter().filter(|rule| rule.ptype == "g");
        memberships.map(|rule| (rule.values[0].as_str(), rule.values[1].as_str()))
    }

    fn rules_of(self, groups: &BTreeMap<&str, Option<&str>>) -> impl Iterator<Item = &'a Rule> {
        self.allow_rules().filter(|rule| groups.contains_key(rule.values[0].as_str()))
    }

    /// The subject itself and every group it belongs to, each with the member through which it was found.
    fn groups_of<'s>(self, subject: &'s str) -> BTreeMap<&'s str, Option<&'s str>>
    where
        'a: 's,
    {
        let mut groups = BTreeMap::from([(subject, None)]);
        let mut open = VecDeque::from([subject]);
        while let Some(member) = open.pop_front() {
            for (_, group) in self.memberships().filter(|(of, _)| *of == member) {
                groups.entry(group).or_insert_with(|| {
                    open.push_back(group);
                    Some(member)
                });
            }
        }
        groups
    }
}

fn verdict(rules: &[&Rule], route: &Route) -> Verdict {
    let about = || rules.iter().filter(|rule| rule.values[2] == route.method);
    // A parameter of a route stands for any path that matches the route.
    let whole = about().find(|rule| takes(&rule.values[1], &route.pattern));
    let some = || about().find(|rule| is_told_apart_by(&route.pattern, &rule.values[1]));
    match (whole, some) {
        (Some(rule), _) => Verdict::Allowed((*rule).clone()),
        (None, some) => some().map_or(Verdict::Refused, |rule| Verdict::Some((*rule).clone())),
    }
}

/// Same result as casbin's matcher. Comparing the plain beginning first avoids compiling a regular expression for most patterns.
fn takes(pattern: &str, path: &str) -> bool {
    let plain = pattern.find([':', '*', '.']).map_or(pattern.len(), |at| at.saturating_sub(1));
    path.starts_with(pattern.get(..plain).unwrap_or_default()) && key_match2(path, pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(ptype: &str, values: &[&str]) -> Rule {
        Rule {
            id: 0,
            ptype: ptype.to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        }
    }

    fn rules() -> Vec<Rule> {
        vec![
            rule("p", &["reader", "/cloud/:id", "GET"]),
            rule("p", &["writer", "/cloud/:id", "PUT"]),
            rule("p", &["7", "/cloud/12", "DELETE"]),
            rule("g", &["ada", "writer"]),
            rule("g", &["writer", "reader"]),
            // A cycle of memberships.
            rule("g", &["reader", "ada"]),
        ]
    }

    #[test]
    fn the_way_to_the_rule_is_told() {
        let rules = rules();
        let set = RuleSet(&rules);
        let (subject, rule) = set.allowing(&["ada"], "/cloud/1", "GET").unwrap();
        assert_eq!((subject, rule), ("ada", &rules[0]));
        assert_eq!(set.chain("ada", "reader"), ["ada", "writer", "reader"]);
        assert_eq!(set.chain("reader", "reader"), ["reader"]);
    }

    #[test]
    fn what_misses_least_comes_first() {
        let rules = rules();
        let near = RuleSet(&rules).near(&["ada"], "/cloud/12", "DELETE");
        let found: Vec<_> = near
            .iter()
            .map(|near| (near.rule.values[0].as_str(), near.is_for_method, near.is_for_subject))
            .collect();
        assert_eq!(found, [("7", true, false), ("reader", false, true), ("writer", false, true)]);
        assert!(RuleSet(&rules).near(&["ada"], "/other", "GET").is_empty());
    }

    #[test]
    fn a_pattern_takes_what_casbin_says_it_takes() {
        for pattern in ["/a", "/a/:id", "/a/*", "/*", "/a*", "/ä:id", "/a.b", "/a/:id/b", "/a/:", "/**"] {
            for path in ["/", "/a", "/a/1", "/a/1/b", "/a.b", "/axb", "/ä1", "/aaa", "/a/{id}"] {
                assert_eq!(takes(pattern, path), key_match2(path, pattern), "{pattern} {path}");
            }
        }
    }

    #[test]
    fn a_rule_about_one_thing_is_not_one_about_the_route() {
        let rules = rules();
        let route = |method: &str| Route { method: method.to_owned(), pattern: "/cloud/{id}".to_owned() };
        let routes = [route("GET"), route("DELETE"), route("POST")];
        let verdicts = RuleSet(&rules).verdicts(&["7", "reader"], &routes);
        let expected =
            [Verdict::Allowed(rules[0].clone()), Verdict::Some(rules[2].clone()), Verdict::Refused];
        assert_eq!(verdicts, expected);
    }
}
