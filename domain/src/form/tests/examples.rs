//! Tests of the examples of the wire contract with their later corrections: no `version`, protocols stay,
//! `restart: "no"` is quoted, names of variables are trimmed, unknown networks are refused.

use serde_json::json;

use super::{parsed, refused, same_model, stack_of};
use crate::form::to_stack;

#[test]
fn three_networks_and_two_sections_become_one_file() {
    let form = json!({"custom":{
        "networks":[{"name":"default_network","id":"ls005"},{"name":"lkhlkjhlkjh","id":"ls025"},{"name":"samples","id":"ls007"}],
        "web":[{"_id":"ls0063","name":"samplecom","code":"samplecom","type":"web","restart":"always","custom":true,
            "dockerhub_name":"nginx","shared_ports":[{"host_port":"80","container_port":"8080"}],
            "network":["ls005","ls025","ls007"]}],
        "feature":[],
        "service":[{"_id":"ls086","name":"PostgreSQL","code":"postgres","type":"service","restart":"always",
            "dockerhub_image":"postgres","shared_ports":[{"host_port":"","container_port":"5432"}],
            "network":["ls025","ls007"]}],
        "project_name":"sampletest","custom_stack_code":"sampletest"}});
    let stack = stack_of(&form);
    same_model(
        &stack,
        "services:
  samplecom:
    image: nginx:latest
    ports:
    - target: 8080
      published: 80
    restart: always
    networks:
    - default_network
    - lkhlkjhlkjh
    - samples
  postgres:
    image: postgres
    ports:
    - target: 5432
    restart: always
    networks:
    - lkhlkjhlkjh
    - samples
networks:
  default_network:
    external: true
    name: default_network
  lkhlkjhlkjh:
    external: false
    name: lkhlkjhlkjh
  samples:
    external: false
    name: samples
",
    );
    assert!(
        stack.text().starts_with("services:\n  samplecom:\n    image: nginx:latest\n    ports:\n"),
        "{}",
        stack.text()
    );
}

#[test]
fn blanks_behind_names_of_variables_go_and_are_told() {
    let form = json!({"custom":{"custom_stack_code":"databases","networks":[{"name":"default_network","id":"n"}],
        "web":[{"_id":"a","name":"PostgREST","code":"postgrest","type":"web","restart":"always",
            "dockerhub_image":"","dockerhub_name":"mariadb:11.3.2-latest","network":["n"],"volumes":[],
            "shared_ports":[{"host_port":"3000","container_port":"3000"}],
            "environment":[{"key":"PGPORT","value":"5432"},{"key":"PGPASSWORD ","value":"password"}]}]}});
    let form = parsed(&form);
    let stack = to_stack(&form).unwrap();
    same_model(
        &stack,
        "services:
  postgrest:
    image: mariadb:11.3.2-latest
    ports:
    - target: 3000
      published: 3000
    environment:
      PGPORT: '5432'
      PGPASSWORD: password
    restart: always
    networks:
    - default_network
networks:
  default_network:
    external: true
    name: default_network
",
    );
    let findings = form.findings(&stack);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].place.slice(stack.text()), "PGPASSWORD: password");
}

#[test]
fn volumes_commands_and_protocols_are_written() {
    let mut form = json!({"custom":{"custom_stack_code":"shop",
        "networks":[{"id":"n1","name":"backend","driver":"bridge","internal":true}],
        "web":[{"_id":"a1","name":"Shop","code":"shop","type":"web","restart":"unless-stopped",
            "dockerhub_user":"acme","dockerhub_name":"shop:1.4",
            "shared_ports":[{"host_port":"8080","container_port":"80"},{"host_port":"","container_port":"443","protocol":"udp"}],
            "volumes":[{"host_path":"shop-data","container_path":"/data"},{"host_path":"./conf/nginx.conf","container_path":"/etc/nginx/nginx.conf"}],
            "environment":[{"key":"DEBUG","value":"true"}],
            "network":["n1","zzz"],"command":"npm start","entrypoint":"/init"}]}});
    let errors = refused(&form);
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].field, "custom.web[0].network[1]");

    form["custom"]["web"][0]["network"] = json!(["n1"]);
    same_model(
        &stack_of(&form),
        "services:
  shop:
    image: acme/shop:1.4
    ports:
    - target: 80
      published: 8080
    - target: 443
      protocol: udp
    environment:
      DEBUG: 'true'
    restart: unless-stopped
    volumes:
    - source: shop-data
      target: /data
      type: volume
    - source: ./conf/nginx.conf
      target: /etc/nginx/nginx.conf
      type: bind
    networks:
    - backend
    command: npm start
    entrypoint: /init
volumes:
  shop-data:
    driver: local
    driver_opts:
      type: none
      o: bind
      device: /root/project/shop-data
    name: shop-data
networks:
  backend:
    driver: bridge
    internal: true
    external: false
    name: backend
",
    );
}

#[test]
fn the_word_none_is_no_image_and_no_restart_is_quoted() {
    let form = json!({"custom":{"custom_stack_code":"my-stack","networks":null,
        "web":[{"_id":"a","name":"My app","code":"myapp","type":"web","restart":"no","network":null,
            "dockerhub_image":"None","dockerhub_name":"nginx","shared_ports":[{"container_port":"8080"}],
            "environment":[{"key":"SOMEENVVAR1","value":"SOMEENVVAR_VALUE1"},{"key":"SOMEENVVAR2","value":"SOMEENVVAR_VALUE2"}]}]}});
    let stack = stack_of(&form);
    same_model(
        &stack,
        "services:
  myapp:
    image: nginx:latest
    ports:
    - target: 8080
    environment:
      SOMEENVVAR1: SOMEENVVAR_VALUE1
      SOMEENVVAR2: SOMEENVVAR_VALUE2
    restart: \"no\"
",
    );
    assert!(stack.text().contains("restart: \"no\"\n"), "{}", stack.text());
}

#[test]
fn a_form_without_apps_is_an_empty_file() {
    assert_eq!(stack_of(&json!({"custom":{"custom_stack_code":"empty","web":[]}})).text(), "");
}
