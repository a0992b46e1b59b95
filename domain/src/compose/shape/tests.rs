//! The tables against themselves and against the JSON schema of the specification.

use std::{fs, path::Path};

use serde_json::Value;

use super::{
    Keys, Shape,
    tables::{FILE, SERVICE},
};
use crate::{
    check::{Basis, Severity, check},
    stack::{Edit, Stack},
};

fn tables_below<'t>(shape: &'t Shape, found: &mut Vec<&'t Keys>) {
    match shape {
        Shape::Keys(keys) if !found.iter().any(|known| std::ptr::eq(*known, *keys)) => {
            found.push(keys);
            keys.known.iter().for_each(|(_, shape)| tables_below(shape, found));
        }
        Shape::List(shape) | Shape::Names(_, shape) => tables_below(shape, found),
        Shape::Or(shapes) => shapes.iter().for_each(|shape| tables_below(shape, found)),
        _ => {}
    }
}

#[test]
fn keys_are_sorted_because_they_are_searched_by_halves() {
    let mut tables = Vec::new();
    let file = Shape::Keys(&FILE);
    tables_below(&file, &mut tables);
    assert!(tables.len() > 30, "{}", tables.len());
    for table in tables {
        assert!(table.known.is_sorted_by(|(a, _), (b, _)| a < b), "{}", table.owner);
    }
}

/// The differences between a shape and a schema: keys that only one of them has.
fn compare(path: &str, shape: &Shape, schema: &Value, root: &Value, differences: &mut Vec<String>) {
    let schema = match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).expect("defined"),
        None => schema,
    };
    if let Some(choices) = schema.get("oneOf").and_then(Value::as_array) {
        choices.iter().for_each(|choice| compare(path, shape, choice, root, differences));
        return;
    }
    let shapes = match shape {
        Shape::Or(shapes) => shapes,
        shape => std::slice::from_ref(shape),
    };
    for shape in shapes {
        match shape {
            Shape::Keys(keys) => {
                let Some(properties) = schema.get("properties").and_then(Value::as_object) else { continue };
                for (key, schema) in properties {
                    match keys.known.iter().find(|(known, _)| known == key) {
                        Some((_, shape)) => {
                            compare(&format!("{path}.{key}"), shape, schema, root, differences)
                        }
                        None => differences.push(format!("{path}.{key} is missing in the table")),
                    }
                }
                let odd = keys.known.iter().filter(|(key, _)| !properties.contains_key(*key));
                differences.extend(odd.map(|(key, _)| format!("{path}.{key} is not in the schema")));
            }
            Shape::List(item) => {
                if let Some(items) = schema.get("items") {
                    compare(&format!("{path}[]"), item, items, root, differences);
                }
            }
            Shape::Names(_, shape) => {
                let patterns = schema.get("patternProperties").and_then(Value::as_object);
                for (pattern, schema) in
                    patterns.into_iter().flatten().filter(|(pattern, _)| *pattern != "^x-")
                {
                    compare(&format!("{path}.{pattern}"), shape, schema, root, differences);
                }
            }
            _ => {}
        }
    }
}

#[test]
fn the_tables_have_the_keys_of_the_specification_and_no_others() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/compose-spec.schema.json");
    let Ok(text) = fs::read_to_string(file) else {
        eprintln!("skipped: there is no schema in ../shared/corpus");
        return;
    };
    let schema: Value = serde_json::from_str(&text).expect("JSON");
    let mut differences = Vec::new();
    compare("file", &Shape::Keys(&FILE), &schema, &schema, &mut differences);
    compare("service", &Shape::Keys(&SERVICE), &schema["definitions"]["service"], &schema, &mut differences);
    assert!(differences.is_empty(), "{differences:#?}");
}

fn web(rest: &str) -> String {
    format!("services:\n  web:\n    image: nginx:1.27\n    {rest}\n")
}

/// The text after the fix of the only finding with this code.
fn fixed(text: &str, code: &str) -> String {
    let findings: Vec<_> =
        check(&Stack::read(text)).into_iter().filter(|finding| finding.code == code).collect();
    assert_eq!(findings.len(), 1, "{code} in\n{text}\n{:#?}", check(&Stack::read(text)));
    let fix = findings[0].fix.as_ref().unwrap_or_else(|| panic!("{code} has no fix"));
    Stack::read(text).apply(&fix.edit).unwrap_or_else(|refusal| panic!("{refusal}")).text().to_owned()
}

#[test]
fn a_slip_in_a_value_is_an_error_with_a_fix_that_keeps_the_comment() {
    for (wrong, right, code) in [
        ("restart: allways # why", "restart: always # why", "value-unknown"),
        ("stop_grace_period: 30", "stop_grace_period: 30s", "value-invalid"),
        ("mem_limit: 512 megabytes", "mem_limit: 512m", "value-invalid"),
        ("mem_limit: 512", "mem_limit: 512m", "value-unknown"),
        ("cpus: \"1,5\"", "cpus: 1.5", "value-invalid"),
        ("pull_policy: allways", "pull_policy: always", "value-invalid"),
        ("privileged: ture", "privileged: true", "value-invalid"),
        ("privileged: 1", "privileged: true", "value-invalid"),
        ("network_mode: hots", "network_mode: host", "value-unknown"),
        ("stop_signal: SIGTREM", "stop_signal: SIGTERM", "value-unknown"),
        ("cap_add: [NET_ADMN]", "cap_add: [NET_ADMIN]", "value-unknown"),
        ("user: 1000 # me", "user: \"1000\" # me", "wrong-type"),
        ("enviroment: {A: b} # why", "environment: {A: b} # why", "unknown-key"),
        ("ulimits: {nofil: 5}", "ulimits: {nofile: 5}", "value-unknown"),
    ] {
        assert_eq!(fixed(&web(wrong), code), web(right), "{wrong}");
    }
}

