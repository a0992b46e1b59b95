//! Removes credentials that must never be stored or returned, at any depth of a body.

use serde_json::Value;

const CREDENTIALS: [&str; 4] = ["cloud_token", "cloud_key", "cloud_secret", "dockerhub_password"];

/// The body without credentials of clouds and registries, at any depth. Environment values stay, because they belong
/// to the stack.
pub fn without_credentials(body: Value) -> Value {
    match body {
        Value::Object(entries) => entries
            .into_iter()
            .filter(|(key, _)| !CREDENTIALS.contains(&key.as_str()))
            .map(|(key, value)| (key, without_credentials(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(without_credentials).collect(),
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::without_credentials;

    #[test]
    fn credentials_go_at_any_depth_and_nothing_else() {
        let body = json!({
            "cloud_token": "t", "region": "fsn1", "cloud": {"cloud_key": "k", "provider": "htz"},
            "custom": {"web": [{"dockerhub_password": "p", "dockerhub_user": "u",
                "environment": [{"key": "cloud_secret", "value": "kept"}]}]},
            "list": [[{"cloud_secret": "s"}]],
        });
        assert_eq!(
            without_credentials(body),
            json!({
                "region": "fsn1", "cloud": {"provider": "htz"},
                "custom": {"web": [{"dockerhub_user": "u", "environment": [{"key": "cloud_secret", "value": "kept"}]}]},
                "list": [[{}]],
            })
        );
    }
}
