//! Finds host names in the values of environment variables.

use crate::{compose::Service, stack::Stack};

/// Finds hosts: `db` in `postgres://u:p@db:5432/x`, `db:5432`, `user@tcp(db:3306)/x`, `host=db`. With `bare`, the
/// variable is known to contain a host, so a value that is only a name counts too.
pub(super) fn hosts_in(value: &str, bare: bool) -> Vec<String> {
    let value = with_defaults(value);
    let mut hosts: Vec<String> =
        value.split([' ', ',', ';', '|', '\n', '\t']).filter_map(|piece| host_of(piece.trim())).collect();
    if hosts.is_empty() && bare && is_host(value.trim()) {
        hosts.push(value.trim().to_owned());
    }
    hosts
}

/// Whether the name of a variable suggests a host: `DB_HOST`, `REDIS_URL`, `PGHOST`, `spring.datasource.url`.
pub(super) fn holds_a_host(key: &str) -> bool {
    let key = key.to_lowercase();
    let last = key.rsplit(['_', '.', '-']).next().unwrap_or(&key);
    let is_other =
        ["user", "username", "password", "passwd", "name", "type", "database", "db", "port"].contains(&last);
    !is_other
        && (last.contains("host")
            || [
                "server",
                "servers",
                "addr",
                "address",
                "addresses",
                "endpoint",
                "endpoints",
                "url",
                "uri",
                "upstream",
                "upstreams",
                "backend",
                "broker",
                "brokers",
                "node",
                "nodes",
                "peer",
                "peers",
                "target",
                "targets",
            ]
            .contains(&last)
            || key.split(['_', '.', '-']).any(|word| word == "host" || word == "hostname"))
}

/// The service that has this name, or this alias in a network.
pub(super) fn service_named<'a>(stack: &'a Stack, host: &str) -> Option<&'a Service> {
    let services = &stack.model().services;
    services.iter().find(|service| service.name == host).or_else(|| {
        services.iter().find(|service| {
            service.networks.iter().any(|membership| membership.aliases.iter().any(|alias| alias == host))
        })
    })
}

fn host_of(piece: &str) -> Option<String> {
    if let Some((_, rest)) = piece.split_once("://") {
        let authority = rest.split(['/', '?', '#']).next()?;
        let host = authority.rsplit('@').next()?;
        // Go drivers write addresses as `mysql://user:password@tcp(db:3306)/x`.
        let host = host.split_once('(').map_or(host, |(_, inner)| inner.trim_end_matches(')'));
        return without_port(host);
    }
    if let Some((_, rest)) = piece.split_once('(')
        && let Some((inner, _)) = rest.split_once(')')
    {
        return without_port(inner);
    }
    if let Some((key, value)) = piece.split_once('=') {
        let key = key.trim_start_matches('-').to_lowercase();
        return if holds_a_host(&key) { without_port(value) } else { None };
    }
    let authority = piece.split('/').next()?;
    let (host, port) = authority.rsplit('@').next()?.rsplit_once(':')?;
    (is_host(host) && !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| host.to_owned())
}

fn without_port(authority: &str) -> Option<String> {
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    is_host(host).then(|| host.to_owned())
}

fn is_host(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// Replaces variables by their defaults, or by a character that no host contains.
fn with_defaults(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        rest = if let Some(after) = after.strip_prefix('$') {
            text.push('~');
            after
        } else if let Some((inner, after)) = after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            let default = inner.split_once('-').filter(|(name, _)| {
                name.trim_end_matches(':').bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            });
            text.push_str(default.map_or("~", |(_, default)| default));
            after
        } else {
            text.push('~');
            after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_')
        };
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found_in_the_ways_people_write_addresses() {
        for (value, host) in [
            ("postgres://u:p@db:5432/app", "db"),
            ("redis://:${REDIS_PASSWORD}@cache:6379/0", "cache"),
            ("jdbc:postgresql://db/app", "db"),
            ("user:secret@tcp(mysql:3306)/app?parseTime=true", "mysql"),
            ("host=db user=app dbname=app", "db"),
            ("Server=db;Database=app", "db"),
            ("db:3306", "db"),
            ("${DB_HOST:-db}:3306", "db"),
            ("mongodb://a:b@mongo/?authSource=admin", "mongo"),
        ] {
            assert_eq!(hosts_in(value, false), [host], "{value}");
        }
        assert_eq!(hosts_in("kafka-1:9092,kafka-2:9092", false), ["kafka-1", "kafka-2"]);
    }

    #[test]
    fn a_bare_name_is_a_host_only_where_one_is_expected() {
        assert_eq!(hosts_in("db", true), ["db"]);
        assert!(hosts_in("db", false).is_empty());
        assert!(
            holds_a_host("WORDPRESS_DB_HOST")
                && holds_a_host("PGHOST")
                && holds_a_host("ADMINER_DEFAULT_SERVER")
        );
        assert!(holds_a_host("GITEA__database__HOST"));
        assert!(
            !holds_a_host("POSTGRES_DB") && !holds_a_host("POSTGRES_USER") && !holds_a_host("DB_HOST_NAME")
        );
    }
}
