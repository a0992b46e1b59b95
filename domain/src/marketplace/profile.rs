//! What the User Service says about a person.

use serde_json::Value;

use super::{plan::Plan, product::Product, text_or_number};

/// Whether a person has a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanHeld {
    /// The answer does not say.
    Unknown,
    None,
    Plan(Plan),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Whose profile it is, if it says so.
    pub user_id: Option<String>,
    pub plan: PlanHeld,
    /// What the person has bought. `None` if the answer does not say.
    pub products: Option<Vec<Product>>,
}

impl Profile {
    /// Reads `{"user": {…}}`, or the inner object alone. `None` for anything else.
    pub fn read(body: &Value) -> Option<Self> {
        let outer = body.as_object()?;
        let user = outer.get("user").and_then(Value::as_object);
        let field = |name: &str| user.and_then(|user| user.get(name)).or_else(|| outer.get(name));
        let user_id = ["_id", "user_id", "id"].into_iter().find_map(|name| text_or_number(field(name)));
        let plan = match field("plan") {
            None => PlanHeld::Unknown,
            Some(Value::Null) => PlanHeld::None,
            Some(plan @ (Value::String(_) | Value::Object(_))) => {
                Plan::read(plan).map_or(PlanHeld::None, PlanHeld::Plan)
            }
            Some(_) => PlanHeld::Unknown,
        };
        Some(Self { user_id, plan, products: field("products").and_then(Product::read_list) })
    }

    /// Whether it can be the profile of this user: it is, or it names nobody.
    pub fn may_be_of(&self, user_id: &str) -> bool {
        self.user_id.as_deref().is_none_or(|named| named == user_id)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plan_of(body: &Value) -> PlanHeld {
        Profile::read(body).unwrap().plan
    }

    #[test]
    fn the_plan_is_found_in_both_shapes() {
        let pro = PlanHeld::Plan(Plan::read(&json!("pro")).unwrap());
        assert_eq!(plan_of(&json!({"user": {"_id": "u1", "plan": {"name": "pro"}}})), pro);
        assert_eq!(plan_of(&json!({"user": {"_id": "u1", "plan": "pro"}})), pro);
        assert_eq!(plan_of(&json!({"plan": {"name": "pro"}})), pro);
        assert_eq!(plan_of(&json!({"user_id": 7, "plan": "pro"})), pro);
    }

    #[test]
    fn no_plan_is_not_the_same_as_nothing_said() {
        assert_eq!(plan_of(&json!({"user": {"plan": null}})), PlanHeld::None);
        assert_eq!(plan_of(&json!({"plan": {"name": "pro", "active": false}})), PlanHeld::None);
        assert_eq!(plan_of(&json!({"user": {}})), PlanHeld::Unknown);
        assert_eq!(plan_of(&json!({"plan": 7})), PlanHeld::Unknown);
    }

    #[test]
    fn purchases_are_a_list_or_unknown() {
        let products = |body| Profile::read(&body).unwrap().products.map(|products| products.len());
        assert_eq!(products(json!({"user": {"products": [{"code": "a"}, 1]}})), Some(1));
        assert_eq!(products(json!({"products": []})), Some(0));
        assert_eq!(products(json!({"products": null})), None);
        assert_eq!(products(json!({})), None);
    }

    #[test]
    fn a_profile_of_somebody_else_is_noticed() {
        let profile = Profile::read(&json!({"user": {"_id": "u1"}})).unwrap();
        assert!(profile.may_be_of("u1") && !profile.may_be_of("u2"));
        assert!(Profile::read(&json!({"plan": "pro"})).unwrap().may_be_of("u2"));
    }

    #[test]
    fn what_is_no_object_is_no_profile() {
        for body in [json!([]), json!("u1"), json!(null)] {
            assert_eq!(Profile::read(&body), None);
        }
    }
}
