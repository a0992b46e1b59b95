//! Several files, merged by Compose and by us. To try another key, add a case to [`CASES`].

use domain::{
    check::{Basis, Settings, report_files},
    compose::files::{File, read},
    stack::Values,
};

use crate::{
    files,
    opinion::difference,
    program::{Answer, Program},
};

/// What it is about, what the service `a` says in the first file, and what it says in the second one.
const CASES: &[(&str, &str, &str)] = &[
    ("scalars", "image: x:1\nuser: me\nrestart: always", "image: x:2\nrestart: \"no\""),
    ("nothing", "labels: {a: b}\ndns: 1.1.1.1\nports: [\"80\"]", "labels:\ndns:\nports:"),
    (
        "commands",
        "command: a b\nentrypoint: [x]\nhealthcheck: {test: a, retries: 3}",
        "command: [c]\nentrypoint: []\nhealthcheck: {test: [CMD, b]}",
    ),
    ("environment, mappings", "environment: {A: 1, B: 2, C: 3}", "environment: {B: x, C: , D: 4}"),
    ("environment, lists", "environment: [A=1, B=2]", "environment: [B=3, C]"),
    ("environment, both forms", "environment: {A: 1, B: true}", "environment: [B=a=b, C]"),
    ("labels, both forms", "labels: [a=1, b]", "labels: {a: 2, c: x}"),
    ("labels, one text", "labels: [a=1]", "labels: {a: 3}\nannotations: [q=r]"),
    (
        "hosts, both forms",
        "extra_hosts: {a: 1.1.1.1}",
        "extra_hosts: [\"a=2.2.2.2\", \"b:3.3.3.3\", \"a=1.1.1.1\"]",
    ),
    ("hosts, mappings", "extra_hosts: {a: 1.1.1.1, b: 1.1.1.2}", "extra_hosts: {a: 2.2.2.2}"),
    (
        "ports",
        "ports: [\"80:80\", \"127.0.0.1:90:90\", \"53:53/udp\"]",
        "ports: [\"0.0.0.0:80:80\", \"80:80/udp\", \"53:53/udp\", \"91:90\"]",
    ),
    (
        "ports, long form",
        "ports: [\"80:80\", \"443:443\"]",
        "ports: [{target: 80, published: \"80\", mode: host}, {target: 443, published: \"444\"}]",
    ),
    (
        "ranges of ports",
        "ports: [\"8000-8002:8000-8002\"]",
        "ports: [\"8001:8001\", \"9000-9001:9000-9001\"]",
    ),
    ("ports without a host port", "ports: [\"80\", \"81\"]", "ports: [\"80\", \"82\"]"),
    ("expose", "expose: [\"1\", \"2\"]", "expose: [\"2\", \"3\"]"),
    (
        "volumes",
        "volumes: [\"./a:/x\", \"vol:/y\", \"/z\"]",
        "volumes: [{type: volume, source: vol, target: /x}, \"./b:/y:ro\", \"./q:/w/\"]",
    ),
    ("devices", "devices: [\"/dev/a:/x\", \"/dev/b\"]", "devices: [\"/dev/c:/x\", \"/dev/b:/dev/b:r\"]"),
    ("temporary files", "tmpfs: /t", "tmpfs: [/t, /u]"),
    (
        "name servers",
        "dns: 1.1.1.1\ndns_search: a.b\ndns_opt: [x]",
        "dns: [1.1.1.1, 2.2.2.2]\ndns_search: [c.d, a.b]\ndns_opt: [x, y]",
    ),
    ("capabilities", "cap_add: [A, B]\ncap_drop: [ALL]", "cap_add: [C, A]\ncap_drop: [ALL]"),
    ("options that may stand there once", "security_opt: [\"label:a\"]", "security_opt: [\"label:b\"]"),
    ("an option twice", "security_opt: [\"label:a\"]", "security_opt: [\"label:a\"]"),
    ("groups", "group_add: [\"1\", \"2\"]", "group_add: [\"3\"]"),
    ("dependencies, lists", "depends_on: [b]", "depends_on: [c, b]"),
    (
        "dependencies, both forms",
        "depends_on: [b]",
        "depends_on: {b: {condition: service_healthy}, c: {condition: service_started}}",
    ),
    (
        "dependencies, a list over a mapping",
        "depends_on: {b: {condition: service_healthy, required: false}}",
        "depends_on: [b]",
    ),
    (
        "dependencies, a part",
        "depends_on: {b: {condition: service_healthy}}",
        "depends_on: {b: {restart: true}}",
    ),
    ("networks, lists", "networks: [m]", "networks: [n, m]"),
    ("networks, both forms", "networks: [m]", "networks: {m: {aliases: [x]}, n: }"),
    ("aliases", "networks: {m: {aliases: [x, y]}}", "networks: {m: {aliases: [y, z], priority: 1}}"),
    ("build, a text", "build: .", "build: {args: {A: 1}, target: x}"),
    (
        "build, mappings",
        "build: {context: ., args: [A=1, B=2], tags: [a, b]}",
        "build: {args: {B: 3}, tags: [b, c], cache_from: [q]}",
    ),
    (
        "logging of another driver",
        "logging: {driver: json-file, options: {x: \"1\"}}",
        "logging: {driver: syslog, options: {z: \"2\"}}",
    ),
    (
        "logging of one driver",
        "logging: {driver: json-file, options: {x: \"1\"}}",
        "logging: {options: {z: \"2\"}}",
    ),
    (
        "limits",
        "ulimits: {nofile: 3, nproc: {soft: 1, hard: 2}}",
        "ulimits: {nofile: {soft: 3, hard: 4}, nproc: 5}",
    ),
    ("a limit in parts", "ulimits: {nofile: {soft: 1, hard: 2}}", "ulimits: {nofile: {soft: 2}}"),
    (
        "secrets and configs",
        "secrets: [s]\nconfigs: [{source: c, target: /c}]",
        "secrets: [{source: s, mode: 0440}]\nconfigs: [{source: d, target: /c}]",
    ),
    ("kernel parameters", "sysctls: {a.b: 1}", "sysctls: [a.b=2, c.d=3]"),
    ("profiles and links", "profiles: [p]\nlinks: [b]", "profiles: [p, q]\nlinks: [\"b:x\", b]"),
    (
        "deployment",
        "deploy: {replicas: 1, labels: {a: b}, placement: {constraints: [x]}}",
        "deploy: {replicas: 2, labels: [a=c], placement: {constraints: [x, y]}}",
    ),
    ("graphics", "gpus: all", "gpus: all"),
    ("own keys", "x-own: {a: 1}", "x-own: {b: 1}"),
    (
        "reset",
        "ports: [\"80:80\"]\nlabels: {a: b, c: d}\nuser: me",
        "ports: !reset []\nlabels: {a: !reset null, e: f}\nuser: !reset null",
    ),
    ("reset of what is not there", "user: me", "ports: !reset []"),
    (
        "override",
        "ports: [\"80:80\"]\nenvironment: {A: 1, B: 2}",
        "ports: !override [\"81:81\"]\nenvironment: !override {A: 3}",
    ),
    ("a mapping on a list", "healthcheck: {test: a}", "healthcheck: x"),
    ("a list on a text", "command: a", "container_name: [a]"),
    ("a text on a list", "ports: [\"80:80\"]", "ports: \"81:81\""),
];

