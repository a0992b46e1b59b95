//! Tests of finding and drawing wires in imported stacks.

use std::{collections::BTreeSet, fs, path::Path};

use super::try_wire;
use crate::{
    catalog::{WireKind, wires},
    check::{Severity, check},
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

/// Uses real files from `../shared/corpus/compose` beside the workspace, if that folder exists.
#[test]
fn a_wire_in_a_real_file_never_brings_an_error() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/compose");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: there is no corpus in ../shared/corpus/compose");
        return;
    };
    let errors =
        |stack: &Stack| check(stack).iter().filter(|finding| finding.severity == Severity::Error).count();
    let mut reasons = BTreeSet::new();
    for text in entries.filter_map(|entry| fs::read_to_string(entry.ok()?.path()).ok()) {
        let stack = Stack::read(&text);
        let before = errors(&stack);
        let names: Vec<_> =
            stack.model().services.iter().take(4).map(|service| service.name.as_str()).collect();
        for from in &names {
            for to in names.iter().filter(|to| *to != from) {
                match try_wire(&stack, from, to) {
                    Ok(wired) => assert!(errors(&wired) <= before, "{from} to {to}\n{}", wired.text()),
                    Err(refusal) => drop(reasons.insert(refusal.code)),
                }
            }
        }
    }
    let expected = BTreeSet::from(["connected-elsewhere".to_owned(), "dependency-cycle".to_owned()]);
    assert!(reasons.is_subset(&expected), "{reasons:?}");
}
