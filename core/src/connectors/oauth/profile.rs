//! The body of the provider's answer, `{"user": {…}}`. It requires the same fields as legacy clients did: an answer of another
//! shape does not identify anyone.

use domain::access::{Caller, Role};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::local_operator::local_operator;

/// The length of the columns named `user_id`.
const MAX_USER_ID_CHARACTERS: usize = 50;
const UNNAMED: &str = "Noname";

#[derive(Deserialize)]
struct Answer {
    user: User,
}

/// Required keys must be present, even if their values are unused; null is accepted.
#[derive(Deserialize)]
struct User {
    #[serde(rename = "_id")]
    id: String,
    email: String,
    #[serde(rename = "email_confirmed")]
    _email_confirmed: bool,
    role: String,
    first_name: Option<String>,
    last_name: Option<String>,
    #[serde(rename = "currency", deserialize_with = "present")]
    _currency: Value,
    #[serde(rename = "password_change_required", deserialize_with = "present")]
    _password_change_required: Value,
    #[serde(rename = "billing_first_name", deserialize_with = "present")]
    _billing_first_name: Value,
    #[serde(rename = "billing_last_name", deserialize_with = "present")]
    _billing_last_name: Value,
    #[serde(rename = "deployments_left", deserialize_with = "present")]
    _deployments_left: Value,
}

/// Accepts any value, including null, but requires the key. (A plain `Value` would accept a missing key as null.)
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Value::deserialize(deserializer)
}

/// `None` if the body does not identify a person.
pub fn caller(body: &[u8]) -> Option<Caller> {
    let Answer { user } = serde_json::from_slice(body).ok()?;
    if !is_usable_id(&user.id) {
        return None;
    }
    let named = |name: Option<String>| name.unwrap_or_else(|| UNNAMED.to_owned());
    let name = format!("{} {}", named(user.first_name), named(user.last_name));
    Some(Caller::new(user.id, Role::named(&user.role), name, Some(user.email)))
}

/// Refuses ids that cannot be stored or are reserved.
pub(super) fn is_usable_id(id: &str) -> bool {
    let length = id.chars().count();
    (1..=MAX_USER_ID_CHARACTERS).contains(&length) && !id.contains('\0') && id != local_operator().user_id
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn answer() -> Value {
        json!({"user": {
            "_id": "u1", "email": "ada@example.com", "email_confirmed": true, "role": "group_user",
            "first_name": "Ada", "last_name": "Lovelace", "currency": null, "password_change_required": null,
            "billing_first_name": null, "billing_last_name": null, "deployments_left": 3, "plan": null,
        }})
    }

    fn read(answer: &Value) -> Option<Caller> {
        caller(answer.to_string().as_bytes())
    }

    #[test]
    fn a_whole_answer_says_who_it_is() {
        let email = Some("ada@example.com".to_owned());
        let expected = Caller::new("u1", Role::GroupUser, "Ada Lovelace", email);
        assert_eq!(read(&answer()), Some(expected));
    }

    #[rstest]
    #[case("_id")]
    #[case("email")]
    #[case("email_confirmed")]
    #[case("role")]
    #[case("currency")]
    #[case("password_change_required")]
    #[case("billing_first_name")]
    #[case("billing_last_name")]
    #[case("deployments_left")]
    fn an_answer_without_a_required_key_says_nothing(#[case] key: &str) {
        let mut answer = answer();
        answer["user"].as_object_mut().unwrap().remove(key);
        assert_eq!(read(&answer), None);
    }

    #[rstest]
    #[case("")]
    #[case("local")]
    #[case("nul\0")]
    #[case(&"x".repeat(51))]
    fn an_id_that_is_taken_or_cannot_be_kept_is_nobodys(#[case] id: &str) {
        let mut answer = answer();
        answer["user"]["_id"] = id.into();
        assert_eq!(read(&answer), None);
    }

    #[test]
    fn names_are_optional() {
        let mut answer = answer();
        answer["user"]["first_name"] = Value::Null;
        assert_eq!(read(&answer).unwrap().name, "Noname Lovelace");
    }

    #[test]
    fn an_unknown_role_may_nothing() {
        let mut answer = answer();
        answer["user"]["role"] = "emperor".into();
        let caller = read(&answer).unwrap();
        assert_eq!(caller.role, Role::Other("emperor".to_owned()));
        assert!(!caller.role.is_user());
    }
}
