//! Tests of drawing wires between services.

use super::{assert_no_error, networks, stack_of, try_wire, value, wire};
use crate::{
    catalog::{apps, secrets_for_connect},
    check::check,
    compose::Condition,
    stack::{Edit, Stack},
};

fn refusal(stack: &Stack, from: &str, to: &str) -> String {
    try_wire(stack, from, to).map(|stack| stack.text().to_owned()).expect_err("refused").code
}

#[test]
fn wordpress_finds_its_mariadb() {
    let stack = wire(&stack_of(&["wordpress", "mariadb"]), "wordpress", "mariadb");
    assert_no_error(&stack);
    assert_eq!(value(&stack, "wordpress", "WORDPRESS_DB_HOST"), Some("mariadb:3306"));
    assert_eq!(value(&stack, "wordpress", "WORDPRESS_DB_USER"), Some("app"));
    assert_eq!(value(&stack, "wordpress", "WORDPRESS_DB_NAME"), Some("app"));
    let password = value(&stack, "mariadb", "MARIADB_PASSWORD");
    assert_eq!(password, Some("${MARIADB_PASSWORD}"));
    assert!(check(&stack).is_empty(), "{:#?}", check(&stack));
    assert_eq!(value(&stack, "wordpress", "WORDPRESS_DB_PASSWORD"), password);
    let wordpress = stack.model().service("wordpress").expect("in the stack");
    assert_eq!(wordpress.depends_on("mariadb").map(|on| on.condition), Some(Condition::Healthy));
}

#[test]
fn a_database_meets_its_consumer_in_private() {
    let stack = wire(&stack_of(&["wordpress", "mariadb"]), "wordpress", "mariadb");
    assert_eq!(networks(&stack, "wordpress"), ["default", "mariadb-net"]);
    assert_eq!(networks(&stack, "mariadb"), ["mariadb-net"]);
    let stack = wire(&super::add(&stack, "adminer"), "adminer", "mariadb");
    assert_eq!(networks(&stack, "adminer"), ["default", "mariadb-net"]);
    assert_no_error(&stack);
}

#[test]
fn a_network_they_share_already_is_enough() {
    let stack = Stack::read(
        "services:\n  blog:\n    image: wordpress:6.8\n    networks: [back]\n  db:\n    image: mariadb:11.4\n    networks: [back]\nnetworks:\n  back:\n",
    );
    let wired = wire(&stack, "blog", "db");
    assert_eq!(networks(&wired, "blog"), ["back"]);
    assert_eq!(networks(&wired, "db"), ["back"]);
}

#[test]
fn an_old_wire_is_completed_where_it_is() {
    let stack = Stack::read(
        "services:\n  blog:\n    image: wordpress:6.8\n    environment:\n      WORDPRESS_DB_HOST: db\n  db:\n    image: mariadb:11.4\n",
    );
    let wired = wire(&stack, "blog", "db");
    assert_eq!(networks(&wired, "blog"), [""; 0]);
    assert_eq!(value(&wired, "blog", "WORDPRESS_DB_HOST"), Some("db"));
    assert!(value(&wired, "blog", "WORDPRESS_DB_PASSWORD").is_some());
}

#[test]
fn a_provider_others_use_stays_where_they_find_it() {
    let stack = Stack::read(
        "services:\n  api:\n    image: example/api:1\n    environment:\n      DATABASE_HOST: db\n  blog:\n    image: wordpress:6.8\n  db:\n    image: mariadb:11.4\n",
    );
    let wired = wire(&stack, "blog", "db");
    assert_eq!(networks(&wired, "db"), ["default", "db-net"]);
    assert_eq!(networks(&wired, "api"), [""; 0]);
}

#[test]
fn every_app_connects_to_everything_it_accepts() {
    for consumer in apps() {
        for accept in &consumer.accepts {
            let fits = |provider: &&crate::catalog::App| {
                provider.code != consumer.code
                    && provider.offers.iter().any(|offer| offer.kind == accept.kind)
            };
            for provider in apps().iter().filter(fits) {
                let stack = stack_of(&[&consumer.code, &provider.code]);
                let wired = wire(&stack, &consumer.code, &provider.code);
                assert_no_error(&wired);
                assert!(!wired.text().contains("{{"), "{}", wired.text());
                let service = wired.model().service(&consumer.code).expect("in the stack");
                let condition = service.depends_on(&provider.code).map(|on| on.condition);
                assert_eq!(condition, Some(Condition::Healthy), "{} to {}", consumer.code, provider.code);
            }
        }
    }
}

#[test]
fn drawing_a_wire_again_changes_nothing() {
    for (from, to) in
        [("wordpress", "mariadb"), ("nextcloud", "redis"), ("caddy", "ghost"), ("ghost", "mysql")]
    {
        let once = wire(&stack_of(&[from, to]), from, to);
        assert_eq!(wire(&once, from, to).text(), once.text());
    }
}

#[test]
fn an_imported_database_without_password_gets_one() {
    let stack = Stack::read("services:\n  blog:\n    image: wordpress:6.8\n  db:\n    image: mysql:8.4\n");
    let names: Vec<_> = secrets_for_connect(&stack, "blog", "db").into_iter().map(|spec| spec.name).collect();
    assert_eq!(names, ["password", "root_password"]);
    let wired = wire(&stack, "blog", "db");
    assert_eq!(value(&wired, "blog", "WORDPRESS_DB_PASSWORD"), value(&wired, "db", "MYSQL_PASSWORD"));
    assert_eq!(value(&wired, "db", "MYSQL_PASSWORD"), Some("${MYSQL_PASSWORD}"));
    assert_eq!(wired.values().names().collect::<Vec<_>>(), ["MYSQL_PASSWORD", "MYSQL_ROOT_PASSWORD"]);
    assert!(wired.model().service("db").is_some_and(|db| db.healthcheck.is_some()));
    assert_no_error(&wired);
}

