//! Plans: the one that a person has, and the order of all of them.

use serde_json::Value;

use super::{entries, text_or_number};

/// Their order where the User Service does not describe plans, lowest first.
const WELL_KNOWN: [&str; 3] = ["basic", "professional", "enterprise"];
/// The most plans of one list.
const MAX_PLANS: usize = 1_000;

/// The plan that a person has. It has a name, a code, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    name: Option<String>,
    code: Option<String>,
}

impl Plan {
    /// A plan as the User Service writes it: its name, or an object with `name` and `code`. `None` for anything else, and for
    /// a plan that has ended.
    pub fn read(value: &Value) -> Option<Self> {
        if value.get("active") == Some(&Value::Bool(false)) {
            return None;
        }
        let plan = match value {
            Value::String(_) => Self { name: text_or_number(Some(value)), code: None },
            _ => Self { name: text_or_number(value.get("name")), code: text_or_number(value.get("code")) },
        };
        (plan.name.is_some() || plan.code.is_some()).then_some(plan)
    }

    /// Whether this is the plan of that name or code.
    pub fn is(&self, wanted: &str) -> bool {
        self.names().any(|name| same(name, wanted))
    }

    /// For people.
    pub fn label(&self) -> &str {
        self.names().next().unwrap_or_default()
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        [&self.name, &self.code].into_iter().flatten().map(String::as_str)
    }
}

/// One plan that can be bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanDescription {
    pub name: String,
    pub code: Option<String>,
    pub description: Option<String>,
    pub tier: Option<String>,
    /// As the User Service writes them; null if it does not.
    pub features: Value,
    /// Its place among the plans, if it is told as a number.
    level: Option<i64>,
}

impl PlanDescription {
    fn read(entry: &Value) -> Option<Self> {
        let field = |name: &str| text_or_number(entry.get(name));
        let code = field("code");
        let tier = field("tier");
        let number = |text: Option<&String>| text?.parse().ok();
        let level =
            number(field("rank").or_else(|| field("level")).as_ref()).or_else(|| number(tier.as_ref()));
        Some(Self {
            name: field("name").or_else(|| code.clone())?,
            code,
            description: field("description"),
            tier,
            features: entry.get("features").cloned().unwrap_or_default(),
            level,
        })
    }

    fn is(&self, wanted: &str) -> bool {
        same(&self.name, wanted) || self.code.as_deref().is_some_and(|code| same(code, wanted))
    }

    fn well_known_tier(&self) -> Option<i64> {
        well_known(self.tier.as_deref()?)
    }

    fn well_known_name(&self) -> Option<i64> {
        well_known(&self.name).or_else(|| well_known(self.code.as_deref()?))
    }
}

/// All plans that can be bought, with their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plans {
    listed: Vec<PlanDescription>,
    /// The rank of each listed plan. Empty if the list does not show the order.
    ranks: Vec<i64>,
}

impl Plans {
    /// A list of plans as the User Service writes it. `None` if it is not a list.
    pub fn read(body: &Value) -> Option<Self> {
        let listed: Vec<_> =
            entries(body)?.iter().filter_map(PlanDescription::read).take(MAX_PLANS).collect();
        let ranks = ranks(&listed).unwrap_or_default();
        Some(Self { listed, ranks })
    }

    pub fn descriptions(&self) -> &[PlanDescription] {
        &self.listed
    }

    /// Whether a person with the plan `held` may use what is for the plan `wanted`. `None` if these plans cannot be compared.
    ///
    /// A plan that is not listed gives nothing that a listed plan is required for.
    pub fn include(&self, held: &Plan, wanted: &str) -> Option<bool> {
        if held.is(wanted) {
            return Some(true);
        }
        let held_rank = held.names().filter_map(|name| self.ranks_of(name).min()).min();
        let wanted_rank = self.ranks_of(wanted).max();
        if let (Some(held), Some(wanted)) = (held_rank, wanted_rank) {
            return Some(held >= wanted);
        }
        let by_name = held.names().find_map(well_known).zip(well_known(wanted));
        by_name.map(|(held, wanted)| held >= wanted).or(wanted_rank.map(|_| false))
    }

    fn ranks_of(&self, name: &str) -> impl Iterator<Item = i64> {
        self.listed.iter().zip(&self.ranks).filter(move |(plan, _)| plan.is(name)).map(|(_, rank)| *rank)
    }
}