#[test]
fn who_objects_is_said_by_the_basis() {
    for (line, severity, basis) in [
        ("mem_limit: lots", Severity::Error, Basis::Compose),
        ("cpus: many", Severity::Error, Basis::Compose),
        ("healthcheck: {test: a, interval: 5}", Severity::Error, Basis::Compose),
        ("restart: allways", Severity::Error, Basis::Runtime),
        ("deploy: {mode: replicatd}", Severity::Warning, Basis::Advice),
    ] {
        let findings = check(&Stack::read(&web(line)));
        let found: Vec<_> = findings.iter().map(|finding| (finding.severity, finding.basis)).collect();
        assert_eq!(found, [(severity, basis)], "{line}\n{findings:#?}");
        assert_eq!(findings[0].service.as_deref(), Some("web"), "{line}");
    }
}

#[test]
fn a_service_that_is_not_below_services_is_moved_there_with_its_comments() {
    let after = fixed(
        "# the site\nweb:\n  image: nginx:1.27 # pinned\n\n  ports:\n    - \"80:80\"\n",
        "service-outside",
    );
    assert_eq!(
        after,
        "services:\n  # the site\n  web:\n    image: nginx:1.27 # pinned\n\n    ports:\n      - \"80:80\"\n"
    );
    let after = fixed(
        "services:\n  a:\n    image: a:1\nvolumes:\n  d:\nweb:\n  image: nginx:1.27\n",
        "service-outside",
    );
    assert_eq!(after, "services:\n  a:\n    image: a:1\n  web:\n    image: nginx:1.27\nvolumes:\n  d:\n");
    let after = fixed("services:\nweb:\n  image: nginx:1.27", "service-outside");
    assert_eq!(after, "services:\n  web:\n    image: nginx:1.27\n");
}

#[test]
fn several_services_are_moved_together() {
    let text = "web:\n  image: a:1\n  depends_on: [db]\ndb:\n  image: b:1\n";
    let findings = check(&Stack::read(text));
    assert_eq!(findings.iter().filter(|finding| finding.code == "service-outside").count(), 2);
    let edit = &findings[0].fix.as_ref().unwrap().edit;
    assert_eq!(*edit, Edit::MoveToServices { services: vec!["web".to_owned(), "db".to_owned()] });
    let after = Stack::read(text).apply(edit).unwrap();
    assert_eq!(
        after.text(),
        "services:\n  web:\n    image: a:1\n    depends_on: [db]\n  db:\n    image: b:1\n"
    );
    assert_eq!(check(&after), []);
}

#[test]
fn a_value_that_several_services_share_is_reported_once_and_without_a_fix() {
    let text = "x-base: &base\n  restart: allways\nservices:\n  a:\n    <<: *base\n    image: a:1\n  b:\n    <<: *base\n    image: a:1\n";
    let findings: Vec<_> =
        check(&Stack::read(text)).into_iter().filter(|finding| finding.code == "value-unknown").collect();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(findings[0].place.slice(text), "allways");
    assert!(findings[0].fix.is_none());
}

#[test]
fn variables_and_extensions_are_left_alone() {
    let text = web("restart: ${RESTART}\n    mem_limit: ${LIMIT:-}\n    x-mine: {a: 1}\n    privileged: $P");
    let codes: Vec<_> = check(&Stack::read(&text)).into_iter().map(|finding| finding.code).collect();
    assert!(codes.iter().all(|code| code == "variable-unset"), "{codes:?}");
}

#[test]
fn a_default_is_judged_like_the_value_that_it_is_without_an_edit_that_replaces_the_variable() {
    let findings = check(&Stack::read(&web("mem_limit: ${LIMIT:-lots}\n    init: ${INIT:-ture}")));
    let codes: Vec<_> = findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["value-invalid", "value-invalid"]);
    assert!(findings.iter().all(|finding| finding.fix.is_none()), "{findings:#?}");
}

#[test]
fn both_bodies_of_a_duplicate_service_are_checked() {
    let text = "services:\n  web:\n    image: nginx\n    restart: allways\n  web:\n    image: nginx:1.27\n    cpus: many\n";
    let found: Vec<_> = check(&Stack::read(text))
        .into_iter()
        .map(|finding| (finding.code, finding.position.line, finding.fix.is_some()))
        .collect();
    let code = |code: &str, line, fix| (code.to_owned(), line, fix);
    assert_eq!(
        found,
        [
            code("image-unpinned", 3, false),
            code("value-unknown", 4, false),
            code("duplicate-key", 5, false),
            code("value-invalid", 7, false),
        ]
    );
}

#[test]
fn both_values_of_any_duplicate_key_are_checked() {
    let text = web("restart: allways\n    cpus: 1\n    restart: always");
    let found: Vec<_> =
        check(&Stack::read(&text)).into_iter().map(|finding| (finding.code, finding.position.line)).collect();
    assert_eq!(found, [("value-unknown".to_owned(), 4), ("duplicate-key".to_owned(), 6)]);
    assert!(check(&Stack::read(&text))[1].message.starts_with("Duplicate `restart` (first on line 4)"));
}
