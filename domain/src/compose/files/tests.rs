use serde_json::json;

use super::*;
use crate::compose::Position;

fn files(texts: &[&str]) -> Files {
    let names = ["a.yml", "b.yml", "c.yml"];
    let files: Vec<File<'_>> = names.iter().zip(texts).map(|(name, text)| File { name, text }).collect();
    read(&files)
}

fn service(texts: &[&str]) -> serde_json::Value {
    files(texts).model.root.at(&["services", "a"]).unwrap().to_json()
}

const BASE: &str = "services:\n  a:\n    image: x:1\n    ports: [\"80:80\"]\n    environment: {A: 1, B: 2}\n";

#[test]
fn values_are_replaced_and_lists_appended() {
    let over = "services:\n  a:\n    image: x:2\n    ports: [\"81:81\", \"0.0.0.0:80:80\"]\n    environment: [B=3, C]\n";
    let expected = json!({
        "image": "x:2", "ports": ["0.0.0.0:80:80", "81:81"], "environment": {"A": 1, "B": "3", "C": null}
    });
    assert_eq!(service(&[BASE, over]), expected);
}

#[test]
fn marks_remove_what_was_there_before() {
    let over = "services:\n  a:\n    ports: !reset []\n    environment: !override {C: 3}\n";
    assert_eq!(service(&[BASE, over]), json!({"image": "x:1", "environment": {"C": 3}}));
    let through_an_alias = "x-a: &a\n  ports: !reset []\nservices:\n  a:\n    <<: *a\n";
    assert!(service(&[BASE, through_an_alias]).get("ports").is_none());
}

#[test]
fn places_lead_back_to_the_file_of_the_value() {
    let over = "# ä\nservices:\n  a:\n    image: x:2\n";
    let read = files(&[BASE, over]);
    let image = read.model.services[0].image.as_ref().unwrap();
    let (file, place) = read.joined.place_in_file(image.place);
    assert_eq!((file, place.slice(over)), (1, "x:2"));
    assert_eq!(read.joined.line(image.place), "4 of b.yml");
    let position = Position::of(read.joined.text(), image.place.start);
    assert_eq!(read.joined.position_in_file(position), Position { line: 4, column: 12 });
}

#[test]
fn what_cannot_be_merged_is_reported_where_it_is_written() {
    let read = files(&[BASE, "services:\n  a:\n    ports: 80\n"]);
    let finding = read.findings.iter().find(|finding| finding.message.contains("can't merge")).unwrap();
    assert!(finding.message.contains("a list for `services.a.ports`"), "{}", finding.message);
    assert_eq!(read.joined.place_in_file(finding.place).0, 1);
}

#[test]
fn a_file_that_cannot_be_read_stops_the_merging() {
    let read = files(&[BASE, "services: [", "- list\n"]);
    assert!(!read.readable);
    let codes: Vec<&str> = read.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["not-yaml", "not-a-compose-file"]);
    assert_eq!(read.joined.place_in_file(read.findings[1].place).0, 2);
}

#[test]
fn nothing_is_a_file_too() {
    assert!(files(&[]).readable);
    assert_eq!(service(&[BASE, ""])["image"], "x:1");
    assert!(files(&["", ""]).findings.is_empty());
}

#[test]
fn a_key_that_only_the_merged_document_needs_may_be_missing() {
    let base = "services:\n  a:\n    image: x:1\n    depends_on: {b: {condition: service_healthy}}\n  b:\n    image: y:1\n";
    let over = "services:\n  a:\n    depends_on: {b: {restart: true}}\n";
    assert_eq!(files(&[base, over]).findings, []);
}
