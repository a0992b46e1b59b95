//! Wires found on stacks of others.

use crate::{
    catalog::{WireKind, wires},
    compose::Condition,
    stack::Stack,
};

const IMPORTED: &str = "services:
  web:
    image: example/web:1
    depends_on:
      db:
        condition: service_healthy
    links:
      - cache:redis
    environment:
      DATABASE_URL: postgres://app:secret@db/app
      MAIL_HOST: ${MAIL_HOST:-mail}
      APP_NAME: worker
      QUEUE: broker:5672
  db:
    image: postgres:17
    environment:
      POSTGRES_DB: web
      POSTGRES_USER: web
  cache:
    image: redis:7
  mail:
    image: axllent/mailpit:v1.22.3
  worker:
    image: example/web:1
    network_mode: service:web
  broker:
    image: rabbitmq:4.1
";

#[test]
fn wires_are_found_in_dependencies_links_networks_and_values() {
    let stack = Stack::read(IMPORTED);
    let found: Vec<_> =
        wires(&stack).into_iter().map(|wire| (wire.from, wire.to, wire.kind, wire.speaks)).collect();
    let wire = |from: &str, to: &str, kind, speaks| (from.to_owned(), to.to_owned(), kind, speaks);
    assert_eq!(
        found,
        [
            wire("web", "db", WireKind::DependsOn(Condition::Healthy), Some("postgres")),
            wire("web", "cache", WireKind::Link, Some("redis")),
            wire("web", "mail", WireKind::Environment, Some("smtp")),
            wire("web", "broker", WireKind::Environment, Some("amqp")),
            wire("worker", "web", WireKind::SharedNetwork, None),
        ]
    );
}
