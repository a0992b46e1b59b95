//! What a template asks of the person who deploys it. The plan is checked first, then the purchase.

use uuid::Uuid;

use super::profile::PlanHeld;

/// What an answer says when the plan has no name.
const NO_NAME: &str = "unknown";

/// What has to be true before a project that was made from a template is deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    pub template_id: Uuid,
    pub slug: String,
    /// The plan that the person needs, or a higher one. `None`: any person may deploy it.
    pub required_plan: Option<String>,
    /// The product that the person must have bought. `None`: it is free.
    pub product_id: Option<i32>,
}

impl Requirement {
    /// Whether everybody may deploy it.
    pub fn is_empty(&self) -> bool {
        self.required_plan.is_none() && self.product_id.is_none()
    }

    /// `price`: with two decimals.
    pub fn lacks_purchase(&self, price: Option<String>) -> Lacking {
        Lacking::Purchase { template_id: self.template_id, price }
    }
}

/// What keeps a person from deploying a template. The texts are those of 0.2.1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lacking {
    #[error("You require a '{required}' subscription to deploy this template (you have '{held}')")]
    Plan { required: String, held: String },
    #[error("{}", purchase(*template_id, price.as_deref()))]
    Purchase { template_id: Uuid, price: Option<String> },
}

impl Lacking {
    pub fn plan(required: &str, held: &PlanHeld) -> Self {
        let held = match held {
            PlanHeld::Plan(plan) => plan.label(),
            PlanHeld::None | PlanHeld::Unknown => NO_NAME,
        };
        Self::Plan { required: required.to_owned(), held: held.to_owned() }
    }
}

fn purchase(template_id: Uuid, price: Option<&str>) -> String {
    price.map_or_else(
        || format!("You must purchase this template to deploy it. Template ID: {template_id}"),
        |price| {
            format!("This verified pro stack requires purchase (${price}). Please purchase from marketplace.")
        },
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::plan::Plan, *};

    fn requirement() -> Requirement {
        Requirement {
            template_id: Uuid::from_u128(7),
            slug: "shop".to_owned(),
            required_plan: Some("professional".to_owned()),
            product_id: Some(1),
        }
    }

    #[test]
    fn a_missing_plan_is_named_together_with_the_one_that_is_there() {
        let held = PlanHeld::Plan(Plan::read(&json!({"name": "basic"})).unwrap());
        assert_eq!(
            Lacking::plan("professional", &held).to_string(),
            "You require a 'professional' subscription to deploy this template (you have 'basic')"
        );
        assert_eq!(
            Lacking::plan("professional", &PlanHeld::None).to_string(),
            "You require a 'professional' subscription to deploy this template (you have 'unknown')"
        );
    }

    #[test]
    fn a_missing_purchase_names_the_price_or_the_template() {
        assert_eq!(
            requirement().lacks_purchase(Some("19.90".to_owned())).to_string(),
            "This verified pro stack requires purchase ($19.90). Please purchase from marketplace."
        );
        assert_eq!(
            requirement().lacks_purchase(None).to_string(),
            "You must purchase this template to deploy it. Template ID: 00000000-0000-0000-0000-000000000007"
        );
    }

    #[test]
    fn a_template_for_everybody_asks_for_nothing() {
        assert!(!requirement().is_empty());
        assert!(Requirement { required_plan: None, product_id: None, ..requirement() }.is_empty());
        assert!(!Requirement { required_plan: None, ..requirement() }.is_empty());
    }
}
