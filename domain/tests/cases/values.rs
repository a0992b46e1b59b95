//! What the reader makes of the cases.

use serde_json::json;

use crate::stack;

fn value(number: &str, path: &[&str]) -> serde_json::Value {
    stack(number).model().root.at(path).unwrap().to_json()
}

#[test]
fn numbers_are_those_that_compose_reads() {
    let environment = value("01", &["services", "dumper", "environment"]);
    assert_eq!(environment, json!({"START_AT": 269, "KEEP": 415}));
    assert_eq!(value("01", &["services", "dumper", "secrets", "0", "mode"]), json!(0o440));
}

#[test]
fn what_is_reset_is_not_there_and_what_overrides_is() {
    assert_eq!(
        value("12", &["services", "front"]),
        json!({"image": "example/front:1.0", "environment": {"MODE": "live"}})
    );
    assert_eq!(value("12", &["services", "side"]), json!({"image": "example/side:1.0"}));
}

#[test]
fn blank_lines_of_a_text_are_part_of_it() {
    assert_eq!(value("20", &["services", "motd", "command"]), json!("first\nsecond\n\n\n"));
    let web = value("20", &["services", "web"]);
    assert_eq!(web["environment"]["HOSTS"], "a.example  b.example\n");
    assert_eq!(web["environment"]["NOTE"], "keep me\n# not a comment\n  \n");
    assert_eq!(web["labels"]["tail"], "  indented\n# still text\n");
}

#[test]
fn list_entries_keep_their_quotes_hashes_and_colons() {
    let service = stack("25");
    let environment = &service.model().service("app").unwrap().environment;
    let read: Vec<(&str, Option<&str>)> =
        environment.iter().map(|one| (one.key.as_str(), one.value.as_deref())).collect();
    assert_eq!(
        read,
        [
            ("PASS", Some("a#b: c")),
            ("QUOTE", Some("it's")),
            ("JSON", Some("{\"a\":[1,2]}")),
            ("EMPTY", Some("")),
            ("PASSED_ON", None),
            ("URL", Some("proto://u:p@h/d?x=1#frag")),
            ("QUOTED", Some("\"yes\"")),
            ("MULTI", Some("line one line two")),
        ]
    );
}
