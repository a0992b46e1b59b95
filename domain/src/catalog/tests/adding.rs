//! Tests of adding apps to a stack.

use super::{add, assert_no_error, stack_of, value, wire};
use crate::{
    catalog::{apps, free_port},
    check::check,
    stack::{Edit, HeldValue, Stack},
};

#[test]
fn every_app_makes_a_stack_without_findings_and_without_a_secret_in_the_file() {
    for app in apps() {
        let stack = add(&Stack::default(), &app.code);
        // Umami does not start before it is connected to a database.
        let expected = if app.code == "umami" { vec!["setting-required".to_owned()] } else { Vec::new() };
        let codes: Vec<_> = check(&stack).into_iter().map(|finding| finding.code).collect();
        assert_eq!(codes, expected, "{}\n{}", app.code, stack.text());
        let kept = stack.values().iter().filter(|(_, value)| matches!(value, HeldValue::New(_))).count();
        assert_eq!(kept, app.secrets().len(), "{}", app.code);
        let is_read = |name: &str| stack.model().variable_names().contains(name);
        assert!(stack.values().names().all(is_read), "{}", app.code);
    }
}

#[test]
fn all_apps_live_in_one_stack_without_fighting_for_ports() {
    let stack = apps().iter().fold(Stack::default(), |stack, app| add(&stack, &app.code));
    assert_eq!(stack.model().services.len(), apps().len());
    let stack = wire(&stack, "umami", "postgres");
    assert_no_error(&stack);
}

#[test]
fn a_second_web_server_gets_another_host_port() {
    let stack = stack_of(&["caddy", "traefik"]);
    let published = |service: &str| {
        let service = stack.model().service(service).expect("in the stack");
        service.ports.iter().filter_map(|port| port.mapping.as_ref()?.published).collect::<Vec<_>>()
    };
    assert_eq!(published("caddy"), [(80, 80), (443, 443), (443, 443)]);
    assert_eq!(published("traefik"), [(8080, 8080)]);
    assert_eq!(free_port(&stack, 80), 8081);
}

#[test]
fn an_address_of_its_own_follows_the_port_it_got() {
    let stack = stack_of(&["gitea"]).apply(&Edit::RenameService {
        service: "gitea".into(),
        to: "first".into(),
        uncertain: None,
    });
    let stack = add(&stack.expect("renamed"), "gitea");
    assert_eq!(value(&stack, "gitea", "GITEA__server__ROOT_URL"), Some("http://localhost:3001/"));
    assert_eq!(value(&stack, "gitea", "GITEA__server__SSH_PORT"), Some("2223"));
}

#[test]
fn an_app_that_comes_back_does_not_find_the_data_of_the_one_that_left() {
    let stack = stack_of(&["mariadb"]);
    let without =
        stack.apply(&Edit::RemoveService { service: "mariadb".into(), clean_up: false }).expect("removed");
    let again = add(&without, "mariadb");
    let mounted = again.model().service("mariadb").and_then(|service| service.volumes[0].source.clone());
    assert_eq!(mounted.as_deref(), Some("mariadb-data-2"));
    assert_no_error(&again);
}

#[test]
fn a_second_database_gets_a_password_of_its_own_under_a_name_of_its_own() {
    let stack = stack_of(&["mariadb"]);
    let edit = Edit::AddService {
        service: "second".into(),
        image: None,
        app: Some("mariadb".into()),
        secrets: super::secrets_of(crate::catalog::app("mariadb").expect("in the catalogue")),
        at: None,
    };
    let both = stack.apply(&edit).expect("added");
    assert_eq!(value(&both, "mariadb", "MARIADB_PASSWORD"), Some("${MARIADB_PASSWORD}"));
    assert_eq!(value(&both, "second", "MARIADB_PASSWORD"), Some("${SECOND_MARIADB_PASSWORD}"));
    assert_eq!(both.values().names().count(), 4);
    let without =
        both.apply(&Edit::RemoveService { service: "second".into(), clean_up: false }).expect("removed");
    assert_eq!(without.values(), stack.values());
}

#[test]
fn a_name_that_the_file_reads_already_is_not_taken_for_a_new_password() {
    let stack = Stack::read(
        "services:\n  a:\n    image: a:1\n    environment:\n      MARIADB_PASSWORD:\n      B: ${MARIADB_ROOT_PASSWORD}\n",
    );
    let stack = add(&stack, "mariadb");
    assert_eq!(value(&stack, "mariadb", "MARIADB_PASSWORD"), Some("${MARIADB_MARIADB_PASSWORD}"));
    assert_eq!(value(&stack, "mariadb", "MARIADB_ROOT_PASSWORD"), Some("${MARIADB_MARIADB_ROOT_PASSWORD}"));
}
