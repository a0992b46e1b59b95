//! What edits make of the cases.

use domain::stack::{Edit, Stack};
use serde_json::{Value, json};
use similar::{ChangeTag, TextDiff};

use crate::stack;

fn applied(before: &Stack, edit: Value) -> Stack {
    before.apply(&serde_json::from_value::<Edit>(edit).unwrap()).unwrap()
}

/// The lines that an edit changes: `-` removed, `+` added.
fn changes(number: &str, edit: Value) -> Vec<String> {
    let before = stack(number);
    let after = applied(&before, edit);
    TextDiff::from_lines(before.text(), after.text())
        .iter_all_changes()
        .filter_map(|change| match change.tag() {
            ChangeTag::Equal => None,
            ChangeTag::Delete => Some(format!("-{}", change.value().trim_end_matches('\n'))),
            ChangeTag::Insert => Some(format!("+{}", change.value().trim_end_matches('\n'))),
        })
        .collect()
}

#[test]
fn the_same_digits_are_another_value_where_they_are_octal() {
    let edit = json!({"op": "set_environment", "service": "dumper", "key": "START_AT", "value": "415"});
    assert_eq!(changes("01", edit), ["-      START_AT: 0415", "+      START_AT: \"415\""]);
}

#[test]
fn a_date_is_written_as_text() {
    let edit = json!({"op": "set_environment", "service": "app", "key": "RELEASED", "value": "2024-01-15"});
    assert_eq!(changes("02", edit), ["-      RELEASED: 2024-01-15", "+      RELEASED: \"2024-01-15\""]);
}

#[test]
fn a_port_of_the_engines_choice_can_be_added() {
    let edit = json!({"op": "add_port", "service": "one", "port": {"published": "0", "target": "7000"}});
    assert_eq!(changes("05", edit), ["+      - \"0:7000\""]);
}

#[test]
fn nothing_is_written_into_what_is_reset() {
    let edit = json!({"op": "add_port", "service": "front", "port": {"published": "81", "target": "80"}});
    let refused = stack("12").apply(&serde_json::from_value(edit).unwrap()).unwrap_err();
    assert_eq!(refused.code, "reset-value");
    assert_eq!(refused.position.unwrap().line, 5);
    let edit = json!({"op": "set_key", "path": ["services", "front", "environment"], "value": ["A=1"]});
    assert_eq!(changes("12", edit), ["-      MODE: live", "+      - A=1"]);
}

/// A list with an entry that Compose drops, in three notations.
const WITH_RESETS: [&str; 3] = [
    "services:\n  web:\n    image: a:1\n    ports:\n      - !reset \"80:80\"\n      - \"81:81\" # one\n      - \"82:82\" # two\n",
    "services:\n  web:\n    image: a:1\n    ports: [!reset \"80:80\", \"81:81\", \"82:82\"]\n",
    "x-p: &gone !reset \"80:80\"\nservices:\n  web:\n    image: a:1\n    ports:\n      - *gone\n      - \"81:81\"\n      - \"82:82\"\n",
];

#[test]
fn entries_that_are_reset_do_not_count_when_a_list_is_changed() {
    for text in WITH_RESETS {
        let before = Stack::read(text);
        let ports = &before.model().services[0].ports;
        let places: Vec<&str> = ports.iter().map(|port| port.place.slice(text)).collect();
        assert_eq!(places, ["\"81:81\"", "\"82:82\""]);
        let spec = json!({"published": "9", "target": "82"});
        let set = json!({"op": "set_port", "service": "web", "index": 1, "port": spec});
        assert_eq!(applied(&before, set).text(), text.replace("82:82", "9:82"));
        let key = json!({"op": "set_key", "path": ["services", "web", "ports", "0"], "value": "7:81"});
        assert_eq!(applied(&before, key).text(), text.replace("81:81", "7:81"));
        let remove = json!({"op": "remove_port", "service": "web", "index": 0});
        let after = applied(&before, remove);
        assert!(after.text().contains("82:82") && !after.text().contains("81:81"), "{}", after.text());
        assert_eq!(after.text().matches("80:80").count(), 1);
        let add = json!({"op": "add_port", "service": "web", "port": {"published": "83", "target": "83"}});
        let added = applied(&before, add);
        assert_eq!(added.model().services[0].ports.len(), 3, "{}", added.text());
        assert!(added.text().find("82:82") < added.text().find("83:83"));
    }
}

#[test]
fn the_last_entry_beside_reset_ones_is_not_removed_alone() {
    let stack = Stack::read("services:\n  web:\n    image: a:1\n    ports: [!reset \"80:80\", \"81:81\"]\n");
    let edit = json!({"op": "remove_port", "service": "web", "index": 0});
    let refused = stack.apply(&serde_json::from_value(edit).unwrap()).unwrap_err();
    assert_eq!(refused.code, "reset-value");
}

