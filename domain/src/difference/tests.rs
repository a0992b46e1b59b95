use std::{fs, path::Path};

use rstest::rstest;

use super::*;

fn between(before: &str, after: &str) -> Vec<String> {
    let difference = differences(&Stack::read(before), &Stack::read(after));
    difference.lines().into_iter().map(|line| line.text).collect()
}

/// The differences of a service `web` that has these keys.
fn of_service(before: &str, after: &str) -> Vec<String> {
    let file = |keys: &str| format!("services:\n  web:\n    image: nginx\n{}", indented(keys));
    between(&file(before), &file(after))
}

fn indented(keys: &str) -> String {
    keys.lines().map(|line| format!("    {line}\n")).collect()
}

#[rstest]
#[case::environment("environment: [A=1, B=, C]", "environment: {C: , B: \"\", A: \"1\"}")]
#[case::labels("labels: [a=1, b]", "labels: {a: 1, b: }")]
#[case::dependencies(
    "depends_on: [db]",
    "depends_on: {db: {condition: service_started, required: true, restart: false}}"
)]
#[case::networks("networks: [front]", "networks: {front: }")]
#[case::default_network("", "networks: [default]")]
#[case::ports("ports: [\"80:80\"]", "ports: [{target: 80, published: \"80\", protocol: tcp, mode: ingress}]")]
#[case::port_with_variable("ports: [\"${P}:80/tcp\"]", "ports: [{target: 80, published: \"${P}\"}]")]
#[case::free_port("ports: [80, \"127.0.0.1::81\"]", "ports: [\"80\", {target: 81, host_ip: 127.0.0.1}]")]
#[case::address("ports: [\"[::1]:80:80\"]", "ports: [{target: 80, published: 80, host_ip: \"::1\"}]")]
#[case::volume(
    "volumes: [\"vol:/v:ro\"]",
    "volumes: [{type: volume, source: vol, target: /v, read_only: true}]"
)]
#[case::bind(
    "volumes: [./a:/a/]",
    "volumes: [{type: bind, source: ./a, target: /a, bind: {create_host_path: true}}]"
)]
#[case::options(
    "volumes: [\"vol:/v:nocopy\"]",
    "volumes: [{type: volume, source: vol, target: /v, volume: {nocopy: true}}]"
)]
#[case::build("build: .", "build: {context: .}")]
#[case::arguments("build: {context: ., args: [A=1]}", "build: {context: ., args: {A: 1}}")]
#[case::files("env_file: a.env", "env_file: [{path: a.env, required: true}]")]
#[case::secrets("secrets: [a]", "secrets: [{source: a}]")]
#[case::health(
    "healthcheck: {test: true, retries: 3}",
    "healthcheck: {test: [CMD-SHELL, \"true\"], retries: \"3\"}"
)]
#[case::hosts("extra_hosts: [\"a:1.2.3.4\", \"b=[::1]\"]", "extra_hosts: {b: \"::1\", a: 1.2.3.4}")]
#[case::limits("ulimits: {nofile: 5}", "ulimits: {nofile: {soft: 5, hard: 5}}")]
#[case::sets("cap_add: [A, B]", "cap_add: [B, A]")]
#[case::lists("dns: 1.1.1.1", "dns: [1.1.1.1]")]
#[case::nothing("deploy: ", "healthcheck: {}")]
#[case::order("restart: always\nuser: a", "user: a\nrestart: \"always\"")]
fn notations_with_the_same_meaning_are_equal(#[case] before: &str, #[case] after: &str) {
    assert_eq!(of_service(before, after), [""; 0]);
    assert_eq!(of_service(after, before), [""; 0]);
}

#[rstest]
#[case("image: nginx:1.27", "image: nginx:1.28", "`web`: image nginx:1.27 → nginx:1.28")]
#[case("", "ports: [\"8080:80\"]", "`web`: port 8080:80 added")]
#[case("ports: [\"8080:80\"]", "ports: [\"8081:80\"]", "`web`: port 8080:80 → 8081:80")]
#[case(
    "ports: [\"53:53/udp\"]",
    "ports: [\"53:53\"]",
    "`web`: port 53:53/udp removed|`web`: port 53:53 added"
)]
#[case("environment: [A=1]", "environment: {A: 2}", "`web`: variable A: 1 → 2")]
#[case("environment: [A=1]", "environment: [A]", "`web`: variable A: 1 → nothing")]
#[case("", "environment: [A=1]", "`web`: variable A: 1 added")]
#[case("volumes: [one:/d]", "volumes: [\"two:/d:ro\"]", "`web`: mount one:/d → two:/d:ro")]
#[case("volumes: [one:/d]", "", "`web`: mount one:/d removed")]
#[case(
    "depends_on: [a]",
    "depends_on: {a: {condition: service_healthy}}",
    "`web`: dependency a: service_started → service_healthy"
)]
#[case("networks: [a]", "networks: [a, b]", "`web`: network b added")]
#[case(
    "deploy: {resources: {limits: {memory: 1G}}}",
    "deploy: {resources: {limits: {memory: 2G}}}",
    "`web`: deploy.resources.limits.memory 1G → 2G"
)]
#[case("command: [a]", "command: [a, b]", "`web`: command [\"a\"] → [\"a\",\"b\"]")]
#[case("command: a", "command: |\n  a\n  b", "`web`: command changed")]
#[case("", "cap_add: [A]", "`web`: cap_add A added")]
fn changes_are_said_in_plain_words(#[case] before: &str, #[case] after: &str, #[case] words: &str) {
    let file = |keys: &str| format!("services:\n  web:\n{}    tty: true\n", indented(keys));
    assert_eq!(between(&file(before), &file(after)).join("|"), words);
}

