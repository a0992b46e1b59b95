//! Tests of updating a stack with a form when the stack has changed in the meantime.

use serde_json::{Value, json};

use super::{parsed, refused};
use crate::{
    form::{Form, extras, of_stack, to_stack, update},
    stack::Stack,
};

const COMPOSE: &str = "# the shop
services:
  web:
    image: nginx:1.27 # tested
    ports:
      - \"127.0.0.1:8080:80\"
      - \"9000-9010:9000-9010\"
    environment:
      - DEBUG=true
      - HOME_URL
    depends_on:
      db:
        condition: service_healthy
    command: [\"nginx\", \"-g\", \"daemon off;\"]
    networks: [front]
  db:
    image: postgres:17
    restart: on-failure:3
    volumes:
      - data:/var/lib/postgresql/data:ro
      - type: tmpfs
        target: /tmp
    healthcheck:
      test: [\"CMD\", \"pg_isready\"]
networks:
  front:
    driver: bridge
volumes:
  data:
";

/// The server's form of the stack, as a client changes it and sends it back.
fn put(stack: &Stack, change: impl FnOnce(&mut Value)) -> Stack {
    let mut body = of_stack(stack, None);
    change(&mut body["custom"]);
    update(stack, None, &parsed(&body)).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

/// The removed lines and the added lines.
fn changed(before: &str, after: &str) -> Vec<String> {
    similar::TextDiff::from_lines(before, after)
        .iter_all_changes()
        .filter(|change| change.tag() != similar::ChangeTag::Equal)
        .map(|change| format!("{}{}", change.tag(), change.value().trim_end()))
        .collect()
}

fn changed_by(change: impl FnOnce(&mut Value)) -> Vec<String> {
    changed(COMPOSE, put(&Stack::read(COMPOSE), change).text())
}

#[test]
fn any_stack_can_be_read_as_a_form() {
    let form = of_stack(&Stack::read(COMPOSE), Some(&json!({"custom": {"custom_stack_code": "shop"}})));
    let custom = &form["custom"];
    assert_eq!(custom["custom_stack_code"], "shop");
    let web = &custom["web"][0];
    assert_eq!(web["dockerhub_image"], "nginx:1.27");
    assert_eq!(web["shared_ports"], json!([{"host_port": "8080", "container_port": "80", "protocol": null}]));
    assert_eq!(
        web["environment"],
        json!([{"key": "DEBUG", "value": "true"}, {"key": "HOME_URL", "value": ""}])
    );
    assert_eq!(web["command"], "nginx -g 'daemon off;'");
    assert_eq!(web["restart"], "no");
    let db = &custom["service"][0];
    assert_eq!(db["restart"], "on-failure");
    assert_eq!(db["volumes"], json!([{"host_path": "data", "container_path": "/var/lib/postgresql/data"}]));
    assert_eq!(custom["networks"][0]["driver"], "bridge");
}

#[test]
fn the_same_form_again_changes_no_byte() {
    assert_eq!(changed_by(|_| {}), Vec::<String>::new());
}

#[test]
fn what_the_form_cannot_say_stays() {
    assert_eq!(
        changed_by(|custom| custom["web"][0]["dockerhub_image"] = json!("nginx:1.28")),
        ["-    image: nginx:1.27 # tested", "+    image: nginx:1.28 # tested"]
    );
    assert_eq!(
        changed_by(|custom| custom["web"][0]["shared_ports"][0]["host_port"] = json!("8081")),
        ["-      - \"127.0.0.1:8080:80\"", "+      - \"127.0.0.1:8081:80\""]
    );
    assert_eq!(
        changed_by(|custom| custom["web"][0]["environment"][0]["value"] = json!("false")),
        ["-      - DEBUG=true", "+      - DEBUG=false"]
    );
    assert_eq!(
        changed_by(|custom| custom["service"][0]["restart"] = json!("always")),
        ["-    restart: on-failure:3", "+    restart: always"]
    );
}

#[test]
fn ports_variables_and_volumes_come_and_go() {
    let stack = put(&Stack::read(COMPOSE), |custom| {
        custom["web"][0]["shared_ports"] = json!([{"host_port": "53", "container_port": "53", "protocol": "udp"}, {"host_port": "", "container_port": "81"}]);
        custom["web"][0]["environment"] =
            json!([{"key": "HOME_URL", "value": ""}, {"key": "MODE", "value": "no"}]);
        custom["service"][0]["volumes"] =
            json!([{"host_path": "conf/pg.conf", "container_path": "/etc/pg.conf"}]);
        custom["web"][0]["command"] = Value::Null;
    });
    let form = of_stack(&stack, None);
    let web = &form["custom"]["web"][0];
    assert_eq!(web["shared_ports"][0], json!({"host_port": "53", "container_port": "53", "protocol": "udp"}));
    assert_eq!(web["shared_ports"][1]["container_port"], "81");
    assert_eq!(web["environment"], json!([{"key": "HOME_URL", "value": ""}, {"key": "MODE", "value": "no"}]));
    assert_eq!(web["command"], Value::Null);
    assert!(
        stack.text().contains("9000-9010:9000-9010") && stack.text().contains("tmpfs"),
        "{}",
        stack.text()
    );
    assert!(stack.text().contains("source: ./conf/pg.conf"), "{}", stack.text());
}

#[test]
fn an_app_with_the_same_id_is_renamed_and_one_that_is_gone_takes_its_references_along() {
    let stack = put(&Stack::read(COMPOSE), |custom| custom["service"][0]["code"] = json!("database"));
    assert_eq!(changed(COMPOSE, stack.text()), ["-      db:", "+      database:", "-  db:", "+  database:"]);
    let stack = put(&Stack::read(COMPOSE), |custom| custom["service"] = json!([]));
    assert!(!stack.text().contains("db"), "{}", stack.text());
    assert!(stack.text().contains("volumes:\n  data:\n"), "the declaration of a volume stays: its data does");
}

#[test]
fn values_that_a_client_sends_back_follow_a_renamed_service_and_nothing_is_asked() {
    let text =
        COMPOSE.replace("      - HOME_URL\n", "      - HOME_URL=http://db:5432/db\n      - CACHE=db\n");
    let stack = put(&Stack::read(&text), |custom| custom["service"][0]["code"] = json!("database"));
    assert!(
        stack.text().contains("- HOME_URL=http://database:5432/db\n      - CACHE=db\n"),
        "{}",
        stack.text()
    );
}

#[test]
fn new_apps_and_networks_are_added() {
    let stack = put(&Stack::read(COMPOSE), |custom| {
        custom["networks"] = json!([{"id": "front", "name": "front", "driver": "bridge", "internal": true}, {"id": "n2", "name": "back"}]);
        custom["feature"] = json!([{"_id": "c", "name": "Cache", "code": "cache", "type": "feature", "restart": "always",
            "dockerhub_image": "valkey/valkey:8", "network": ["n2"], "volumes": [{"host_path": "cache", "container_path": "/data"}]}]);
        custom["service"][0]["network"] = json!(["n2"]);
    });
    let model = stack.model();
    assert!(model.network("front").is_some_and(|network| network.internal));
    assert!(model.network("back").is_some() && model.volume("cache").is_some());
    assert_eq!(model.service("cache").unwrap().networks[0].network, "back");
    assert_eq!(model.service("db").unwrap().networks[0].network, "back");
    let mut findings = crate::check::check(&stack);
    findings.retain(|finding| finding.severity == crate::check::Severity::Error);
    // The form of this test has no password for its database.
    assert!(findings.iter().all(|finding| finding.code == "setting-required"), "{findings:#?}");
}

#[test]
fn a_network_that_is_gone_is_left_and_removed() {
    let stack = put(&Stack::read(COMPOSE), |custom| {
        custom["networks"] = Value::Null;
        custom["web"][0]["network"] = Value::Null;
    });
    assert!(!stack.text().contains("front") && !stack.text().contains("networks"), "{}", stack.text());
}

#[test]
fn projects_that_came_as_a_form_keep_its_mapping_of_volumes() {
    let body = json!({"custom":{"custom_stack_code":"a","web":[{"_id":"a","name":"a","code":"a","type":"web",
        "restart":"no","dockerhub_name":"nginx:1"}]}});
    let first = parsed(&body);
    let mut again = body.clone();
    again["custom"]["web"][0]["volumes"] = json!([{"host_path": "data", "container_path": "/data"}]);
    let stack = update(&to_stack(&first).unwrap(), Some(&extras(&first)), &parsed(&again)).unwrap();
    assert!(stack.text().contains("device: /root/project/data"), "{}", stack.text());
}

#[test]
fn a_built_service_needs_no_image_but_an_image_cannot_be_taken_away() {
    let stack = Stack::read("services:\n  web:\n    build: .\n");
    assert_eq!(put(&stack, |_| {}).text(), stack.text());
    let stack = Stack::read(COMPOSE);
    let mut body = of_stack(&stack, None);
    body["custom"]["web"][0]["dockerhub_image"] = Value::Null;
    let errors = update(&stack, None, &parsed(&body)).unwrap_err();
    assert_eq!(errors[0].field, "custom.web[0].dockerhub_name");
    assert_eq!(refused(&body)[0].field, "custom.web[0].dockerhub_name");
}

#[test]
fn long_images_fit_into_the_parts_of_a_form() {
    let digest = "0123456789abcdef".repeat(4);
    let text =
        format!("services:\n  web:\n    image: registry.example.com/acme/shop-api:1.4.2@sha256:{digest}\n");
    let stack = Stack::read(&text);
    assert!(Form::parse(&of_stack(&stack, None)).is_ok());
    assert_eq!(put(&stack, |_| {}).text(), text);
}

#[test]
fn a_real_file_comes_back_as_a_form_and_stays_as_it_is() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/compose");
    let Ok(entries) = std::fs::read_dir(folder) else {
        eprintln!("skipped: there is no corpus in ../shared/corpus/compose");
        return;
    };
    let mut refused = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let stack = Stack::read(&text);
        match Form::parse(&of_stack(&stack, None)) {
            Ok(form) => assert_eq!(update(&stack, None, &form).unwrap().text(), text, "{}", path.display()),
            Err(errors) => refused.push(format!("{}: {errors:?}", path.display())),
        }
    }
    // The form rejects some values that compose accepts, for example ports below 10.
    println!("{} cannot be said as a form: {refused:#?}", refused.len());
    assert!(refused.len() <= 3);
}
