use std::collections::BTreeMap;

use super::{MissingVariable, filled};
use crate::stack::Stack;

fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn fill(text: &str, pairs: &[(&str, &str)]) -> Result<String, Vec<MissingVariable>> {
    filled(&Stack::read(text), &values(pairs))
}

#[test]
fn every_form_of_a_variable_is_replaced() {
    let text = "x-a: ${A}\nx-b: $A-b\nx-c: ${C:-c}\nx-d: ${E-d}\nx-e: ${A:+e}\nx-f: ${C+f}\nx-g: ${A:?no}\nx-h: ${C:-${A}}\n";
    let expected = "x-a: one\nx-b: one-b\nx-c: c\nx-d: ''\nx-e: e\nx-f: \"\"\nx-g: one\nx-h: one\n";
    assert_eq!(fill(text, &[("A", "one"), ("E", "")]).unwrap(), expected.replace("''", "\"\""));
}

#[test]
fn comments_order_and_other_text_stay() {
    let text = "# ${A}\nservices:\n  web: # $A\n    image: 'nginx:${A}' # tag\n    command: [\"echo\", \"$$A\", '$1']\n";
    let expected = "# ${A}\nservices:\n  web: # $A\n    image: 'nginx:1.27' # tag\n    command: [\"echo\", \"$$A\", '$1']\n";
    assert_eq!(fill(text, &[("A", "1.27")]).unwrap(), expected);
}

#[test]
fn a_dollar_sign_in_a_value_is_doubled() {
    assert_eq!(fill("x-a: p-${A}-$$b\n", &[("A", "a$b${C}")]).unwrap(), "x-a: p-a$$b$${C}-$$b\n");
}

#[test]
fn a_value_that_yaml_would_misread_is_quoted() {
    for (value, written) in [
        ("80", "\"80\""),
        ("yes", "\"yes\""),
        ("null", "\"null\""),
        ("a: b", "\"a: b\""),
        ("a #b", "\"a #b\""),
        ("*x", "\"*x\""),
        ("a\nb", "\"a\\nb\""),
        ("\"hi\" #", "'\"hi\" #'"),
        ("plain", "plain"),
    ] {
        assert_eq!(fill("x-a: ${A}\n", &[("A", value)]).unwrap(), format!("x-a: {written}\n"), "{value}");
    }
    assert_eq!(fill("x-a: '${A}'\n", &[("A", "it's")]).unwrap(), "x-a: 'it''s'\n");
    assert_eq!(fill("x-a: [\"${A}\", b]\n", &[("A", "x, y")]).unwrap(), "x-a: [\"x, y\", b]\n");
}

#[test]
fn a_block_stays_a_block() {
    let text = "x-a: |\n  # ${A}\n  key=$B\nx-b: 1\n";
    assert_eq!(
        fill(text, &[("A", "one: two"), ("B", "l1\nl2")]).unwrap(),
        "x-a: |\n  # one: two\n  key=l1\n  l2\nx-b: 1\n"
    );
}

#[test]
fn a_value_that_breaks_its_block_is_quoted_instead() {
    let text = "x-a: |\n  ${A}\n  b\nx-b: 1\n";
    let out = fill(text, &[("A", "  deep")]).unwrap();
    let root = &Stack::read(&out).model().root.to_json();
    assert_eq!((&root["x-a"], &root["x-b"]), (&"  deep\nb\n".into(), &1.into()), "{out}");
}

#[test]
fn variables_that_are_passed_on_get_their_values() {
    let text = "services:\n  a:\n    image: x\n    environment:\n      - ONE\n      - OTHER\n  b:\n    image: x\n    environment:\n      ONE:\n      TWO: ~\n";
    let expected = "services:\n  a:\n    image: x\n    environment:\n      - ONE=1$$\n      - OTHER\n  b:\n    image: x\n    environment:\n      ONE: 1$$\n      TWO: \"2\"\n";
    assert_eq!(fill(text, &[("ONE", "1$"), ("TWO", "2")]).unwrap(), expected);
}

#[test]
fn an_anchor_is_filled_where_it_is_written() {
    let text = "x-env: &env\n  A: ${A}\nservices:\n  web:\n    image: x\n    environment: *env\n";
    assert_eq!(fill(text, &[("A", "1")]).unwrap(), text.replace("${A}", "\"1\""));
}

#[test]
fn what_has_no_value_is_refused_by_name_and_place() {
    let text = "services:\n  web:\n    image: nginx:${TAG}\n    environment:\n      - P=${PASSWORD:?set a password}${TAG}\n";
    let missing = fill(text, &[]).unwrap_err();
    let said: Vec<_> =
        missing.iter().map(|one| (one.name.as_str(), one.line, one.column, one.path.as_str())).collect();
    assert_eq!(
        said,
        [
            ("TAG", 3, 12, "services.web.image"),
            ("TAG", 5, 9, "services.web.environment[0]"),
            ("PASSWORD", 5, 9, "services.web.environment[0]"),
        ]
    );
    assert_eq!(missing[2].reason.as_deref(), Some("set a password"));
    let empty = fill("x-a: ${A:?}\n", &[("A", "")]).unwrap_err();
    assert_eq!((empty[0].name.as_str(), &empty[0].reason), ("A", &None));
}

#[test]
fn a_file_without_variables_is_sent_byte_for_byte() {
    let text = "services:\n  web:\n    image: nginx\n    command: echo $$HOME # $X\n";
    assert_eq!(fill(text, &[("HOME", "x")]).unwrap(), text);
}
