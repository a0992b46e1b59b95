//! The settings as a whole: which are accepted, which stop the start, and the messages.

use std::collections::BTreeSet;

use rstest::rstest;
use secrecy::ExposeSecret;

use super::*;

const DIST: &str = include_str!("../../../configuration.yaml.dist");

fn file(text: &str) -> Sources {
    Sources::default().with_text("configuration.yaml", text).with_variable("HOME", "/home/ada")
}

fn load(text: &str) -> Settings {
    Settings::load(&file(text)).unwrap_or_else(|error| panic!("{error}"))
}

/// The first error, as shown to the operator.
fn problem(sources: &Sources) -> String {
    Settings::load(sources).unwrap_err().problems[0].to_string()
}

/// The sample configuration with every setting enabled: `#key: value` becomes `key: value`, `##` lines stay comments.
fn everything_set() -> String {
    let switched_on = DIST.lines().map(|line| match line.strip_prefix('#') {
        Some(rest) if !rest.starts_with('#') => rest,
        _ => line,
    });
    switched_on.collect::<Vec<_>>().join("\n")
}

#[test]
fn nothing_has_to_be_set() {
    let settings = load("");
    assert_eq!((settings.server.host.as_str(), settings.server.port), ("127.0.0.1", 8000));
    assert!(settings.database.is_none() && settings.amqp.is_none() && settings.vault.is_none());
    assert_eq!(settings.access.auth_url, None);
    assert_eq!(settings.access.max_clients_number, 10);
    assert!(settings.connectors.dockerhub_service.enabled);
    assert!(settings.rate_limits.enabled);
    assert_eq!(settings.log, LogSettings::default());
}

#[test]
fn the_shipped_file_changes_nothing() {
    let with = format!("{:?}", load(DIST));
    assert_eq!(with, format!("{:?}", load("")));
}

#[test]
fn the_shipped_file_shows_every_key_and_its_variables() {
    let mut fields = Fields::of(&file("")).unwrap();
    Settings::read(&mut fields, &file(""));
    let known = fields.known_keys();

    let shown: BTreeSet<String> =
        yaml::read(&everything_set()).unwrap().into_iter().map(|line| line.key).collect();
    let read: BTreeSet<String> = known.iter().map(|(key, _)| (*key).to_owned()).collect();
    assert_eq!(shown, read);
    for variable in known.iter().flat_map(|(_, variables)| variables) {
        assert!(DIST.contains(variable), "{variable} is not described");
    }
}

#[test]
fn the_shipped_file_can_be_switched_on_as_a_whole() {
    let settings = load(&everything_set());
    assert_eq!(settings.database.unwrap().password.expose_secret(), "postgres");
    assert_eq!(settings.vault.unwrap().token.unwrap().expose_secret(), "dev-token");
    assert_eq!(settings.amqp.unwrap().port, 5672);
    assert_eq!(settings.local_agent.owner.as_deref(), Some("user-id"));
}

#[rstest]
#[case("", &[])]
#[case("amqp:\n  queue: stacker_listener", &[])]
#[case("amqp:\n  delivery_limit: 5", &[])]
#[case(
    "amqp:\n  queue: stacker_listener\n  delivery_limit: 5",
    &["`amqp.delivery_limit` does not apply to the queue stacker_listener"]
)]
#[case("connectors:\n  user_service:\n    enabled: false\n    timeout_secs: 5", &[])]
#[case(
    "connectors:\n  payment_service:\n    enabled: true\n    base_url: http://payments\n  events:\n    enabled: true\n    base_url: http://events",
    &[
        "`connectors.payment_service` is switched on, and this version does not use that service",
        "`connectors.events` is switched on, and this version does not use that service",
    ]
)]
#[case(
    "agent_command_poll_interval_secs: 3",
    &["`agent_command_poll_interval_secs` controls nothing: agents are told to come again at once"]
)]
fn what_is_set_and_controls_nothing_is_named_at_the_start(#[case] text: &str, #[case] expected: &[&str]) {
    assert_eq!(load(text).without_effect, expected);
}

