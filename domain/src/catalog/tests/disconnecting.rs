//! Tests of deleting wires.

use super::{assert_no_error, stack_of, value, wire};
use crate::{catalog::disconnect, stack::Stack};

fn cut(stack: &Stack, from: &str, to: &str) -> Stack {
    let edits = disconnect(stack, from, to).expect("both are there");
    stack.apply_all(&edits).unwrap_or_else(|refusal| panic!("{refusal}"))
}

#[test]
fn the_consumer_forgets_what_the_wire_brought() {
    let apart = stack_of(&["wordpress", "mariadb"]);
    let stack = cut(&wire(&apart, "wordpress", "mariadb"), "wordpress", "mariadb");
    let wordpress = stack.model().service("wordpress").expect("in the stack");
    assert!(wordpress.environment.is_empty() && wordpress.depends_on.is_empty(), "{}", stack.text());
    assert!(value(&stack, "mariadb", "MARIADB_PASSWORD").is_some());
    assert_no_error(&stack);
}

#[test]
fn an_app_goes_back_to_what_it_did_before() {
    let apart = stack_of(&["ghost", "mysql"]);
    let stack = cut(&wire(&apart, "ghost", "mysql"), "ghost", "mysql");
    let sorted = |stack: &Stack| {
        let ghost = stack.model().service("ghost").expect("in the stack");
        let mut variables: Vec<_> =
            ghost.environment.iter().map(|v| (v.key.clone(), v.value.clone())).collect();
        variables.sort();
        variables
    };
    assert_eq!(sorted(&stack), sorted(&apart));
}

#[test]
fn values_of_ones_own_stay() {
    let stack = Stack::read(
        "services:\n  blog:\n    image: wordpress:6.8\n    depends_on: [db]\n    environment:\n      WORDPRESS_DB_HOST: db\n      WORDPRESS_DB_USER: somebody\n  db:\n    image: mariadb:11.4\n    environment:\n      MARIADB_USER: other\n      MARIADB_PASSWORD: ${PASSWORD}\n      MARIADB_DATABASE: blog\n",
    );
    let stack = cut(&stack, "blog", "db");
    assert_eq!(value(&stack, "blog", "WORDPRESS_DB_HOST"), None);
    assert_eq!(value(&stack, "blog", "WORDPRESS_DB_USER"), Some("somebody"));
}