/// Whole files.
const WHOLE: &[(&str, &[&str])] = &[
    ("a service more", &["services: {a: {image: x}}", "services: {b: {image: y}}"]),
    ("a service less", &["services: {a: {image: x}, b: {image: y}}", "services: {b: !reset null}"]),
    ("an image later", &["services: {a: {user: x}}", "services: {a: {image: y}}"]),
    ("no image at all", &["services: {a: {user: x}}", "services: {a: {user: y}}"]),
    ("own keys", &["services: {a: {image: x}}\nx-own: {a: 1}", "x-own: {b: 1}"]),
    ("names", &["name: one\nservices: {a: {image: x}}", "name: two\nservices: {}"]),
    (
        "three files",
        &[
            "services: {a: {image: x, ports: [\"1:1\"]}}",
            "services: {a: {ports: [\"2:2\"]}}",
            "services: {a: {ports: !override [\"3:3\"]}}",
        ],
    ),
    (
        "networks and volumes",
        &[
            "services: {a: {image: x}}\nnetworks: {n: {labels: [a=b], ipam: {config: [{subnet: 10.0.0.0/8}]}}}\nvolumes: {v: {driver_opts: {a: b}}}",
            "networks: {n: {labels: {a: c}, ipam: {config: [{subnet: 10.0.0.0/8, gateway: 10.0.0.1}, {subnet: 11.0.0.0/8}]}}}\nvolumes: {v: {driver_opts: {c: d}}, w: }",
        ],
    ),
    (
        "anchors",
        &[
            "x-a: &a {restart: always}\nservices: {a: {<<: *a, image: x}}",
            "x-b: &b {user: me}\nservices: {a: {<<: *b, restart: \"no\"}}",
        ],
    ),
    ("a type that is wrong", &["services: {a: {image: x}}", "services: {a: {ports: {a: b}}}"]),
    ("a key that is unknown", &["services: {a: {image: x}}", "services: {a: {imagee: y}}"]),
];