#[test]
fn a_rename_reaches_every_reference_and_nothing_else() {
    let edit = json!({"op": "rename_service", "service": "api", "to": "core", "uncertain": []});
    let before = stack("19");
    let after = applied(&before, edit);
    let lines = before.text().lines().zip(after.text().lines()).enumerate();
    let changed: Vec<usize> = lines.filter(|(_, (a, b))| a != b).map(|(at, _)| at + 1).collect();
    assert_eq!(changed, [2, 8, 10, 12, 13, 18, 19, 21, 24, 29]);
}

#[test]
fn an_edit_after_a_text_with_blank_lines_keeps_them() {
    let edit = json!({"op": "set_image", "service": "web", "image": "example/web:2.0"});
    assert_eq!(changes("20", edit), ["-    image: example/web:1.0", "+    image: example/web:2.0"]);
    let edit = json!({"op": "set_restart", "service": "motd", "restart": "always"});
    let after = applied(&stack("20"), edit);
    let motd = after.model().root.at(&["services", "motd"]).unwrap().to_json();
    assert_eq!(motd["command"], "first\nsecond\n\n\n");
    assert_eq!(motd["restart"], "always");
    assert!(after.text().ends_with("\n\n# the end\n"), "{}", after.text());
}

#[test]
fn a_new_block_does_not_come_between_a_comment_and_what_it_is_about() {
    let edit = json!({"op": "add_service", "service": "cache", "image": "example/cache:1.0"});
    let after = applied(&stack("21"), edit);
    assert!(
        after.text().contains("  # old:\n  #   image: example/old:1.0\n# volumes:\n"),
        "{}",
        after.text()
    );
    let before = Stack::read(
        "services:\n  web:\n    image: example/web:1.0\n    # ports:\n    #   - \"80:80\"\n\n    # labels:\n# the end\n",
    );
    let after = applied(&before, json!({"op": "add_service", "service": "db", "image": "example/db:1.0"}));
    assert!(after.text().contains("\n    # labels:\n  db:\n    image: example/db:1.0\n"), "{}", after.text());
    assert!(after.text().ends_with("\n# the end\n"), "{}", after.text());
}

#[test]
fn commented_out_lines_stay_when_the_last_entry_goes() {
    let before = stack("21");
    let after = [1, 0].iter().fold(before.clone(), |stack, index| {
        applied(&stack, json!({"op": "remove_port", "service": "web", "index": index}))
    });
    for comment in ["# first port", "# - \"8443:443\"", "# second port", "# after the last port"] {
        assert!(after.text().contains(comment), "{comment} is lost:\n{}", after.text());
    }
}

#[test]
fn a_condition_keeps_the_comments_of_the_list() {
    let edit = json!({"op": "add_dependency", "service": "web", "on": "db", "condition": "service_healthy"});
    let after = applied(&stack("37"), edit);
    assert!(
        after.text().contains(
            "    depends_on:   # list\n      # why\n      db:   # because\n        condition: service_healthy\n      # more\n"
        ),
        "{}",
        after.text()
    );
}

#[test]
fn windows_line_breaks_and_the_byte_order_mark_stay() {
    let after = applied(&stack("22"), json!({"op": "set_restart", "service": "db", "restart": "always"}));
    assert!(after.text().starts_with('\u{feff}'));
    assert_eq!(after.text().matches('\n').count(), after.text().matches("\r\n").count());
}

#[test]
fn what_is_added_stands_before_the_end_of_the_document() {
    let after = applied(&stack("23"), json!({"op": "add_network", "network": "front"}));
    assert!(after.is_readable());
    assert!(
        after.text().find("networks:").unwrap() < after.text().find("\n...").unwrap(),
        "{}",
        after.text()
    );
}

#[test]
fn shared_values_change_for_one_service_only() {
    let before = stack("24");
    for (service, others) in [("one", ["two", "three"]), ("three", ["one", "two"])] {
        let after = applied(
            &before,
            json!({"op": "set_environment", "service": service, "key": "LEVEL", "value": "trace"}),
        );
        for other in others {
            let value = |stack: &Stack| stack.model().root.at(&["services", other]).unwrap().to_json();
            assert_eq!(value(&before), value(&after));
        }
    }
}

#[test]
fn an_edit_of_a_long_line_touches_one_line() {
    let edit = json!({"op": "set_image", "service": "web", "image": "example/web:2.0"});
    assert_eq!(changes("33", edit).len(), 2);
}
