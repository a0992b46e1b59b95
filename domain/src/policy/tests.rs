//! Tests of ways out of a container that an attacker in control of the server would try.

use std::collections::BTreeMap;

use super::{Policy, Surroundings, check};
use crate::{deploy::Effective, rights::normal, stack::Stack};

const PROJECT: &str = "/var/lib/stacker-agent/stacks/shop/project";

/// Symbolic links on the host of these tests: some planted by containers, some part of distributions.
fn real_path(path: &str) -> Option<String> {
    let links = [
        (format!("{PROJECT}/data/evil"), "/etc".to_owned()),
        ("/var/run".to_owned(), "/run".to_owned()),
        ("/srv/link".to_owned(), "/run".to_owned()),
    ];
    let path = normal(path)?;
    for (link, target) in links {
        if let Some(rest) = path.strip_prefix(&link)
            && (rest.is_empty() || rest.starts_with('/'))
        {
            return Some(format!("{target}{rest}"));
        }
    }
    Some(path)
}

/// The named volumes on the host of these tests, each with the stack that made it.
fn volumes() -> BTreeMap<String, Option<String>> {
    [
        ("shop_data", Some("shop")),
        ("shop_old", None),
        ("other_data", Some("other")),
        ("by_hand", None),
        ("kept", Some("shop")),
    ]
    .map(|(name, stack)| (name.to_owned(), stack.map(str::to_owned)))
    .into()
}

fn rules_with(policy: &Policy, text: &str, variables: &[(&str, &str)]) -> Vec<String> {
    let variables: BTreeMap<String, String> =
        variables.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    // A file with errors of the check rules does not reach the policy.
    let Ok(effective) = Effective::of(&Stack::read(text), &variables, PROJECT) else {
        return vec!["invalid".to_owned()];
    };
    let sockets = ["/tmp/private/engine.sock".to_owned()];
    let around = Surroundings {
        stack: "shop",
        volumes: &volumes(),
        project: PROJECT,
        agent: "/var/lib/stacker-agent",
        sockets: &sockets,
        real_path: &real_path,
    };
    let mut rules: Vec<String> =
        check(policy, &effective, &around).into_iter().map(|refused| refused.rule).collect();
    rules.sort();
    rules.dedup();
    rules
}

fn rules(text: &str) -> Vec<String> {
    rules_with(&Policy::default(), text, &[])
}

/// A stack with one service that has these lines.
fn service(lines: &str) -> String {
    let body: String = lines.lines().map(|line| format!("    {line}\n")).collect();
    format!("services:\n  web:\n    image: nginx:1.27\n{body}")
}

fn policy(text: &str) -> Policy {
    Policy::read(text).unwrap()
}

