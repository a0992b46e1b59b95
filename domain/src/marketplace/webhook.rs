//! The body that tells the User Service about a reviewer's decision. Its bytes are part of the contract: the order of the keys,
//! which of them are null, and which are left out.

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// What is listed of a template in the marketplace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub short_description: Option<String>,
    pub long_description: Option<String>,
    pub creator_user_id: String,
    /// The name of the category.
    pub category: Option<String>,
    /// Sent only if it is an array.
    pub tags: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Action {
    #[serde(rename = "template_approved")]
    Approved,
    #[serde(rename = "template_updated")]
    Updated,
    #[serde(rename = "template_rejected")]
    Rejected,
}

/// One message. The fields are in the order of the keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Webhook {
    action: Action,
    stack_template_id: Uuid,
    /// The same value again.
    external_id: Uuid,
    code: Option<String>,
    name: Option<String>,
    description: Option<String>,
    /// Always null: the User Service sets it.
    price: (),
    vendor_user_id: Option<String>,
    vendor_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<Value>>,
}

impl Webhook {
    pub fn approved(listing: Listing) -> Self {
        Self::listed(Action::Approved, listing)
    }

    pub fn updated(listing: Listing) -> Self {
        Self::listed(Action::Updated, listing)
    }

    pub fn rejected(template_id: Uuid) -> Self {
        Self {
            action: Action::Rejected,
            stack_template_id: template_id,
            external_id: template_id,
            code: None,
            name: None,
            description: None,
            price: (),
            vendor_user_id: None,
            vendor_name: None,
            category: None,
            tags: None,
        }
    }

    pub fn template_id(&self) -> Uuid {
        self.stack_template_id
    }

    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    fn listed(action: Action, listing: Listing) -> Self {
        Self {
            action,
            stack_template_id: listing.id,
            external_id: listing.id,
            code: Some(listing.slug),
            name: Some(listing.name),
            description: listing.short_description.or(listing.long_description),
            price: (),
            vendor_user_id: Some(listing.creator_user_id.clone()),
            vendor_name: Some(listing.creator_user_id),
            category: listing.category,
            tags: match listing.tags {
                Value::Array(tags) => Some(tags),
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn listing() -> Listing {
        Listing {
            id: Uuid::from_u128(0x1234),
            slug: "shop".to_owned(),
            name: "Shop".to_owned(),
            short_description: Some("Sells things".to_owned()),
            long_description: Some("Sells things, at length".to_owned()),
            creator_user_id: "u1".to_owned(),
            category: Some("SaaS Starter".to_owned()),
            tags: json!(["web", {"a": 1}]),
        }
    }

    #[test]
    fn an_approval_is_written_like_this() {
        assert_eq!(
            Webhook::approved(listing()).to_json().unwrap(),
            concat!(
                r#"{"action":"template_approved","stack_template_id":"00000000-0000-0000-0000-000000001234","#,
                r#""external_id":"00000000-0000-0000-0000-000000001234","code":"shop","name":"Shop","#,
                r#""description":"Sells things","price":null,"vendor_user_id":"u1","vendor_name":"u1","#,
                r#""category":"SaaS Starter","tags":["web",{"a":1}]}"#
            )
        );
    }

    #[test]
    fn what_an_approval_does_not_have_is_null_or_left_out() {
        let bare = Listing {
            short_description: None,
            long_description: None,
            category: None,
            tags: json!({"web": true}),
            ..listing()
        };
        assert_eq!(
            Webhook::approved(bare.clone()).to_json().unwrap(),
            concat!(
                r#"{"action":"template_approved","stack_template_id":"00000000-0000-0000-0000-000000001234","#,
                r#""external_id":"00000000-0000-0000-0000-000000001234","code":"shop","name":"Shop","#,
                r#""description":null,"price":null,"vendor_user_id":"u1","vendor_name":"u1"}"#
            )
        );
        let at_length = Listing { long_description: Some("At length".to_owned()), ..bare };
        assert!(Webhook::approved(at_length).to_json().unwrap().contains(r#""description":"At length""#));
    }

    #[test]
    fn an_update_differs_in_its_action_only() {
        let approved = Webhook::approved(listing()).to_json().unwrap();
        let updated = Webhook::updated(listing()).to_json().unwrap();
        assert_eq!(updated, approved.replace("template_approved", "template_updated"));
    }

    #[test]
    fn a_rejection_names_the_template_and_nothing_else() {
        assert_eq!(
            Webhook::rejected(Uuid::from_u128(0x1234)).to_json().unwrap(),
            concat!(
                r#"{"action":"template_rejected","stack_template_id":"00000000-0000-0000-0000-000000001234","#,
                r#""external_id":"00000000-0000-0000-0000-000000001234","code":null,"name":null,"#,
                r#""description":null,"price":null,"vendor_user_id":null,"vendor_name":null}"#
            )
        );
    }
}