#[rstest]
#[case("app_prot: 1", "configuration.yaml:1: `app_prot` is not a known key: did you mean `app_port`?")]
#[case(
    "\n\ndatabase:\n  hots: db",
    "configuration.yaml:4: `database.hots` is not a known key: did you mean `database.host`?"
)]
#[case("zzz: 1", "configuration.yaml:1: `zzz` is not a known key")]
#[case(
    "app_port: many",
    "configuration.yaml:1: `app_port` is `many`, expected a port, 0 to 65535 (0: any free one)"
)]
#[case(
    "app_port: 70000",
    "configuration.yaml:1: `app_port` is `70000`, expected a port, 0 to 65535 (0: any free one)"
)]
#[case(
    "app_port: [1]",
    "configuration.yaml:1: `app_port` is a list, expected a port, 0 to 65535 (0: any free one)"
)]
#[case("app_port:\n  a: 1", "configuration.yaml:2: `app_port.a` is not a known key")]
#[case(
    "rate_limits:\n  enabled: maybe",
    "configuration.yaml:2: `rate_limits.enabled` is `maybe`, expected true or false"
)]
#[case(
    "service_jwt:\n  algorithm: none",
    "configuration.yaml:2: `service_jwt.algorithm` is `none`, expected HS256 or RS256"
)]
#[case(
    "agents:\n  health_timeout_secs: 3601",
    "configuration.yaml:2: `agents.health_timeout_secs` is `3601`, expected a number of seconds from 1 to 3600"
)]
#[case("rate_limits: 5", "configuration.yaml:1: `rate_limits` is not a known key")]
#[case("app_port: 1\napp_port: 2", "configuration.yaml:2: `app_port` is there twice")]
#[case(
    "log:\n  level: '[['",
    "configuration.yaml:2: `log.level` is `[[`, expected a filter like `info` or `info,sqlx=warn`"
)]
fn a_mistake_is_named_with_its_place_and_what_was_expected(#[case] text: &str, #[case] expected: &str) {
    let found = problem(&file(text));
    assert!(found.starts_with(expected), "{found}");
}

#[rstest]
#[case(
    "app_host: 0.0.0.0",
    "`app_host` is `0.0.0.0`, which others can reach, and no sign-in provider is set"
)]
#[case("limits:\n  compose_bytes: 2000000", "`limits.compose_bytes` is 2000000, expected 1048576 at most")]
#[case("limits:\n  request_body_bytes: 10", "less than `limits.compose_bytes`")]
#[case("log:\n  rotation: daily", "there is no `log.file` to rotate")]
#[case("vault:\n  address: http://127.0.0.1:8200", "`vault.token` is missing")]
#[case("vault:\n  address: http://127.0.0.1:8200\n  role_id: r", "`vault.secret_id` go together")]
#[case(
    "key_ring:\n  vault_path: secret/ring",
    "`key_ring.vault_path` is set, but Vault is not configured: set `vault.address`"
)]
#[case(
    "key_ring:\n  vault_path: ring",
    "`key_ring.vault_path` is `ring`, expected the path of a secret with its mount"
)]
#[case(
    "vault: {address: 'http://127.0.0.1:8200', token: t}\nkey_ring:\n  value: x\n  vault_path: secret/ring",
    "configuration.yaml:4: `key_ring.vault_path` is set, and `key_ring.value` (variable STACKER_KEY_RING) too"
)]
#[case("key_ring:\n  value: hunter2", "`key_ring.value` is not a key ring: it is not JSON like")]
#[case("connectors:\n  dockerhub_service:\n    username: ada", "`personal_access_token` go together")]
#[case("service_jwt:\n  issuer: x", "`service_jwt.algorithm` is missing")]
#[case("service_jwt:\n  algorithm: HS256\n  public_key_file: x", "`service_jwt.secret` is missing")]
#[case("service_jwt:\n  algorithm: RS256\n  secret: x", "`service_jwt.public_key_file` is missing")]
#[case("service_jwt:\n  algorithm: HS256\n  secret: short", "`service_jwt.secret` is too short to sign with")]
#[case("connectors:\n  events:\n    enabled: true", "`connectors.events.base_url` is missing")]
#[case("database:\n  max_connections: 1", "`database.max_connections` is 1, expected 2 or more")]
fn values_that_contradict_each_other_stop_the_start(#[case] text: &str, #[case] expected: &str) {
    let found = problem(&file(text));
    assert!(found.contains(expected), "{found}");
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let error = Settings::load(&file("app_port: x\nzzz: 1\n")).unwrap_err();
    assert_eq!(error.problems.len(), 2);
    assert!(error.to_string().lines().count() > 2);
}

