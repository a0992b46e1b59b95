//! JSON that is passed on as it was stored, without parsing and serialising it again.

use serde::{Deserialize, Serialize};
use serde_json::{
    Value,
    value::{RawValue, to_raw_value},
};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoredJson(Box<RawValue>);

impl StoredJson {
    pub fn text(&self) -> &str {
        self.0.get()
    }

    pub fn value(&self) -> Value {
        serde_json::from_str(self.text()).unwrap_or_default()
    }
}

impl From<&Value> for StoredJson {
    fn from(value: &Value) -> Self {
        // An existing value can always be written.
        Self(to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }
}

impl From<Box<RawValue>> for StoredJson {
    fn from(text: Box<RawValue>) -> Self {
        Self(text)
    }
}

impl PartialEq for StoredJson {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_text_stays_as_it_is() {
        let text = r#"{"b" : [1,  2], "a": null}"#;
        let stored: StoredJson = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&stored).unwrap(), text);
        assert_eq!(stored.value(), json!({"b": [1, 2], "a": null}));
        assert_eq!(StoredJson::from(&json!({"x": 1})).text(), r#"{"x":1}"#);
    }
}
