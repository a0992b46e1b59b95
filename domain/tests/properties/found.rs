//! Errors that random edits have found, as small examples that are tested in every run.

use domain::stack::{Canvas, Edit, Point, Stack, merge::merge};
use serde_json::{Value, json};

use crate::as_it_should_be;

fn edit(edit: Value) -> Edit {
    serde_json::from_value(edit).unwrap()
}

fn check(stack: &Stack, edit: &Edit) {
    as_it_should_be(stack, &stack.apply(edit).unwrap(), edit).unwrap();
}

fn service_a(body: &str) -> Stack {
    Stack::read(&format!(
        "services:\n  a:\n    image: x\n    {body}\n  b:\n    image: y\n  c:\n    image: z\n"
    ))
}

#[test]
fn an_edit_does_all_of_what_it_says() {
    let port = json!({"host_ip": "[::1]", "published": "80", "target": "80"});
    for (body, asked) in [
        // An earlier version removed only the last entry, so that the one before took effect again.
        ("environment: [A=1, A=2]", json!({"op": "remove_environment", "service": "a", "key": "A"})),
        ("depends_on: [b, b]", json!({"op": "remove_dependency", "service": "a", "on": "b"})),
        ("networks: [n, m, n]", json!({"op": "leave_network", "service": "a", "network": "n"})),
        // An earlier version did not declare the network if the service was already in it.
        ("networks: [n]", json!({"op": "join_network", "service": "a", "network": "n"})),
        // The short form cannot express these. An earlier version wrote it with another meaning.
        ("user: root", json!({"op": "add_volume", "service": "a", "target": "/v", "read_only": true})),
        ("user: root", json!({"op": "add_volume", "service": "a", "source": "./a:b", "target": "/v"})),
        // In the long form, brackets are not part of an address.
        ("ports: [{target: 1}]", json!({"op": "add_port", "service": "a", "port": port})),
        ("ports: [{target: 1}]", json!({"op": "set_port", "service": "a", "index": 0, "port": port})),
        // An earlier version lost the other names and kept an unknown condition.
        ("depends_on: b", json!({"op": "add_dependency", "service": "a", "on": "c"})),
        (
            "depends_on: [1, b]",
            json!({"op": "add_dependency", "service": "a", "on": "c", "condition": "service_healthy"}),
        ),
        ("depends_on: {b: {condition: up}}", json!({"op": "add_dependency", "service": "a", "on": "b"})),
        // An earlier version did not treat a single name as a reference.
        ("depends_on: b", json!({"op": "rename_service", "service": "b", "to": "d"})),
        ("depends_on: b", json!({"op": "remove_service", "service": "b"})),
    ] {
        check(&service_a(body), &edit(asked));
    }
}

#[test]
fn one_side_alone_is_the_result_with_its_whole_canvas() {
    // An earlier version forgot where the node stood that the text has lost for a moment.
    let base = service_a("user: root");
    let moved =
        base.apply(&edit(json!({"op": "move_node", "service": "c", "to": {"x": 1, "y": 2}}))).unwrap();
    let side = moved.apply(&edit(json!({"op": "replace_text", "text": "services: {}\n"}))).unwrap();
    for merged in [merge(&base, &base, &side), merge(&base, &side, &base), merge(&base, &side, &side)] {
        assert_eq!(merged.unwrap().canvas(), side.canvas());
    }
}

#[test]
fn a_range_of_container_ports_is_never_written_in_the_long_form() {
    // Compose rejects it there.
    let stack = service_a("ports: [{target: 1}]");
    let port = json!({"published": "8000-8010", "target": "9000-9010"});
    let added = edit(json!({"op": "add_port", "service": "a", "port": port}));
    check(&stack, &added);
    assert!(stack.apply(&added).unwrap().text().contains("8000-8010:9000-9010"));
    let set = edit(json!({"op": "set_port", "service": "a", "index": 0, "port": port}));
    assert_eq!(stack.apply(&set).unwrap_err().code, "port-invalid");
}

#[test]
fn a_new_service_brings_nothing_of_an_earlier_one_along() {
    let canvas = Canvas {
        positions: [("d".to_owned(), Point { x: 20, y: 20 })].into(),
        apps: [("d".to_owned(), "postgres".to_owned())].into(),
        notes: [("d".to_owned(), "the old one".to_owned())].into(),
        ..Canvas::default()
    };
    let stack = service_a("user: root").with_canvas(canvas);
    for asked in [
        json!({"op": "add_service", "service": "d", "image": "x"}),
        json!({"op": "duplicate_service", "service": "a", "to": "d"}),
        json!({"op": "rename_service", "service": "a", "to": "d"}),
    ] {
        check(&stack, &edit(asked));
    }
}

#[test]
fn a_copy_of_what_is_at_the_edge_of_the_canvas_is_there_too() {
    let positions = [("a".to_owned(), Point { x: i32::MAX, y: i32::MAX })].into();
    let stack = service_a("user: root").with_canvas(Canvas { positions, ..Canvas::default() });
    check(&stack, &edit(json!({"op": "duplicate_service", "service": "a", "to": "d"})));
}

#[test]
fn what_cannot_be_done_is_refused_and_not_done_otherwise() {
    let refused = |body: &str, asked: Value| service_a(body).apply(&edit(asked)).unwrap_err().code;
    let port = |published: &str| json!({"op": "add_port", "service": "a", "port": {"published": published, "target": "80-81"}});
    assert_eq!(refused("user: root", port("${PORT:-8080}")), "port-invalid");
    // An earlier version overwrote the existing value.
    assert_eq!(refused("ports: 80:80", port("80-81")), "not-a-list");
    assert_eq!(
        refused("volumes: v:/v", json!({"op": "add_volume", "service": "a", "target": "/v"})),
        "not-a-list"
    );
    assert_eq!(
        refused("networks: n", json!({"op": "join_network", "service": "a", "network": "m"})),
        "not-a-list"
    );
    // The number of changes is limited, because each of them reads the text again.
    let many = format!("environment: [{}]", ["A=1"; 300].join(", "));
    for op in ["remove_environment", "rename_environment"] {
        let mut asked = json!({"op": op, "service": "a", "key": "A"});
        if op == "rename_environment" {
            asked["to"] = "B".into();
        }
        assert_eq!(refused(&many, asked), "too-many-references");
    }
}