#[test]
fn each_way_out_is_refused_by_its_rule_and_allowed_by_its_key() {
    let cases: &[(&str, &str, &str)] = &[
        ("privileged: true", "allow_privileged", "allow_privileged: true"),
        ("privileged: \"yes\"", "allow_privileged", "allow_privileged: true"),
        ("privileged: 1", "invalid", ""),
        ("post_start: [{command: [x], privileged: true}]", "allow_privileged", "allow_privileged: true"),
        ("build: .", "allow_build", "allow_build: true"),
        ("pull_policy: build", "allow_build", "allow_build: true"),
        ("gpus: all", "allow_gpus", "allow_gpus: true"),
        (
            "deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}",
            "allow_gpus",
            "allow_gpus: true",
        ),
        ("use_api_socket: true", "allow_engine_socket", "allow_engine_socket: true"),
        ("devices: [\"/dev/sda:/dev/x:rwm\"]", "allow_devices", "allow_devices: [/dev/sda]"),
        ("devices: [{source: /dev/dri/card0, target: /dev/x}]", "allow_devices", "allow_devices: [/dev/dri]"),
        ("devices: [\"/dev/dri/../sda\"]", "allow_devices", "allow_devices: [/dev/sda]"),
        ("devices: [\"vendor.com/gpu=all\"]", "allow_devices", "allow_devices: [\"vendor.com/gpu=all\"]"),
        (
            "device_cgroup_rules: [\"a *:* rwm\"]",
            "allow_device_cgroup_rules",
            "allow_device_cgroup_rules: [\"a *:* rwm\"]",
        ),
        ("cap_add: [ALL]", "allow_cap_add", "allow_cap_add: [all]"),
        ("cap_add: [cap_sys_admin]", "allow_cap_add", "allow_cap_add: [SYS_ADMIN]"),
        (
            "security_opt: [\"seccomp:unconfined\"]",
            "allow_security_opt",
            "allow_security_opt: [\"seccomp:unconfined\"]",
        ),
        (
            "security_opt: [\"apparmor=unconfined\"]",
            "allow_security_opt",
            "allow_security_opt: [\"apparmor=unconfined\"]",
        ),
        (
            "security_opt: [\"label=disable\"]",
            "allow_security_opt",
            "allow_security_opt: [\"label=disable\"]",
        ),
        ("network_mode: host", "allow_host_namespaces", "allow_host_namespaces: [network]"),
        ("pid: host", "allow_host_namespaces", "allow_host_namespaces: [pid]"),
        ("ipc: host", "allow_host_namespaces", "allow_host_namespaces: [ipc]"),
        ("userns_mode: host", "allow_host_namespaces", "allow_host_namespaces: [userns]"),
        ("cgroup: host", "allow_host_namespaces", "allow_host_namespaces: [cgroup]"),
        ("cgroup_parent: /", "allow_host_namespaces", "allow_host_namespaces: [cgroup]"),
        ("uts: host", "allow_host_namespaces", "allow_host_namespaces: [uts]"),
        ("network_mode: container:db", "allow_other_containers", "allow_other_containers: true"),
        ("pid: container:db", "allow_other_containers", "allow_other_containers: true"),
        ("volumes_from: [\"container:db\"]", "allow_other_containers", "allow_other_containers: true"),
        ("external_links: [db]", "allow_other_containers", "allow_other_containers: true"),
        ("sysctls: [kernel.core_pattern=|/x]", "allow_sysctls", "allow_sysctls: [kernel.core_pattern]"),
        ("sysctls: {kernel/core_pattern: x}", "allow_sysctls", "allow_sysctls: [kernel.core_pattern]"),
        ("runtime: nvidia", "allow_runtimes", "allow_runtimes: [nvidia]"),
        ("logging: {driver: syslog}", "allow_log_drivers", "allow_log_drivers: [syslog]"),
        (
            "logging: {driver: json-file, options: {path: /etc/cron.d/x}}",
            "allow_log_drivers",
            "allow_log_drivers: [json-file]",
        ),
        ("provider: {type: x}", "allow_keys", "allow_keys: [provider]"),
        ("a_key_of_tomorrow: x", "allow_keys", "allow_keys: [a_key_of_tomorrow]"),
        ("volumes: [\"/etc:/x\"]", "bind_roots", "bind_roots: [/etc]"),
        ("volumes: [\"./../..:/x\"]", "bind_roots", ""),
        ("volumes: [\"~/x:/x\"]", "bind_roots", ""),
        ("volumes: [{type: bind, source: /etc, target: /x}]", "bind_roots", "bind_roots: [/etc]"),
        ("volumes: [{source: /etc, target: /x}]", "invalid", ""),
        ("volumes: [{type: volume, source: /etc, target: /x}]", "invalid", ""),
        ("volumes: [\"./data/evil:/x\"]", "bind_roots", "bind_roots: [/etc]"),
        ("volumes: [\"c:\\\\x:/x\"]", "bind_roots", ""),
        ("volumes: [\"data:/x:/etc:/y\"]", "invalid", ""),
        ("volumes: [{type: cluster, source: x, target: /x}]", "bind_roots", ""),
        ("env_file: /etc/passwd", "allow_outside_files", "allow_outside_files: true"),
        ("env_file: [{path: ../stack.json}]", "allow_outside_files", "allow_outside_files: true"),
        ("env_file: ./data/evil/shadow", "allow_outside_files", "allow_outside_files: true"),
        ("label_file: /etc/passwd", "allow_outside_files", "allow_outside_files: true"),
        ("extends: {file: other.yml, service: web}", "allow_outside_files", "allow_outside_files: true"),
    ];
    let mut wrong = Vec::new();
    for (lines, rule, key) in cases {
        let text = service(lines);
        let found = rules(&text);
        if found != [*rule] {
            wrong.push(format!("{lines}: {found:?} instead of {rule}"));
        }
        let found = if key.is_empty() { Vec::new() } else { rules_with(&policy(key), &text, &[]) };
        if !found.is_empty() {
            wrong.push(format!("{lines} with {key}: {found:?}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn the_socket_of_the_engine_is_found_through_every_door() {
    for source in [
        "/var/run/docker.sock",
        "/run",
        "/var/run",
        "/",
        "/var/../run/docker.sock",
        "/srv/link",
        "/run/podman",
        "/tmp/private",
        "/run/user/1000",
    ] {
        let text = service(&format!("volumes: [\"{source}:/x:ro\"]"));
        let roots = policy("bind_roots: [/]");
        let found = rules_with(&roots, &text, &[]);
        assert_eq!(found, ["allow_engine_socket"], "{source}");
    }
}

#[test]
fn nothing_opens_what_the_agent_keeps_for_itself() {
    for source in [
        "/var/lib/stacker-agent",
        "/var/lib",
        "/var/lib/stacker-agent/stacks/other/project",
        "/var/lib/stacker-agent/stacks/shop",
    ] {
        let text = service(&format!("volumes: [\"{source}:/x\"]"));
        assert_eq!(rules_with(&policy("bind_roots: [/]"), &text, &[]), ["bind_roots"], "{source}");
    }
}

#[test]
fn what_a_variable_an_alias_or_a_merge_brings_is_seen() {
    assert_eq!(
        rules_with(&Policy::default(), &service("volumes: [\"${DIR}:/x\"]"), &[("DIR", "/etc")]),
        ["bind_roots"]
    );
    assert_eq!(rules(&service("volumes: [\"${DIR:-/etc}:/x\"]")), ["bind_roots"]);
    assert_eq!(
        rules_with(&Policy::default(), &service("privileged: ${P}"), &[("P", "true")]),
        ["allow_privileged"]
    );
    assert_eq!(
        rules_with(&Policy::default(), &service("network_mode: ${M}"), &[("M", "host")]),
        ["allow_host_namespaces"]
    );
    assert_eq!(
        rules_with(&Policy::default(), &service("volumes: [\"${A}\"]"), &[("A", "/etc:/x")]),
        ["bind_roots"]
    );
    assert_eq!(
        rules(
            "x-a: &a {privileged: true}\nx-c: &c [ALL]\nservices:\n  web:\n    <<: [*a]\n    image: a:1\n    cap_add: *c\n"
        ),
        ["allow_cap_add", "allow_privileged"]
    );
}

#[test]
fn extending_a_service_of_the_same_file_hides_nothing() {
    let text = "services:\n  base:\n    image: a:1\n    privileged: true\n  web:\n    image: a:1\n    extends: {service: base}\n";
    assert_eq!(rules(text), ["allow_privileged"]);
}

#[test]
fn volumes_that_mount_the_host_are_refused_and_folders_of_the_stack_are_not() {
    let volume = |options: &str| {
        format!("{}volumes:\n  vol:\n    driver_opts: {options}\n", service("volumes: [\"vol:/v\"]"))
    };
    for options in [
        "{type: none, o: bind, device: /etc}",
        "{type: none, o: bind, device: /root/project/../x}",
        "{type: nfs, o: \"addr=10.0.0.1,rw\", device: \":/x\"}",
        "{type: overlay, o: \"lowerdir=/,upperdir=/tmp/a,workdir=/tmp/b\", device: overlay}",
        "{type: ext4, device: /dev/sda1}",
        "{type: none, o: \"bind,lowerdir=/etc\", device: ./data}",
        "{type: none, o: bind, device: /root/project/data, mountpoint: /etc}",
    ] {
        assert_eq!(rules(&volume(options)), ["allow_volume_mounts"], "{options}");
        assert_eq!(rules_with(&policy("allow_volume_mounts: true"), &volume(options), &[]), [""; 0]);
    }
    for options in [
        "{type: none, o: bind, device: /root/project/data}",
        "{type: tmpfs, device: tmpfs, o: \"size=1m\"}",
        "{}",
    ] {
        assert_eq!(rules(&volume(options)), [""; 0], "{options}");
    }
    let foreign = format!("{}volumes:\n  vol:\n    driver: vieux/sshfs\n", service("volumes: [\"vol:/v\"]"));
    assert_eq!(rules(&foreign), ["allow_volume_drivers"]);
}

#[test]
fn what_other_stacks_keep_is_not_reached_by_its_name() {
    let volume = |key: &str, body: &str| {
        format!("{}volumes:\n  {key}: {body}\n", service(&format!("volumes: [\"{key}:/v\"]")))
    };
    for (key, body) in [
        ("data", "{external: true, name: other_data}"),
        ("data", "{name: other_data}"),
        ("other_data", "{external: true}"),
        ("data", "{external: {name: other_data}}"),
        ("by_hand", "{external: true}"),
    ] {
        assert_eq!(rules(&volume(key, body)), ["allow_other_containers"], "{key}: {body}");
        assert_eq!(rules_with(&policy("allow_other_containers: true"), &volume(key, body), &[]), [""; 0]);
    }
    for (key, body) in [
        ("data", "{}"),
        ("old", "{}"),
        ("data", "{external: true, name: kept}"),
        ("data", "{external: true, name: not_there_yet}"),
        ("data", "{name: not_there_yet}"),
    ] {
        assert_eq!(rules(&volume(key, body)), [""; 0], "{key}: {body}");
    }
}

#[test]
fn networks_of_the_host_are_not_joined_by_another_name() {
    let network = |body: &str| format!("{}networks:\n  n: {body}\n", service("networks: [n]"));
    assert_eq!(rules(&network("{external: true, name: host}")), ["allow_host_namespaces"]);
    assert_eq!(rules(&network("{external: {name: host}}")), ["allow_host_namespaces"]);
    assert_eq!(rules(&network("{external: true, name: \"container:db\"}")), ["allow_host_namespaces"]);
    assert_eq!(rules(&network("{driver: macvlan, driver_opts: {parent: eth0}}")), ["allow_network_drivers"]);
    assert_eq!(
        rules(&network("{driver_opts: {com.docker.network.bridge.name: docker0}}")),
        ["allow_network_drivers"]
    );
    assert_eq!(rules(&network("{external: true, name: default_network}")), [""; 0]);
}

#[test]
fn files_of_secrets_and_includes_stay_in_the_folder() {
    let secret = |body: &str| format!("{}secrets:\n  s: {body}\n", service("secrets: [s]"));
    assert_eq!(rules(&secret("{file: /etc/shadow}")), ["allow_outside_files"]);
    assert_eq!(rules(&secret("{file: ./data/evil/shadow}")), ["allow_outside_files"]);
    assert_eq!(rules(&secret("{file: ./secret.txt}")), [""; 0]);
    assert_eq!(rules(&format!("include: [other.yml]\n{}", service("tty: true"))), ["allow_outside_files"]);
    assert_eq!(rules(&format!("models:\n  llm: {{model: x}}\n{}", service("tty: true"))), ["allow_keys"]);
    let uses_a_model = format!("models:\n  llm: {{model: x}}\n{}", service("models: [llm]"));
    assert_eq!(rules(&uses_a_model), ["allow_keys"]);
}

#[test]
fn images_and_ports_are_held_to_the_lists_of_the_host() {
    let strict = policy(
        "allow_unpinned_images: false\nregistries: [docker.io/library, ghcr.io/acme]\npublished_ports: [80, 8000-8999]\npublished_addresses: [127.0.0.1]\n",
    );
    let with = |image: &str, port: &str| {
        let text = format!("services:\n  web:\n    image: {image}\n    ports: [\"{port}\"]\n");
        rules_with(&strict, &text, &[("H", "9999")])
    };
    assert_eq!(with("nginx:1.27", "127.0.0.1:80:80"), [""; 0]);
    assert_eq!(with("ghcr.io/acme/x:1", "127.0.0.1:8000-8001:80-81"), [""; 0]);
    assert_eq!(with("ghcr.io/acme-evil/x:1", "127.0.0.1:80:80"), ["registries"]);
    assert_eq!(with("evil/nginx:1", "127.0.0.1:80:80"), ["registries"]);
    assert_eq!(with("nginx:latest", "127.0.0.1:80:80"), ["allow_unpinned_images"]);
    let mounted = "services:\n  web:\n    image: nginx:1\n    volumes: [{type: image, source: \"evil.example/tools\", target: /t}]\n";
    assert_eq!(rules_with(&strict, mounted, &[]), ["allow_unpinned_images", "registries"]);
    assert_eq!(with("nginx:1", "80:80"), ["published_addresses"]);
    assert_eq!(with("nginx:1", "127.0.0.1:${H}:80"), ["published_ports"]);
    assert_eq!(with("nginx:1", "127.0.0.1:8990-9000:90-100"), ["published_ports"]);
    assert_eq!(with("nginx:1", "127.0.0.1::80"), ["published_ports"]);
    assert_eq!(rules_with(&policy("require_digests: true"), &service("tty: true"), &[]), ["require_digests"]);
}

#[test]
fn ordinary_stacks_are_not_in_the_way() {
    let text = "services:\n  web:\n    image: wordpress\n    ports: [\"8080:80\"]\n    volumes: [\"html:/var/www\", \"./conf:/conf:ro\", /cache, \"/etc/localtime:/etc/localtime:ro\"]\n    cap_drop: [ALL]\n    cap_add: [CHOWN, NET_BIND_SERVICE]\n    security_opt: [\"no-new-privileges:true\"]\n    sysctls: [net.core.somaxconn=1024]\n    logging: {driver: json-file, options: {max-size: 10m}}\n    extra_hosts: [\"host.docker.internal:host-gateway\"]\n    tmpfs: /tmp\n    deploy: {resources: {limits: {memory: 1g}}}\n  db:\n    image: mariadb:11\n    network_mode: service:web\n    pid: service:web\n    ipc: shareable\nvolumes:\n  html:\n";
    assert_eq!(rules(text), [""; 0]);
}

#[test]
fn a_policy_that_is_not_understood_is_not_used() {
    for text in [
        "allow_privilegd: true",
        "allow_exec: maybe",
        "allow_exec: true\nallow_exec: false",
        "- a",
        "bind_roots: [srv]",
        "bind_roots: [/srv/../etc]",
        "allow_host_namespaces: [net]",
        "published_ports: [x]",
        "a: [",
    ] {
        assert!(Policy::read(text).is_err(), "{text}");
    }
    assert_eq!(Policy::read(""), Ok(Policy::default()));
    assert_eq!(Policy::read("# nothing\n"), Ok(Policy::default()));
}
