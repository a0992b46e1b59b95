//! Tests of removing a service with what its wires brought.

use super::{assert_no_error, networks, stack_of, value, wire};
use crate::stack::{Edit, Stack};

fn removed(stack: &Stack, service: &str) -> Stack {
    let edit = Edit::RemoveService { service: service.into(), clean_up: true };
    stack.apply(&edit).unwrap_or_else(|refusal| panic!("{refusal}"))
}

#[test]
fn a_wired_database_leaves_no_trace() {
    for provider in ["mariadb", "mysql"] {
        let wired = wire(&stack_of(&["wordpress", provider]), "wordpress", provider);
        let after = removed(&wired, provider);
        assert_eq!(after.text(), stack_of(&["wordpress"]).text(), "{}", wired.text());
        assert_no_error(&after);
    }
}

#[test]
fn each_consumer_forgets_it_and_keeps_what_it_shares_with_others() {
    let stack = wire(&stack_of(&["wordpress", "adminer", "mariadb"]), "wordpress", "mariadb");
    let stack = wire(&stack, "adminer", "mariadb");
    let after = removed(&stack, "mariadb");
    for consumer in ["wordpress", "adminer"] {
        assert!(networks(&after, consumer).is_empty(), "{}", after.text());
        assert!(after.model().service(consumer).is_some_and(|service| service.depends_on.is_empty()));
    }
    assert!(!after.text().contains("mariadb"), "{}", after.text());
    assert_no_error(&after);
}

#[test]
fn a_network_that_others_need_stays() {
    let text = "services:\n  blog:\n    image: wordpress:6.8\n    depends_on: [db]\n    networks: [default, back]\n  db:\n    image: mariadb:11.4\n    networks: [back]\n    volumes: [data:/var/lib/mysql, own:/own]\n  OTHER\nnetworks:\n  back:\nvolumes:\n  data:\n  own:\n";
    let with = |other: &str| removed(&Stack::read(&text.replace("  OTHER\n", other)), "db");
    let gone = with("");
    assert_eq!(gone.text(), "services:\n  blog:\n    image: wordpress:6.8\n");
    let third = with("  third:\n    image: x:1\n    networks: [back]\n    volumes: [data:/data]\n");
    assert_eq!(networks(&third, "blog"), ["default", "back"]);
    assert!(third.model().network("back").is_some() && third.model().volume("data").is_some());
    assert!(third.model().volume("own").is_none());
    let extended = with("  third:\n    extends: {file: other.yml, service: x}\n");
    assert!(extended.model().network("back").is_some() && extended.model().volume("own").is_some());
    let external = removed(
        &Stack::read(&text.replace("  OTHER\n", "").replace("back:\n", "back:\n    external: true\n")),
        "db",
    );
    assert_eq!(networks(&external, "blog"), ["default", "back"]);
}

#[test]
fn a_consumer_in_that_network_alone_is_not_let_out_of_it() {
    let text = "services:\n  blog:\n    image: wordpress:6.8\n    depends_on: [db]\n    networks: [back]\n  db:\n    image: mariadb:11.4\n    networks: [back]\nnetworks:\n  back:\n    internal: true\n";
    assert_eq!(networks(&removed(&Stack::read(text), "db"), "blog"), ["back"]);
}

#[test]
fn values_that_are_variables_are_recognised_too() {
    let wired = wire(&stack_of(&["wordpress", "mariadb"]), "wordpress", "mariadb");
    let password = value(&wired, "mariadb", "MARIADB_PASSWORD").expect("set by the wire").to_owned();
    let moved = Stack::read(&wired.text().replace(&password, "${MARIADB_PASSWORD}"));
    assert_eq!(value(&moved, "wordpress", "WORDPRESS_DB_PASSWORD"), Some("${MARIADB_PASSWORD}"));
    let after = removed(&moved, "mariadb");
    assert!(
        after.model().service("wordpress").is_some_and(|blog| blog.environment.is_empty()),
        "{}",
        after.text()
    );
}

#[test]
fn what_an_anchor_ties_to_other_lines_stays() {
    let text = "x-env: &env\n  WORDPRESS_DB_HOST: db\n  OTHER: 1\nservices:\n  blog:\n    image: wordpress:6.8\n    environment:\n      <<: *env\n    depends_on: [db]\n  db:\n    image: mariadb:11.4\n";
    let after = removed(&Stack::read(text), "db");
    assert!(after.model().service("db").is_none());
    assert!(after.model().service("blog").is_some_and(|blog| blog.depends_on.is_empty()));
    let plain = Edit::RemoveService { service: "nobody".into(), clean_up: true };
    assert_eq!(after.apply(&plain).map(|_| ()).unwrap_err().code, "service-unknown");
}

#[test]
fn a_service_in_use_is_refused_before_anything_is_cleaned_up() {
    let stack = Stack::read("services:\n  a:\n    image: x\n  b:\n    extends: a\n");
    let edit = Edit::RemoveService { service: "a".into(), clean_up: true };
    assert_eq!(stack.apply(&edit).map(|_| ()).unwrap_err().code, "service-in-use");
}

#[test]
fn the_declaration_stays_while_a_consumer_cannot_leave_the_network() {
    // The list is shared through an anchor, so `b` cannot leave alone.
    let text = "services:\n  b:\n    image: y:1\n    networks: &nets\n      - front\n      - default\n  c:\n    image: z:1\n    \
                networks: *nets\n    depends_on: [b]\nnetworks: {front: }\n";
    let edit = Edit::RemoveService { service: "c".to_owned(), clean_up: true };
    let after = Stack::read(text).apply(&edit).unwrap();
    assert!(after.model().service("c").is_none());
    let is_in_front = |service: &crate::compose::Service| {
        service.networks.iter().any(|membership| membership.network == "front")
    };
    assert!(after.model().services.iter().any(is_in_front) == after.model().network("front").is_some());
}
