//! Converts a provider's claims about a person to a caller.

use domain::access::{Caller, Role};
use serde_json::Value;

use super::profile::is_usable_id;
use crate::config::Claims;

/// `None` if the answer does not identify a person.
pub fn caller(answer: &Value, claims: &Claims, default_role: &str) -> Option<Caller> {
    let id = word(at(answer, &claims.id)?)?;
    if !is_usable_id(&id) {
        return None;
    }
    let email = at(answer, &claims.email).and_then(word);
    let name =
        at(answer, &claims.name).and_then(word).or_else(|| email.clone()).unwrap_or_else(|| id.clone());
    let role = at(answer, &claims.role).map_or_else(|| Role::named(default_role), role);
    Some(Caller::new(id, role, name, email))
}

/// The value at a path of keys separated by dots.
fn at<'a>(answer: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(answer, |value, key| value.get(key)).filter(|value| !value.is_null())
}

/// Accepts numbers too: some providers use them as user ids.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The role with the most rights, if there are several. An unknown role has no rights.
fn role(value: &Value) -> Role {
    let unknown = || Role::Other(String::new());
    match value {
        Value::Array(words) => {
            let named: Vec<Role> = words.iter().filter_map(word).map(|word| Role::named(&word)).collect();
            let first = |wanted: fn(&Role) -> bool| named.iter().find(|role| wanted(role)).cloned();
            first(Role::is_admin)
                .or_else(|| first(Role::is_user))
                .or_else(|| named.first().cloned())
                .unwrap_or_else(unknown)
        }
        value => word(value).map_or_else(unknown, |word| Role::named(&word)),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn claims() -> Claims {
        let own = |text: &str| text.to_owned();
        Claims { id: own("sub"), name: own("name"), email: own("email"), role: own("realm.roles") }
    }

    #[test]
    fn what_is_said_is_taken_where_the_settings_say_it_is() {
        let answer = json!({"sub": 7, "name": "Ada", "email": "ada@example.com", "realm": {"roles": ["x", "group_admin"]}});
        let expected = Caller::new("7", Role::GroupAdmin, "Ada", Some("ada@example.com".to_owned()));
        assert_eq!(caller(&answer, &claims(), "group_user"), Some(expected));
    }

    #[rstest]
    #[case(json!({}), Role::GroupUser)]
    #[case(json!({"roles": null}), Role::GroupUser)]
    #[case(json!({"roles": []}), Role::Other(String::new()))]
    #[case(json!({"roles": {"admin": true}}), Role::Other(String::new()))]
    #[case(json!({"roles": "emperor"}), Role::Other("emperor".to_owned()))]
    #[case(json!({"roles": ["emperor", "group_user"]}), Role::GroupUser)]
    fn only_a_role_that_is_known_opens_anything(#[case] realm: Value, #[case] expected: Role) {
        let answer = json!({"sub": "u1", "realm": realm});
        let caller = caller(&answer, &claims(), "group_user").unwrap();
        assert_eq!((caller.role, caller.name.as_str()), (expected, "u1"));
    }

    #[rstest]
    #[case(json!({"name": "Ada"}))]
    #[case(json!({"sub": ""}))]
    #[case(json!({"sub": "local"}))]
    #[case(json!({"sub": ["u1"]}))]
    #[case(json!({"sub": "x".repeat(51)}))]
    fn without_an_id_that_can_be_kept_it_is_nobody(#[case] answer: Value) {
        assert_eq!(caller(&answer, &claims(), "group_user"), None);
    }
}
