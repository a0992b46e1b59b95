//! What the name of a variable, flag or label says about its value.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// A host: a name alone is one.
    Host,
    /// Anything: a name alone may be a host.
    Anything,
    /// Something that has a name of its own, such as a database: a name alone is no host.
    NoHost,
    /// An image or its tag: not even `name:number` is a host.
    Image,
}

/// Names of places where a server is reached.
const HOSTS: [&str; 16] = [
    "server",
    "servers",
    "addr",
    "addrs",
    "address",
    "addresses",
    "endpoint",
    "endpoints",
    "url",
    "urls",
    "uri",
    "upstream",
    "upstreams",
    "brokers",
    "dsn",
    "connect",
];
/// Names of things that have a name of their own.
const OTHERS: [&str; 52] = [
    "user",
    "username",
    "login",
    "pass",
    "password",
    "passwd",
    "secret",
    "token",
    "key",
    "name",
    "type",
    "kind",
    "database",
    "databases",
    "db",
    "dbname",
    "schema",
    "schemas",
    "port",
    "ports",
    "driver",
    "engine",
    "dialect",
    "client",
    "connection",
    "adapter",
    "provider",
    "email",
    "prefix",
    "project",
    "table",
    "collection",
    "bucket",
    "topic",
    "index",
    "vhost",
    "role",
    "mode",
    "env",
    "environment",
    "lang",
    "language",
    "locale",
    "path",
    "dir",
    "file",
    "level",
    "title",
    "store",
    "plugin",
    "plugins",
    "profiles",
];
const IMAGES: [&str; 5] = ["image", "images", "img", "tag", "version"];

/// `DB_HOST`, `REDIS_URL`, `PGHOST`, `spring.datasource.url`, `--host`. Upper and lower case are the same.
pub fn expected_in(key: &str) -> Expect {
    let key = key.trim_start_matches('-').to_lowercase();
    let words: Vec<&str> = key.split(['_', '.', '-']).filter(|word| !word.is_empty()).collect();
    let last = words.last().copied().unwrap_or_default();
    let has_host = words.iter().any(|word| matches!(*word, "host" | "hosts" | "hostname"));
    // The host itself: `HOSTNAME`, `--hostname`.
    if words == ["hostname"] {
        return Expect::Anything;
    }
    if IMAGES.contains(&last) {
        return Expect::Image;
    }
    if OTHERS.contains(&last)
        || ["user", "username", "password", "database", "dbname"].iter().any(|end| last.ends_with(end))
    {
        // `DB_HOST_NAME` is a host or the name of something on it.
        return if has_host && last == "name" { Expect::Anything } else { Expect::NoHost };
    }
    if has_host || last.contains("host") || HOSTS.contains(&last) { Expect::Host } else { Expect::Anything }
}
