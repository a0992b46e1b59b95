//! Tests of the effective compose file.

use serde_json::json;

use std::collections::BTreeMap;

use super::effective::*;
use crate::stack::Stack;

fn effective(text: &str) -> Effective {
    Effective::of(&Stack::read(text), &BTreeMap::from([("TOKEN".to_owned(), "a$b".to_owned())]), "/data/shop")
        .unwrap()
}

#[test]
fn what_the_engine_gets_says_the_same_and_leaves_nothing_open() {
    let text = "name: other\nx-base: &base\n  image: nginx:1.27\nservices:\n  web:\n    <<: *base\n    environment:\n      - TOKEN\n      - HOME\n      - PRICE=${TOKEN}$$\n    volumes: [\"./html:/html:ro\", \"data:/data\", \"../x:/x\", \"/root/project/up:/up\"]\n    env_file: web.env\nvolumes:\n  data:\n";
    let effective = effective(text);
    assert_eq!(
        effective.document(),
        &json!({"services": {"web": {"image": "nginx:1.27", "environment": ["TOKEN=a$b", "PRICE=a$b$"],
            "volumes": ["/data/shop/html:/html:ro", "data:/data", "/data/x:/x", "/data/shop/up:/up"],
            "env_file": "/data/shop/web.env"}}, "volumes": {"data": null}})
    );
    assert!(effective.text().contains("PRICE=a$$b$$"));
}

#[test]
fn volumes_of_form_projects_are_folders_of_the_stack() {
    let text = "services:\n  db:\n    image: a:1\n    volumes: [{type: volume, source: data, target: /d}]\nvolumes:\n  data:\n    name: data\n    driver: local\n    driver_opts: {type: none, o: bind, device: /root/project/data}\n";
    assert_eq!(
        effective(text).document()["volumes"]["data"],
        json!({"driver": "local", "driver_opts": {"type": "none", "o": "bind", "device": "/data/shop/data"}})
    );
    let out = "services:\n  db:\n    image: a:1\n    volumes: [\"/root/project/../secret:/d\"]\n";
    assert_eq!(effective(out).document()["services"]["db"]["volumes"][0], "/root/project/../secret:/d");
}

#[test]
fn the_definition_changes_with_what_the_service_uses_and_with_nothing_else() {
    let text = |image: &str, driver: &str, other: &str| {
        format!(
            "services:\n  a:\n    image: {image}\n    volumes: [\"data:/d\"]\n  b:\n    image: {other}\nvolumes:\n  data:\n    labels: {{x: {driver}}}\n"
        )
    };
    let definition = |image, driver, other| effective(&text(image, driver, other)).definition("a");
    let first = definition("a:1", "one", "b:1");
    assert_eq!(first, definition("a:1", "one", "b:2"));
    assert_ne!(first, definition("a:2", "one", "b:1"));
    assert_ne!(first, definition("a:1", "two", "b:1"));
}

#[test]
fn services_of_a_profile_are_active_only_when_it_is_asked_for() {
    let stack = Stack::read("services:\n  a:\n    image: a:1\n  b:\n    image: b:1\n    profiles: [debug]\n");
    let active = |variables: &BTreeMap<String, String>| {
        let effective = Effective::of(&stack, variables, "/p").unwrap();
        effective.active_services().map(|service| service.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(active(&BTreeMap::new()), ["a"]);
    assert_eq!(active(&BTreeMap::from([("COMPOSE_PROFILES".to_owned(), "x,debug".to_owned())])), ["a", "b"]);
}

#[test]
fn a_file_with_errors_has_no_effect() {
    let problems = |text: &str| Effective::of(&Stack::read(text), &BTreeMap::new(), "/p").unwrap_err();
    assert!(!problems("services: [").is_empty());
    assert!(!problems("services:\n  a:\n    depends_on: [b]\n    image: a:1\n").is_empty());
    assert_eq!(
        problems("services:\n  a:\n    image: a:1\nsecrets:\n  s:\n    environment: LD_PRELOAD\n"),
        ["`environment: LD_PRELOAD`: this variable isn't passed on; use another name"]
    );
}