/// The order of the plans: by the numbers that the User Service gives them, else by well-known tiers or names, else as they are
/// listed. `None` if the list contradicts the well-known names, because it then shows another order.
fn ranks(listed: &[PlanDescription]) -> Option<Vec<i64>> {
    let by = |rank: fn(&PlanDescription) -> Option<i64>| listed.iter().map(rank).collect::<Option<Vec<_>>>();
    if let Some(ranks) = by(|plan| plan.level)
        .or_else(|| by(PlanDescription::well_known_tier))
        .or_else(|| by(PlanDescription::well_known_name))
    {
        return Some(ranks);
    }
    let known = listed.iter().filter_map(|plan| plan.well_known_name().or_else(|| plan.well_known_tier()));
    known.is_sorted().then(|| (0..).take(listed.len()).collect())
}

fn well_known(name: &str) -> Option<i64> {
    (0..).zip(WELL_KNOWN).find(|(_, known)| same(known, name)).map(|(rank, _)| rank)
}

fn same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn plan(name: &str) -> Plan {
        Plan::read(&json!(name)).unwrap()
    }

    fn plans(body: &Value) -> Plans {
        Plans::read(body).unwrap()
    }

    #[test]
    fn a_plan_is_a_name_or_an_object() {
        assert_eq!(plan("Pro").label(), "Pro");
        let object = Plan::read(&json!({"name": "Pro yearly", "code": "pro", "date_end": null})).unwrap();
        assert!(object.is("PRO") && object.is(" pro yearly ") && !object.is("basic"));
        assert_eq!(Plan::read(&json!({"code": 7})).unwrap().label(), "7");
        for nothing in [json!(null), json!(""), json!({}), json!({"name": null}), json!(["pro"]), json!(true)]
        {
            assert_eq!(Plan::read(&nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_plan_that_has_ended_is_none() {
        assert_eq!(Plan::read(&json!({"name": "pro", "active": false})), None);
        assert!(Plan::read(&json!({"name": "pro", "active": true})).is_some());
        assert!(Plan::read(&json!({"name": "pro", "active": null})).is_some());
    }

    #[rstest]
    #[case::listed(json!([{"name": "Starter"}, {"name": "Growth"}, {"name": "Scale"}]))]
    #[case::in_items(json!({"_items": [{"name": "starter"}, {"name": "growth"}, {"name": "scale"}]}))]
    #[case::by_tier(json!([{"name": "scale", "tier": 3}, {"name": "starter", "tier": "1"}, {"name": "growth", "tier": "2"}]))]
    #[case::by_level(json!([{"code": "scale", "level": 30, "tier": "a"}, {"code": "growth", "level": 20, "tier": "b"}, {"code": "starter", "level": 1}]))]
    #[case::by_well_known_tier(json!([
        {"name": "scale", "tier": "enterprise"}, {"name": "growth", "tier": "Professional"}, {"name": "starter", "tier": "basic"}]))]
    fn plans_have_the_order_that_the_list_shows(#[case] body: Value) {
        let plans = plans(&body);
        assert_eq!(plans.include(&plan("scale"), "growth"), Some(true));
        assert_eq!(plans.include(&plan("GROWTH"), "growth"), Some(true));
        assert_eq!(plans.include(&plan("starter"), "growth"), Some(false));
        assert_eq!(plans.include(&plan("free"), "growth"), Some(false));
        assert_eq!(plans.include(&plan("scale"), "platinum"), None, "nobody knows what that is");
    }

    #[test]
    fn without_a_list_three_names_are_known() {
        let none = plans(&json!([]));
        assert_eq!(none.include(&plan("enterprise"), "professional"), Some(true));
        assert_eq!(none.include(&plan("basic"), "professional"), Some(false));
        assert_eq!(none.include(&plan("custom"), "professional"), None);
        assert_eq!(none.include(&plan("custom"), "Custom"), Some(true));
    }

    #[test]
    fn a_list_in_any_order_cannot_turn_the_well_known_plans_around() {
        let reversed = json!([{"name": "enterprise"}, {"name": "professional"}, {"name": "basic"}]);
        assert_eq!(plans(&reversed).include(&plan("basic"), "enterprise"), Some(false));
        let mixed = plans(&json!([{"name": "enterprise"}, {"name": "team"}, {"name": "basic"}]));
        assert_eq!(mixed.include(&plan("basic"), "enterprise"), Some(false));
        assert_eq!(mixed.include(&plan("team"), "enterprise"), None);
    }

    #[test]
    fn plans_of_the_same_tier_include_each_other() {
        let body = json!([{"name": "pro monthly", "tier": "professional"}, {"name": "pro yearly", "tier": "professional"}]);
        assert_eq!(plans(&body).include(&plan("pro monthly"), "pro yearly"), Some(true));
    }

    #[test]
    fn what_is_no_list_says_nothing() {
        for body in [json!({}), json!(null), json!({"_items": {}}), json!("basic")] {
            assert_eq!(Plans::read(&body), None, "{body}");
        }
        assert!(plans(&json!([1, null, {"tier": 1}])).descriptions().is_empty());
    }
}