#[test]
fn a_mistake_in_a_variable_is_named_by_its_variable() {
    let sources = file("").with_variable("STACKER__DATABASE__PORT", "x");
    assert!(problem(&sources).starts_with("variable STACKER__DATABASE__PORT: `database.port` is `x`"));
    let sources = file("").with_variable("STACKER__DATABSE__PORT", "1");
    assert!(problem(&sources).contains("did you mean `database.port`?"));
    let sources = file("").with_variable("APP_PORT", "x");
    assert!(problem(&sources).starts_with("variable APP_PORT: `app_port`"));
}

#[test]
fn a_secret_is_never_in_a_message() {
    for text in [
        "auth_url: hunter2",
        "connectors:\n  dockerhub_service:\n    redis_url: hunter2",
        "vault:\n  token: [hunter2]",
        "database: {password: hunter2, port: 0}",
        "key_ring: {value: hunter2}",
        "key_ring: {value: '{\"active\": 1, \"keys\": {\"1\": \"hunter2\"}}'}",
    ] {
        let error = Settings::load(&file(text)).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    }
    assert!(!format!("{:?}", load("database: {password: hunter2}")).contains("hunter2"));
}

#[test]
fn variables_win_over_the_file_and_the_prefixed_ones_over_those_of_old() {
    let sources = file("app_port: 1");
    assert_eq!(Settings::load(&sources).unwrap().server.port, 1);
    let sources = sources.with_variable("APP_PORT", "2");
    assert_eq!(Settings::load(&sources).unwrap().server.port, 2);
    let sources = sources.with_variable("STACKER__APP_PORT", "3");
    assert_eq!(Settings::load(&sources).unwrap().server.port, 3);
    let sources = file("app_port: 1").with_variable("APP_PORT", "");
    assert_eq!(Settings::load(&sources).unwrap().server.port, 1);
}

#[test]
fn a_later_file_wins_key_by_key() {
    let sources =
        file("app_port: 1\nmax_clients_number: 7\n").with_text("configuration.yml", "app_port: 2\n");
    let settings = Settings::load(&sources).unwrap();
    assert_eq!((settings.server.port, settings.access.max_clients_number), (2, 7));
}

#[test]
fn fallback_variables_count_only_where_nothing_else_is_set() {
    let hub = |sources: &Sources| {
        let hub = Settings::load(sources).unwrap().connectors.dockerhub_service;
        hub.redis_url.map(|url| url.expose_secret().to_owned())
    };
    let sources = file("").with_variable("REDIS_URL", "redis://a/0");
    assert_eq!(hub(&sources).as_deref(), Some("redis://a/0"));
    let sources = sources.with_variable("DOCKERHUB_REDIS_URL", "redis://b/0");
    assert_eq!(hub(&sources).as_deref(), Some("redis://b/0"));
    let sources =
        sources.with_text("configuration.yml", "connectors: {dockerhub_service: {redis_url: 'redis://c/0'}}");
    assert_eq!(hub(&sources).as_deref(), Some("redis://c/0"));
}

#[test]
fn the_vault_can_be_configured_by_variables_alone() {
    let sources =
        file("").with_variable("VAULT_ADDRESS", "http://vault:8200").with_variable("VAULT_TOKEN", "t");
    let vault = Settings::load(&sources).unwrap().vault.unwrap();
    assert_eq!((vault.address.as_str(), vault.agent_path_prefix.as_str()), ("http://vault:8200/", "agent"));
}