#[test]
fn the_login_that_an_imported_database_has_is_used_as_it_stands() {
    let stack = Stack::read(
        "services:\n  blog:\n    image: wordpress:6.8\n  db:\n    image: mariadb:10.11\n    environment:\n      - MYSQL_ROOT_PASSWORD=${ROOT_PASSWORD}\n      - MYSQL_DATABASE=blog\n",
    );
    assert!(secrets_for_connect(&stack, "blog", "db").is_empty());
    let wired = wire(&stack, "blog", "db");
    assert_eq!(value(&wired, "blog", "WORDPRESS_DB_USER"), Some("root"));
    assert_eq!(value(&wired, "blog", "WORDPRESS_DB_PASSWORD"), Some("${ROOT_PASSWORD}"));
    assert_eq!(value(&wired, "blog", "WORDPRESS_DB_NAME"), Some("blog"));
}

#[test]
fn a_password_of_redis_is_read_from_its_command() {
    let stack = Stack::read(
        "services:\n  cloud:\n    image: nextcloud:33.0.6\n  cache:\n    image: redis:7-alpine\n    command: redis-server --requirepass ${REDIS_PASSWORD}\n",
    );
    let wired = wire(&stack, "cloud", "cache");
    assert_eq!(value(&wired, "cloud", "REDIS_HOST_PASSWORD"), Some("${REDIS_PASSWORD}"));
    let open = Stack::read(
        "services:\n  cloud:\n    image: nextcloud:33.0.6\n  cache:\n    image: redis:7-alpine\n",
    );
    let wired = wire(&open, "cloud", "cache");
    assert_eq!(value(&wired, "cloud", "REDIS_HOST"), Some("cache"));
    assert_eq!(value(&wired, "cloud", "REDIS_HOST_PASSWORD"), None);
}

#[test]
fn a_login_in_a_file_is_neither_guessed_nor_replaced() {
    let stack = Stack::read(
        "services:\n  blog:\n    image: wordpress:6.8\n  db:\n    image: mariadb:11.4\n    env_file: db.env\n",
    );
    let wired = wire(&stack, "blog", "db");
    assert_eq!(value(&wired, "blog", "WORDPRESS_DB_HOST"), Some("db:3306"));
    assert_eq!(value(&wired, "blog", "WORDPRESS_DB_PASSWORD"), None);
    assert!(wired.model().service("db").is_some_and(|db| db.environment.is_empty()));
}

#[test]
fn an_app_connected_elsewhere_is_not_turned_around() {
    let stack = wire(&stack_of(&["wordpress", "mariadb", "mysql"]), "wordpress", "mariadb");
    assert_eq!(refusal(&stack, "wordpress", "mysql"), "connected-elsewhere");
    let outside = Stack::read(
        "services:\n  blog:\n    image: wordpress:6.8\n    environment:\n      WORDPRESS_DB_HOST: db.example.com\n  db:\n    image: mariadb:11.4\n",
    );
    assert_eq!(refusal(&outside, "blog", "db"), "connected-elsewhere");
}

#[test]
fn a_database_that_left_may_be_followed_by_another() {
    let stack = wire(&stack_of(&["wordpress", "mariadb", "mysql"]), "wordpress", "mariadb");
    let alone =
        stack.apply(&Edit::RemoveService { service: "mariadb".into(), clean_up: false }).expect("removed");
    let wired = wire(&alone, "wordpress", "mysql");
    assert_eq!(value(&wired, "wordpress", "WORDPRESS_DB_HOST"), Some("mysql:3306"));
    assert_no_error(&wired);
}

#[test]
fn what_comes_from_outside_stays_and_only_the_order_of_start_is_set() {
    let stack = Stack::read(
        "services:\n  blog:\n    image: wordpress:6.8\n    environment:\n      WORDPRESS_DB_HOST: ${DB_HOST}\n  db:\n    image: mariadb:11.4\n    environment:\n      MARIADB_ROOT_PASSWORD: ${ROOT}\n      MARIADB_DATABASE: blog\n",
    );
    let wired = wire(&stack, "blog", "db");
    let blog = wired.model().service("blog").expect("in the stack");
    assert_eq!(blog.environment.len(), 1);
    assert!(blog.depends_on("db").is_some());
}

#[test]
fn unknown_images_only_wait_for_each_other() {
    let stack =
        Stack::read("services:\n  api:\n    image: example/api:1\n  other:\n    image: example/other:1\n");
    let wired = wire(&stack, "api", "other");
    let api = wired.model().service("api").expect("in the stack");
    assert_eq!(api.depends_on("other").map(|on| on.condition), Some(Condition::Started));
    assert!(api.environment.is_empty() && api.networks.is_empty());
}

#[test]
fn impossible_wires_are_refused_with_the_reason() {
    let stack = wire(&stack_of(&["wordpress", "mariadb"]), "wordpress", "mariadb");
    assert_eq!(refusal(&stack, "mariadb", "wordpress"), "dependency-cycle");
    assert_eq!(refusal(&stack, "mariadb", "mariadb"), "self-dependency");
    assert_eq!(refusal(&stack, "mariadb", "nobody"), "service-unknown");
}

#[test]
fn ghost_leaves_its_file_for_a_database() {
    let stack = wire(&stack_of(&["ghost", "mysql"]), "ghost", "mysql");
    assert_eq!(value(&stack, "ghost", "database__client"), Some("mysql"));
    assert_eq!(value(&stack, "ghost", "database__connection__filename"), None);
}
