//! Tests of adding apps to a stack.

use super::{add, assert_no_error, stack_of, value};
use crate::{
    catalog::{apps, free_port},
    check::check,
    stack::{Edit, Stack},
};

#[test]
fn every_app_makes_a_stack_without_errors() {
    for app in apps() {
        let stack = add(&Stack::default(), &app.code);
        assert_no_error(&stack);
        let codes: Vec<_> = check(&stack).into_iter().map(|finding| finding.code).collect();
        // A generated secret stays in the file until the user moves it into `.env`.
        assert!(
            codes.iter().all(|code| code == "secret-in-plain-text"),
            "{}: {codes:?}\n{}",
            app.code,
            stack.text()
        );
    }
}

#[test]
fn all_apps_live_in_one_stack_without_fighting_for_ports() {
    let stack = apps().iter().fold(Stack::default(), |stack, app| add(&stack, &app.code));
    assert_eq!(stack.model().services.len(), apps().len());
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
    let stack =
        stack_of(&["gitea"]).apply(&Edit::RenameService { service: "gitea".into(), to: "first".into() });
    let stack = add(&stack.expect("renamed"), "gitea");
    assert_eq!(value(&stack, "gitea", "GITEA__server__ROOT_URL"), Some("http://localhost:3001/"));
    assert_eq!(value(&stack, "gitea", "GITEA__server__SSH_PORT"), Some("2223"));
}

#[test]
fn an_app_that_comes_back_does_not_find_the_data_of_the_one_that_left() {
    let stack = stack_of(&["mariadb"]);
    let without = stack.apply(&Edit::RemoveService { service: "mariadb".into() }).expect("removed");
    let again = add(&without, "mariadb");
    let mounted = again.model().service("mariadb").and_then(|service| service.volumes[0].source.clone());
    assert_eq!(mounted.as_deref(), Some("mariadb-data-2"));
    assert_no_error(&again);
}