const REST: &str = "networks: {m: , n: }\nvolumes: {vol: }\nsecrets: {s: {file: ./s}}\nconfigs: {c: {file: ./c}, d: {file: ./d}}\n";

/// Of the real files, one in so many is tried: each one takes the program a while.
const EVERY: usize = 4;

const REJECTED: &str = "Compose rejects them: ";

#[test]
fn files_are_merged_as_compose_merges_them() {
    let Some(program) = Program::find() else { return };
    let indented = |lines: &str| lines.lines().map(|line| format!("    {line}\n")).collect::<String>();
    let services = CASES.iter().map(|(what, base, over)| {
        let image = if base.contains("image:") { "" } else { "    image: x:1\n" };
        let base =
            format!("services:\n  a:\n{image}{}  b: {{image: y}}\n  c: {{image: z}}\n{REST}", indented(base));
        (*what, vec![base, format!("services:\n  a:\n{}", indented(over))])
    });
    let whole =
        WHOLE.iter().map(|(what, texts)| (*what, texts.iter().map(|text| (*text).to_owned()).collect()));
    let all: Vec<(&str, Vec<String>)> = services.chain(whole).collect();
    let wrong: Vec<String> = all
        .iter()
        .filter_map(|(what, texts)| compare(&program, texts).err().map(|wrong| format!("{what}: {wrong}")))
        .collect();
    println!("{} of {} cases agree", all.len() - wrong.len(), all.len());
    assert!(wrong.is_empty(), "Compose and we disagree:\n{}", wrong.join("\n"));
}

/// A real file on top of itself merges every kind of value with one of its kind. What Compose rejects says nothing here: it may
/// need files or values.
#[test]
fn real_files_are_merged_with_themselves_as_compose_merges_them() {
    let Some(program) = Program::find() else { return };
    let (mut agreed, mut wrong) = (0, Vec::new());
    for file in files::corpus().iter().step_by(EVERY) {
        match compare(&program, &[file.text.clone(), file.text.clone()]) {
            Ok(()) => agreed += 1,
            Err(reason) if reason.starts_with(REJECTED) => {}
            Err(reason) => wrong.push(format!("{}: {reason}", file.name)),
        }
    }
    println!("{agreed} real files agree");
    assert!(wrong.is_empty(), "Compose and we disagree:\n{}", wrong.join("\n"));
}

fn compare(program: &Program, texts: &[String]) -> Result<(), String> {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let named: Vec<File<'_>> = texts.iter().map(|text| File { name: "file", text }).collect();
    let read = read(&named);
    let reports = report_files(&read, &Values::default(), &Settings::default());
    let error = reports
        .into_iter()
        .flat_map(|report| report.findings)
        .find(|finding| finding.basis == Basis::Compose)
        .map(|finding| format!("{}: {}", finding.code, finding.message));
    match (program.merged(&texts, &[]), error) {
        (Answer::Rejected(_), Some(_)) => Ok(()),
        (Answer::Rejected(reason), None) => Err(format!("{REJECTED}{reason}")),
        (Answer::Accepted(_), Some(error)) => Err(format!("Compose accepts them, but {error}")),
        (Answer::Accepted(meant), None) => {
            let rendered = read.model.root.to_json().to_string();
            match program.config(&rendered, &[], &[]) {
                Answer::Accepted(ours) if ours == meant => Ok(()),
                Answer::Accepted(ours) => Err(difference(&meant, &ours, String::new())),
                Answer::Rejected(reason) => Err(format!("what we render is rejected: {reason}")),
            }
        }
    }
}
