//! Resolves `extends` within one file, so that policy, plan and engine see the same service. `extends` of another
//! file is left to compose; the policy decides whether it is allowed.
//! <https://github.com/compose-spec/compose-spec/blob/main/05-services.md#extends>

use serde_json::{Map, Value, json};

/// Longer chains are treated as a cycle.
const LONGEST_CHAIN: usize = 32;
/// Keys that are replaced as a whole, because parts of two commands do not form a command.
const WHOLE: &[&str] = &["command", "entrypoint", "test"];
/// Keys whose value is a mapping or a list of `NAME=value`.
const ASSIGNMENTS: &[&str] = &["environment", "labels", "annotations", "sysctls", "args"];
/// Lists in which each entry has a target path in the container. For one path, the later entry wins.
const PLACES: &[&str] = &["volumes", "devices", "tmpfs"];

/// Resolves all `extends` and returns the errors, written for people.
pub fn resolve(document: &mut Value) -> Vec<String> {
    let Some(services) = document.get_mut("services").and_then(Value::as_object_mut) else {
        return Vec::new();
    };
    let mut problems = Vec::new();
    let names: Vec<String> = services.keys().cloned().collect();
    for name in names {
        for step in 0.. {
            let Some(base_name) = services.get(&name).and_then(base_of) else { break };
            if step >= LONGEST_CHAIN || base_name == name {
                problems.push(format!("service `{name}` extends itself through other services"));
                break;
            }
            let (Some(Value::Object(base)), Some(Value::Object(own))) =
                (services.get(&base_name), services.get(&name))
            else {
                problems.push(format!("service `{name}` extends `{base_name}`, which is not in this file"));
                break;
            };
            let mut own = own.clone();
            own.remove("extends");
            let merged = merged(base, &own);
            services.insert(name.clone(), Value::Object(merged));
        }
    }
    problems
}

fn base_of(service: &Value) -> Option<String> {
    match service.get("extends")? {
        Value::String(name) => Some(name.clone()),
        Value::Object(extends) if extends.get("file").is_none_or(Value::is_null) => {
            extends.get("service").and_then(Value::as_str).map(str::to_owned)
        }
        _ => None,
    }
}

fn merged(base: &Map<String, Value>, own: &Map<String, Value>) -> Map<String, Value> {
    let mut out = base.clone();
    for (key, value) in own {
        let value = match base.get(key) {
            Some(before) if !WHOLE.contains(&key.as_str()) => of_key(key, before, value),
            _ => value.clone(),
        };
        out.insert(key.clone(), value);
    }
    out
}

fn of_key(key: &str, base: &Value, own: &Value) -> Value {
    match (base, own) {
        (base, Value::Null) => base.clone(),
        (Value::Object(base), Value::Object(own)) => Value::Object(merged(base, own)),
        (Value::Array(_) | Value::Object(_), Value::Array(_) | Value::Object(_))
            if ASSIGNMENTS.contains(&key) =>
        {
            Value::Object(merged(&assignments(base), &assignments(own)))
        }
        (Value::Array(base), Value::Array(own)) => Value::Array(joined(key, base, own)),
        (Value::Array(_) | Value::Object(_), Value::Array(_) | Value::Object(_)) => {
            Value::Object(merged(&named(key, base), &named(key, own)))
        }
        (Value::Array(base), own @ Value::String(_)) => {
            Value::Array(joined(key, base, std::slice::from_ref(own)))
        }
        (base @ Value::String(_), Value::Array(own)) => {
            Value::Array(joined(key, std::slice::from_ref(base), own))
        }
        (base, own) if matches!(key, "env_file" | "label_file" | "dns" | "dns_search" | "tmpfs") => {
            Value::Array(joined(key, std::slice::from_ref(base), std::slice::from_ref(own)))
        }
        (_, own) => own.clone(),
    }
}

fn joined(key: &str, base: &[Value], own: &[Value]) -> Vec<Value> {
    let kept = base.iter().filter(|item| {
        if PLACES.contains(&key) {
            own.iter().all(|other| place(other) != place(item))
        } else if ASSIGNMENTS.contains(&key) {
            own.iter().all(|other| name(other) != name(item))
        } else {
            !own.contains(item)
        }
    });
    kept.chain(own).cloned().collect()
}

/// The target path in the container.
fn place(item: &Value) -> Option<&str> {
    match item {
        Value::String(text) => text.split(':').nth(1).or(Some(text)),
        item => item.get("target").and_then(Value::as_str),
    }
}

fn name(item: &Value) -> Option<&str> {
    item.as_str().and_then(|text| text.split('=').next())
}

fn assignments(value: &Value) -> Map<String, Value> {
    match value {
        Value::Object(entries) => entries.clone(),
        value => {
            let items = value.as_array().into_iter().flatten().filter_map(Value::as_str);
            let pair = |item: &str| match item.split_once('=') {
                Some((name, value)) => (name.to_owned(), json!(value)),
                None => (item.to_owned(), Value::Null),
            };
            items.map(pair).collect()
        }
    }
}

/// Reads `networks` or `depends_on`, which are a list of names or a mapping by name, as a mapping.
fn named(key: &str, value: &Value) -> Map<String, Value> {
    match value {
        Value::Object(entries) => entries.clone(),
        value => {
            let empty =
                if key == "depends_on" { json!({"condition": "service_started"}) } else { Value::Null };
            let names = value.as_array().into_iter().flatten().filter_map(Value::as_str);
            names.map(|name| (name.to_owned(), empty.clone())).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_has_what_its_base_has_unless_it_says_otherwise() {
        let mut document = json!({"services": {
            "web": {"extends": {"service": "mid"}, "command": ["b"], "environment": ["B=2"], "volumes": ["own:/d"], "ports": ["81:81"], "depends_on": {"db": {"condition": "service_healthy"}}},
            "mid": {"extends": "base", "environment": {"B": "1", "C": "3"}},
            "base": {"image": "a:1", "command": ["a", "x"], "environment": ["A=1"], "volumes": ["data:/d", "conf:/c"], "ports": ["80:80"], "depends_on": ["cache"]},
            "other": {"extends": {"file": "x.yml", "service": "base"}},
        }});
        assert_eq!(resolve(&mut document), [""; 0]);
        assert_eq!(
            document["services"]["web"],
            json!({"image": "a:1", "command": ["b"], "environment": {"A": "1", "B": "2", "C": "3"}, "volumes": ["conf:/c", "own:/d"],
                "ports": ["80:80", "81:81"], "depends_on": {"cache": {"condition": "service_started"}, "db": {"condition": "service_healthy"}}})
        );
        assert_eq!(document["services"]["other"]["extends"]["file"], "x.yml");
        let mut ring = json!({"services": {"a": {"extends": "b"}, "b": {"extends": "a"}}});
        assert_eq!(resolve(&mut ring).len(), 2);
    }
}
