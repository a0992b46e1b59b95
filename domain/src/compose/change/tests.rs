//! Tests of changes on small texts, with the exact result.

use serde_json::{Value, json};

use super::{Change, Draft};
use crate::compose::{resolve::resolve, syntax::parse};

fn changed(text: &str, changes: &[Change]) -> Result<String, String> {
    let tree = parse(text).tree;
    let mut draft = Draft::new(text, &tree, resolve(&tree).root.to_json());
    changes
        .iter()
        .try_for_each(|change| draft.change(change))
        .and_then(|()| draft.finish())
        .map_err(|obstacle| obstacle.code.to_owned())
}

fn set(text: &str, path: &[&str], value: Value) -> String {
    changed(text, &[Change::set(path, value)]).unwrap()
}

fn removed(text: &str, path: &[&str]) -> String {
    changed(text, &[Change::remove(path)]).unwrap()
}

#[test]
fn a_scalar_changes_in_place_and_keeps_its_quotes_and_its_comment() {
    assert_eq!(set("a: 'x' # why\nb: 1\n", &["a"], json!("y")), "a: 'y' # why\nb: 1\n");
    assert_eq!(set("a: \"x\"\n", &["a"], json!("no")), "a: \"no\"\n");
    assert_eq!(set("a: x\n", &["a"], json!("no")), "a: \"no\"\n");
    assert_eq!(set("a:   # why\nb: 1\n", &["a"], json!(5)), "a: 5   # why\nb: 1\n");
}

#[test]
fn block_scalars_are_replaced_with_their_header() {
    assert_eq!(set("a: |-\n  x\n  y\nb: 1\n", &["a"], json!("z")), "a: z\nb: 1\n");
    assert_eq!(removed("a: >\n  x\n\n  y\n\nb: 1\n", &["a"]), "\nb: 1\n");
}

#[test]
fn new_keys_follow_the_habits_of_the_file() {
    let text = "s:\n    w:\n        p:\n        - a\n";
    assert_eq!(
        set(text, &["s", "w", "q"], json!(["b"])),
        "s:\n    w:\n        p:\n        - a\n        q:\n        - b\n"
    );
    assert_eq!(set("a:\r\n  b: 1\r\n", &["a", "c"], json!(2)), "a:\r\n  b: 1\r\n  c: 2\r\n");
    assert_eq!(set("a:\n  b: 1", &["a", "c"], json!(2)), "a:\n  b: 1\n  c: 2");
    assert_eq!(set("", &["a", "b"], json!({"c": [1]})), "a:\n  b:\n    c:\n      - 1\n");
}

#[test]
fn what_is_missing_on_the_way_is_created() {
    assert_eq!(set("a:\n", &["a", "b"], json!(1)), "a:\n  b: 1\n");
    assert_eq!(set("a: {}\n", &["a", "b"], json!(1)), "a:\n  b: 1\n");
    assert_eq!(set("a: # why\nz: 1\n", &["a", "b"], json!(1)), "a: # why\n  b: 1\nz: 1\n");
}

#[test]
fn lists_are_appended_to_changed_and_shortened_by_lines() {
    let text = "a:\n  - x # one\n  - y\n";
    assert_eq!(set(text, &["a", "2"], json!("z")), "a:\n  - x # one\n  - y\n  - z\n");
    assert_eq!(set(text, &["a", "0"], json!("z")), "a:\n  - z # one\n  - y\n");
    assert_eq!(removed(text, &["a", "0"]), "a:\n  - y\n");
    assert_eq!(set("a:\n- k: 1\n  l: 2\n", &["a", "0", "k"], json!(3)), "a:\n- k: 3\n  l: 2\n");
    assert_eq!(removed("a:\n- k: 1\n  l: 2\n", &["a", "0", "k"]), "a:\n- l: 2\n");
}

#[test]
fn the_last_one_takes_its_key_along_but_not_a_name_that_people_gave() {
    assert_eq!(removed("x: 1\na:\n  b:\n    c:\n      - z\n", &["a", "b", "c", "0"]), "x: 1\na:\n  b:\n");
    assert_eq!(
        removed("v:\n  data:\n    driver: local\nx: 1\n", &["v", "data", "driver"]),
        "v:\n  data:\nx: 1\n"
    );
    assert_eq!(removed("services:\n  web:\n    image: x\n", &["services", "web"]), "services: {}\n");
}

#[test]
fn flow_collections_and_json_stay_what_they_are() {
    assert_eq!(set("a: [x, y]\n", &["a", "2"], json!("z")), "a: [x, y, z]\n");
    assert_eq!(removed("a: [x, y, z]\n", &["a", "1"]), "a: [x, z]\n");
    assert_eq!(removed("a: {k: 1, l: 2}\n", &["a", "k"]), "a: {l: 2}\n");
    assert_eq!(
        set("{\n  \"a\": {\n    \"b\": 1\n  }\n}\n", &["a", "c"], json!("no")),
        "{\n  \"a\": {\n    \"b\": 1,\n    \"c\": \"no\"\n  }\n}\n"
    );
}

