//! Tests of finding hosts in values as people write them.

use super::*;

fn sure(value: &str, expect: Expect) -> Vec<String> {
    sure_in_value(value, expect).into_iter().map(|host| host.name).collect()
}

/// The names that may be hosts.
fn unsure(value: &str, expect: Expect) -> Vec<String> {
    in_value(value, expect).into_iter().filter(|host| !host.sure).map(|host| host.name).collect()
}

#[test]
fn hosts_are_found_in_the_ways_people_write_addresses() {
    for (value, host) in [
        ("postgres://u:p@db:5432/app", "db"),
        ("postgres://u:p,a;s&s@db/app", "db"),
        ("redis://:${REDIS_PASSWORD}@cache:6379/0", "cache"),
        ("jdbc:postgresql://db/app", "db"),
        ("user:secret@tcp(mysql:3306)/app?parseTime=true", "mysql"),
        ("mysql://user:secret@tcp(mysql:${PORT})/app", "mysql"),
        ("host=db user=app dbname=app", "db"),
        ("mysql:host='db';dbname=app", "db"),
        ("Server=db;Database=app", "db"),
        ("db:3306", "db"),
        ("${DB_HOST:-db}:3306", "db"),
        ("${URL:-http://${HOST:-db}:80/x}", "db"),
        ("mongodb://a:b@mongo/?authSource=admin", "mongo"),
        ("{\"host\": \"db\", \"database\": \"app\"}", "db"),
        ("-Xmx1g -Ddb.host=db -Dname=x", "db"),
    ] {
        assert_eq!(sure(value, Expect::Anything), [host], "{value}");
    }
    assert_eq!(sure("kafka-1:9092,kafka-2:9092", Expect::Anything), ["kafka-1", "kafka-2"]);
    assert_eq!(sure("A://one:9092,B://two:9092", Expect::Anything), ["one", "two"]);
    assert_eq!(sure("mongodb://u:p@one,two:27017/x", Expect::Anything), ["one", "two"]);
}

#[test]
fn each_host_has_its_place_in_the_value() {
    for value in ["x ${A:-é${B:-db}}:3306", "http://db", "{\"a\":1,\"host\":\"db\"}", "${C?no} db:3306"] {
        let hosts = sure_in_value(value, Expect::Anything);
        assert_eq!(
            hosts.len(),
            usize::from(value.contains("//") || value.contains("host") || value.contains(" db")),
            "{value}"
        );
        for host in hosts {
            assert_eq!(&value[host.range], "db");
        }
    }
    let hosts = in_value("a:8080 ${B:-b:8080}", Expect::Anything);
    assert_eq!(hosts.iter().map(|host| host.is_default).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_bare_name_is_a_host_only_where_one_is_expected() {
    assert_eq!(sure("db", Expect::Host), ["db"]);
    assert_eq!(sure("one, two", Expect::Host), ["one", "two"]);
    assert_eq!(sure("one,${TWO}", Expect::Host), ["one"]);
    assert!(sure("db", Expect::Anything).is_empty());
    assert_eq!(unsure("db", Expect::Anything), ["db"]);
    assert!(in_value("db", Expect::NoHost).is_empty());
    assert!(in_value("postgres:17", Expect::Image).is_empty());
    assert_eq!(unsure("node:22", Expect::Anything), ["node"]);
    assert_eq!(sure("node:22", Expect::Host), ["node"]);
    assert!(sure("sqlite:///db", Expect::Host).is_empty());
    assert!(in_value("http://x/db?name=db#db", Expect::Host).iter().all(|host| host.name == "x"));
}

#[test]
fn names_of_variables_say_what_they_hold() {
    for key in [
        "WORDPRESS_DB_HOST",
        "PGHOST",
        "ADMINER_DEFAULT_SERVER",
        "GITEA__database__HOST",
        "--bootstrap-server",
        "REDIS_URL",
    ] {
        assert_eq!(expected_in(key), Expect::Host, "{key}");
    }
    for key in ["POSTGRES_DB", "POSTGRES_USER", "DB_CONNECTION", "DB_HOST_PORT", "PGDATABASE", "CACHE_STORE"]
    {
        assert_eq!(expected_in(key), Expect::NoHost, "{key}");
    }
    for key in ["DB_HOST_NAME", "HOSTNAME", "QUEUE", "CACHE", "REDIS"] {
        assert_eq!(expected_in(key), Expect::Anything, "{key}");
    }
    assert_eq!(expected_in("RUNNER_IMAGE"), Expect::Image);
}

fn in_line(line: &str) -> Vec<(String, bool)> {
    in_command(&[line])
        .into_iter()
        .map(|(_, host)| (host.name, host.sure))
        .filter(|(name, _)| name == "db")
        .collect()
}

#[test]
fn commands_are_read_like_a_shell_does() {
    let db = |sure: bool| ("db".to_owned(), sure);
    for line in [
        "pg_isready -U db -d db -h db",
        "sh -c 'until nc -z db 5432; do sleep 1; done'",
        "mysqladmin ping -hdb -u root",
        "wait-for-it db:5432 -- run",
        "curl -f http://db/db",
        "run --db-host db --user=db",
        "PGHOST=db run",
        "exec 3<>/dev/tcp/db/5432",
    ] {
        assert_eq!(in_line(line), [db(true)], "{line}");
    }
    for line in ["ping db", "grep -h db", "wait-for db 5432", "run --link=db", "curl db/health", "worker db"]
    {
        assert_eq!(in_line(line), [db(false)], "{line}");
    }
    for line in [
        "db --help",
        "exec db",
        "true && db start",
        "/usr/bin/db",
        "psql -d db",
        "run --dbname db",
        "run /db/x a/db",
    ] {
        assert_eq!(in_line(line), [], "{line}");
    }
    let words = in_command(&["redis-cli", "-h", "db", "--user", "db"]);
    assert_eq!(words.iter().map(|(index, host)| (*index, host.sure)).collect::<Vec<_>>(), [(2, true)]);
    let words = in_command(&["CMD-SHELL", "pg_isready -h db"]);
    assert_eq!(words.iter().map(|(index, host)| (*index, host.sure)).collect::<Vec<_>>(), [(1, true)]);
}

#[test]
fn labels_and_files_hold_names_of_their_own() {
    let label =
        |key: &str, value: &str| in_label(key, value).into_iter().map(|host| host.sure).collect::<Vec<_>>();
    assert_eq!(label("caddy.reverse_proxy", "db:8080"), [true]);
    assert_eq!(label("traefik.http.routers.db.service", "db"), [false; 0]);
    assert_eq!(label("com.example.watchtower.depends-on", "db"), [false]);
    let file = in_file("upstream db { server db:8080; }\nproxy_pass http://db;");
    assert_eq!(file.iter().filter(|host| host.name == "db" && !host.sure).count(), 3);
}