#[test]
fn services_and_resources_come_and_go() {
    assert_eq!(
        between(
            "services: {a: {image: x}, b: {image: y}}\nvolumes: {v: {driver: local}}\nname: one",
            "services: {a: {image: x}, c: {image: z}}\nvolumes: {v: {driver: nfs}, w: }\nname: two\nversion: \"3\""
        ),
        [
            "`name`: one → two",
            "`b` removed",
            "`c` added, image z",
            "volume `v`: driver local → nfs",
            "volume `w` added"
        ]
    );
}

#[test]
fn a_service_is_renamed_only_if_that_is_certain() {
    let file = |services: &str| format!("services: {{{services}}}");
    assert_eq!(between(&file("a: {image: x}"), &file("b: {image: x}")), ["`a` renamed to `b`"]);
    let twice = between(&file("a: {image: x}"), &file("b: {image: x}, c: {image: x}"));
    assert_eq!(twice, ["`a` removed", "`b` added, image x", "`c` added, image x"]);
    let copied = between(&file("a: {image: x}"), &file("a: {image: x}, b: {image: x}"));
    assert_eq!(copied, ["`b` added, image x"]);
}

#[rstest]
#[case(
    "environment: {DB_PASSWORD: hunter2}",
    "environment: {DB_PASSWORD: hunter3}",
    "variable DB_PASSWORD changed"
)]
#[case(
    "environment: {DB_PASSWORD: hunter2}",
    "environment: [\"DB_PASSWORD=${P:-hunter3}\"]",
    "variable DB_PASSWORD changed"
)]
#[case("", "environment: {API_KEY: hunter2}", "variable API_KEY added")]
#[case("", "environment: {URL: \"postgres://u:hunter2@${HOST}/x\"}", "variable URL added")]
#[case("command: \"redis --requirepass x\"", "command: [redis, --password, hunter2]", "command changed")]
#[case("command: a", "command: redis --password=hunter2", "command changed")]
#[case("build: .", "build: {context: ., args: {TOKEN: hunter2}}", "build.args.TOKEN added")]
fn secrets_are_never_shown(#[case] before: &str, #[case] after: &str, #[case] words: &str) {
    let file = |keys: &str| format!("services:\n  web:\n    image: nginx\n{}", indented(keys));
    let difference = differences(&Stack::read(&file(before)), &Stack::read(&file(after)));
    let said: Vec<_> = difference.lines().into_iter().map(|line| line.text).collect();
    assert_eq!(said, [format!("`web`: {words}")]);
    assert!(!serde_json::to_string(&difference).unwrap().contains("hunter"), "{difference:?}");
}

#[test]
fn variables_without_a_default_are_shown() {
    assert_eq!(
        of_service("environment: {A_TOKEN: \"${A}\"}", "environment: {A_TOKEN: \"${B}\"}"),
        ["`web`: variable A_TOKEN: ${A} → ${B}"]
    );
}

#[test]
fn a_difference_survives_json() {
    let difference = differences(
        &Stack::read("services: {a: {image: x}, b: {tty: true}, c: {init: true}}"),
        &Stack::read(
            "services: {a: {image: y, ports: [80]}, d: {image: z}, e: {init: true}}\nnetworks: {n: }",
        ),
    );
    let json = serde_json::to_value(&difference).unwrap();
    assert_eq!(json["changes"][0]["what"], "changed");
    assert_eq!(json["changes"][0]["details"][0]["path"], serde_json::json!(["image"]));
    assert_eq!(serde_json::from_value::<Difference>(json).unwrap(), difference);
}

#[test]
fn real_files_do_not_differ_from_themselves_however_they_are_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/compose");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: there is no corpus in ../shared/corpus/compose");
        return;
    };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        let text = fs::read_to_string(&path).unwrap();
        let formatted = crate::format::format(&text).unwrap();
        assert_eq!(between(&text, &text), [""; 0], "{}", path.display());
        assert_eq!(between(&text, &formatted), [""; 0], "{}", path.display());
    }
}
