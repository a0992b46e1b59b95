//! Finds the entries that go with a service when it is removed.

use serde_json::Value;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub path: Vec<String>,
    /// Whether it is the `service` of an `extends`.
    pub is_base: bool,
}

/// Every entry of another key that names the service.
pub fn to_service(root: &Value, name: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let Some(services) = root.get("services").and_then(Value::as_object) else { return found };
    for (service, body) in services {
        let mut push = |steps: &[&str], is_base| {
            let path =
                ["services", service.as_str()].iter().chain(steps).map(|step| (*step).to_owned()).collect();
            found.push(Reference { path, is_base });
        };
        let names = |text: &str| text.split(':').next() == Some(name);
        for key in ["depends_on", "links", "volumes_from"] {
            match body.get(key) {
                // A single value instead of a list is treated as a list with one item.
                Some(Value::String(text)) if names(text) => push(&[key], false),
                Some(Value::Object(entries)) if entries.contains_key(name) => push(&[key, name], false),
                Some(Value::Array(items)) => {
                    // The last index comes first, so that removing an item does not move the remaining ones.
                    for (index, item) in items.iter().enumerate().rev() {
                        if item.as_str().is_some_and(names) {
                            push(&[key, &index.to_string()], false);
                        }
                    }
                }
                _ => {}
            }
        }
        for key in ["network_mode", "pid", "ipc"] {
            let namespace =
                body.get(key).and_then(Value::as_str).and_then(|text| text.strip_prefix("service:"));
            if namespace == Some(name) {
                push(&[key], false);
            }
        }
        match body.get("extends") {
            Some(Value::String(base)) if base == name => push(&["extends"], true),
            Some(Value::Object(extends))
                if !extends.contains_key("file")
                    && extends.get("service").and_then(Value::as_str) == Some(name) =>
            {
                push(&["extends", "service"], true);
            }
            _ => {}
        }
    }
    found
}
