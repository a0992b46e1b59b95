//! Ports of databases and engines that are open to everyone who can reach the host.

use crate::{
    catalog::{App, Category, guess},
    check::{
        code::Code,
        rule::{CheckInput, Rule, service_path},
    },
    compose::{Port, PortMapping, Protocol, Service},
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::advice("admin-port-published").security()], look };

/// The ports of containers that are for administrators and other services, with the program behind them. If images are named, the
/// port counts only for repositories whose name contains one of them: other programs use the same number.
const PORTS: &[(u16, &str, &[&str])] = &[
    (1433, "SQL Server", &[]),
    (1521, "Oracle Database", &[]),
    (2375, "The container engine", &[]),
    (2379, "etcd", &["etcd"]),
    (3306, "MySQL", &[]),
    (5432, "PostgreSQL", &[]),
    (5984, "CouchDB", &[]),
    (6379, "Redis", &[]),
    (7687, "Neo4j", &["neo4j"]),
    (8086, "InfluxDB", &["influxdb"]),
    (8123, "ClickHouse", &["clickhouse"]),
    (8529, "ArangoDB", &["arangodb"]),
    (9000, "ClickHouse", &["clickhouse"]),
    (9042, "Cassandra", &["cassandra", "scylla"]),
    (9200, "Elasticsearch", &["elasticsearch", "opensearch"]),
    (11211, "Memcached", &[]),
    (26257, "CockroachDB", &["cockroach"]),
    (27017, "MongoDB", &[]),
];

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    for service in &model.services {
        // In the network of the host, Compose ignores the ports.
        if service.network_mode.as_ref().is_some_and(|mode| mode.value == "host") {
            continue;
        }
        let app = service.image.as_ref().and_then(|image| guess(&image.value));
        for port in &service.ports {
            if input.is_full() {
                return;
            }
            let Some(mapping) = port.mapping.as_ref().filter(|mapping| is_open(mapping)) else { continue };
            let Some((number, program)) = behind(mapping, service, app) else { continue };
            let message = format!(
                "{program} (port {number}) is open to everyone who can reach this host, often past its firewall. Publish it on \
                 `127.0.0.1`, or remove the port: services of this stack reach it without."
            );
            let mut finding = input
                .finding("admin-port-published", Severity::Warning, port.place, message)
                .of_service(&service.name);
            if let Some(edit) = on_loopback(service, port) {
                finding = finding.with_fix("Publish on 127.0.0.1 only", edit);
            }
            input.add(finding);
        }
    }
}

/// Whether it is published on all addresses.
fn is_open(mapping: &PortMapping) -> bool {
    let address = mapping.host_ip.as_deref().unwrap_or_default();
    mapping.protocol == Protocol::Tcp && matches!(address, "" | "0.0.0.0" | "::")
}

/// The port, and the name of the program behind it.
fn behind(mapping: &PortMapping, service: &Service, app: Option<&App>) -> Option<(u16, String)> {
    let (first, last) = mapping.target;
    if let Some(app) = app {
        // Another known program, such as a proxy, is published on purpose.
        let is_store = matches!(app.category, Category::Database | Category::Cache);
        let port = app.offers.iter().map(|offer| offer.port).find(|port| (first..=last).contains(port));
        return port.filter(|_| is_store).map(|port| (port, app.name.clone()));
    }
    let repository = service.image.as_ref().map(|image| image.value.repository.as_str()).unwrap_or_default();
    PORTS
        .iter()
        .filter(|(port, ..)| (first..=last).contains(port))
        .find(|(.., images)| images.is_empty() || images.iter().any(|image| repository.contains(image)))
        .map(|(port, program, _)| (*port, (*program).to_owned()))
}

/// The edit that publishes the port on the loopback address. The other parts stay as they are written, with their variables.
fn on_loopback(service: &Service, port: &Port) -> Option<Edit> {
    const LOOPBACK: &str = "127.0.0.1";
    let mut path = service_path(&service.name, "ports");
    path.push(port.index.to_string());
    let Some(text) = port.text.as_deref() else {
        path.push("host_ip".to_owned());
        return Some(Edit::SetKey { path, value: LOOPBACK.into() });
    };
    let has_address = port.mapping.as_ref().is_some_and(|mapping| mapping.host_ip.is_some());
    let rest = if has_address { text.strip_prefix("0.0.0.0:")? } else { text };
    let separator = if has_address || has_colon(text) { ":" } else { "::" };
    Some(Edit::SetKey { path, value: format!("{LOOPBACK}{separator}{rest}").into() })
}

/// Whether a colon separates two parts: those inside `${…}` do not.
fn has_colon(text: &str) -> bool {
    let mut depth = 0usize;
    text.chars().any(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ':' && depth == 0
    })
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{fixed, none, one};

    const CODE: &str = "admin-port-published";

    fn stack(image: &str, port: &str) -> String {
        format!("services:\n  db:\n    image: {image}\n    ports:\n      - {port}\n")
    }

    #[test]
    fn the_port_of_a_database_is_published_on_the_loopback_address_instead() {
        for (port, after) in [
            ("\"5432:5432\"", "\"127.0.0.1:5432:5432\""),
            ("\"0.0.0.0:5433:5432\"", "\"127.0.0.1:5433:5432\""),
            ("\"${PORT:-5432}:5432\"", "\"127.0.0.1:${PORT:-5432}:5432\""),
            ("\"5432\"", "\"127.0.0.1::5432\""),
        ] {
            assert_eq!(fixed(&stack("postgres:17", port), CODE), stack("postgres:17", after));
        }
        let after = fixed(&stack("postgres:17", "{target: 5432, published: 5432}"), CODE);
        assert!(after.contains("host_ip: 127.0.0.1"), "{after}");
    }

    #[test]
    fn the_message_names_the_program() {
        assert!(one(&stack("mariadb:11", "3306:3306"), CODE).message.starts_with("MariaDB (port 3306)"));
        assert!(one(&stack("app:1", "6379:6379"), CODE).message.starts_with("Redis"));
        one(&stack("clickhouse/clickhouse-server:24", "9000:9000"), CODE);
    }

    #[test]
    fn ports_that_are_not_open_or_meant_to_be_are_fine() {
        for (image, port) in [
            ("postgres:17", "\"127.0.0.1:5432:5432\""),
            ("postgres:17", "\"${ADDRESS}:5432:5432\""),
            ("app:1", "\"9000:9000\""),
            ("app:1", "\"5432:80\""),
            ("traefik:v3.6", "\"5432:5432\""),
            ("app:1", "\"6379:6379/udp\""),
        ] {
            none(&stack(image, port), CODE);
        }
    }
}