#[test]
fn the_key_ring_comes_from_one_place() {
    assert!(matches!(load("").key_ring, KeyRingSettings::File));
    let key = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    let ring = format!("{{\"active\": 1, \"keys\": {{\"1\": \"{key}\"}}}}");
    let settings = Settings::load(&file("").with_variable("STACKER_KEY_RING", &ring)).unwrap();
    assert!(matches!(settings.key_ring, KeyRingSettings::Value(_)));
    assert!(!format!("{settings:?}").contains(key));
    let vault = "vault: {address: 'http://127.0.0.1:8200', token: t}\nkey_ring: {vault_path: secret/ring}";
    assert!(matches!(load(vault).key_ring, KeyRingSettings::Vault { path } if path == "secret/ring"));
}

#[test]
fn a_connector_that_is_left_out_of_the_section_is_off() {
    let settings = load("connectors:\n  user_service:\n    enabled: true\n");
    assert!(settings.connectors.user_service.service.enabled);
    assert!(!settings.connectors.dockerhub_service.enabled);
}

#[test]
fn the_marketplace_webhook_takes_the_variables_of_old() {
    let webhook = |sources: &Sources| Settings::load(sources).unwrap().connectors.marketplace_webhook;
    assert!(webhook(&file("")).base_url.is_none());
    let sources = file("").with_variable("USER_SERVICE_BASE_URL", "http://two/server/user");
    assert_eq!(webhook(&sources).base_url.unwrap().as_str(), "http://two/server/user");
    let sources = sources.with_variable("URL_SERVER_USER", "http://one/server/user");
    let sources = sources.with_variable("STACKER_SERVICE_TOKEN", "hunter2");
    let found = webhook(&sources);
    assert_eq!(found.base_url.as_ref().unwrap().as_str(), "http://one/server/user");
    assert_eq!(found.token.as_ref().unwrap().expose_secret(), "hunter2");
    assert!(!format!("{found:?}").contains("hunter2"));
}

#[test]
fn the_address_for_the_plan_of_a_person_names_the_person() {
    let problem =
        |url: &str| problem(&file(&format!("connectors: {{user_service: {{user_plan_url: '{url}'}}}}")));
    for url in ["https://users.example/plans", "https://{user_id}.example/", "plans/{user_id}"] {
        assert!(problem(url).contains("user_plan_url"), "{url}");
    }
    let text = "connectors: {user_service: {user_plan_url: 'https://users.example/plans/{user_id}'}}";
    assert!(load(text).connectors.user_service.user_plan_url.is_some());
}

#[test]
fn an_address_of_this_machine_needs_no_provider() {
    for host in ["127.0.0.1", "localhost", "'::1'", "127.1.2.3"] {
        assert!(load(&format!("app_host: {host}")).server.is_loopback());
    }
    let open = load("app_host: 0.0.0.0\nauth_url: https://accounts.example.com/me\n");
    assert!(!open.server.is_loopback());
}

#[test]
fn files_and_dot_env_of_a_folder_are_read_and_nothing_is_overridden() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("configuration.yaml"), "app_port: 1\n").unwrap();
    std::fs::write(folder.path().join(".env"), "PATH=/nowhere\nAPP_PORT=2\nQUOTED=\"a b\"\n").unwrap();
    let sources = Sources::ambient(folder.path()).unwrap();
    assert_eq!(Settings::load(&sources).unwrap().server.port, 2);
    assert_eq!(sources.variable("QUOTED"), Some("a b"));
    assert_ne!(sources.variable("PATH"), Some("/nowhere"));
}

#[test]
fn a_dot_env_that_cannot_be_read_stops_the_start_without_being_quoted() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".env"), "hunter2 hunter2\n").unwrap();
    let error = Sources::ambient(folder.path()).unwrap_err();
    assert!(error.to_string().contains(".env") && !error.to_string().contains("hunter2"), "{error}");
}