#[test]
fn comments_in_brackets_stay_with_their_entries() {
    let text = "a: [\n  x, # one\n  y  # two\n]\n";
    assert_eq!(set(text, &["a", "2"], json!("z")), "a: [\n  x, # one\n  y,  # two\n  z\n]\n");
    assert_eq!(removed(text, &["a", "0"]), "a: [\n  y  # two\n]\n");
    assert_eq!(removed(text, &["a", "1"]), "a: [\n  x # one\n]\n");
    let comma = "a: {\n  k: 1, # one\n  l: 2, # two\n}\n";
    assert_eq!(set(comma, &["a", "m"], json!(3)), "a: {\n  k: 1, # one\n  l: 2, # two\n  m: 3,\n}\n");
    assert_eq!(removed(comma, &["a", "l"]), "a: {\n  k: 1, # one\n}\n");
    assert_eq!(removed("a: [x, # one\n  y]\n", &["a", "1"]), "a: [x # one\n  ]\n");
    assert_eq!(removed("a: {k: 1,\n    l: 2}\n", &["a", "l"]), "a: {k: 1}\n");
}

#[test]
fn tags_nulls_and_empty_values_are_no_obstacle() {
    let tagged = "s:\n  p: !override\n    - x\n    - y\n";
    assert_eq!(set(tagged, &["s", "p", "2"], json!("z")), format!("{tagged}    - z\n"));
    assert_eq!(removed(tagged, &["s", "p", "0"]), "s:\n  p: !override\n    - y\n");
    assert_eq!(set("a: null # why\nb: 1\n", &["a", "k"], json!(1)), "a: # why\n  k: 1\nb: 1\n");
    assert_eq!(set("v: {data: }\n", &["v", "new"], Value::Null), "v: {data: , new: null }\n");
}

#[test]
fn merged_values_are_overridden_where_they_are_used() {
    let text = "x: &x\n  image: a\n  env:\n    A: 1\nw:\n  <<: *x\n  k: 1\n";
    assert_eq!(set(text, &["w", "image"], json!("b")), format!("{text}  image: b\n"));
    assert_eq!(set(text, &["w", "env", "B"], json!(2)), format!("{text}  env:\n    A: 1\n    B: 2\n"));
    assert_eq!(set("x: &x\n  A: 1\nw: *x\n", &["w", "B"], json!(2)), "x: &x\n  A: 1\nw:\n  A: 1\n  B: 2\n");
}

#[test]
fn a_shared_value_is_never_changed_behind_the_back_of_others() {
    let text = "a: &a\n  k: 1\nb: *a\n";
    assert_eq!(changed(text, &[Change::set(&["a", "k"], 2)]), Err("shared-value".into()));
    assert_eq!(
        changed("a:\n  <<: {k: 1}\n  l: 1\n", &[Change::remove(&["a", "k"])]),
        Err("shared-value".into())
    );
}

#[test]
fn keys_are_renamed_in_their_quotes() {
    assert_eq!(changed("\"a\": 1 # why\n", &[Change::rename(&["a"], "b")]).unwrap(), "\"b\": 1 # why\n");
    assert_eq!(changed("a: 1\nb: 2\n", &[Change::rename(&["a"], "b")]), Err("key-exists".into()));
}

#[test]
fn of_two_blank_lines_one_goes_with_what_was_between_them() {
    let text = "s:\n  a:\n    k: 1\n\n  b:\n    k: 1\n\n  c:\n    k: 1\n";
    assert_eq!(removed(text, &["s", "b"]), "s:\n  a:\n    k: 1\n\n  c:\n    k: 1\n");
    assert_eq!(removed(text, &["s", "c"]), "s:\n  a:\n    k: 1\n\n  b:\n    k: 1\n");
}

#[test]
fn a_merged_key_is_not_renamed_where_comments_would_be_lost() {
    let text = "x-env: &env\n  B: b\nservices:\n  a:\n    image: x:1\n    environment:\n      <<: *env\n      A: 2 # mine\n      C: 3\n";
    let edit = crate::stack::Edit::RenameEnvironment { service: "a".into(), key: "B".into(), to: "D".into() };
    let refused = crate::stack::Stack::read(text).apply(&edit).unwrap_err();
    assert_eq!(refused.code, "shared-value");
    let without = text.replace(" # mine", "");
    assert!(crate::stack::Stack::read(&without).apply(&edit).is_ok());
}
