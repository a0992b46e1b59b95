//! Tests of each edit on a small file, with its result or its refusal.

mod networks;
mod renaming;

use serde_json::json;

use super::{Edit, HeldValue, PortSpec, SecretText, Stack, Values};
use crate::compose::Condition;

const FILE: &str = "\
services:
  web:
    image: nginx:1.27 # pinned
    ports:
      - \"8080:80\"
    depends_on: [db]
    links:
      - db:database

  db:
    image: postgres:17
    network_mode: service:web
";

fn edited(text: &str, edit: serde_json::Value) -> Result<String, String> {
    let edit: Edit = serde_json::from_value(edit).unwrap();
    Stack::read(text).apply(&edit).map(|stack| stack.text().to_owned()).map_err(|refusal| refusal.code)
}

#[test]
fn an_edit_reads_as_documented() {
    let edit: Edit =
        serde_json::from_value(json!({"op": "set_image", "service": "web", "image": "nginx:1.28"})).unwrap();
    let text = Stack::read(FILE).apply(&edit).unwrap().text().to_owned();
    assert_eq!(text, FILE.replace("nginx:1.27", "nginx:1.28"));
    assert!(
        serde_json::from_value::<Edit>(json!({"op": "set_image", "service": "web", "picture": "x"})).is_err()
    );
}

#[test]
fn a_rename_reaches_everything_that_refers_to_it() {
    let text = edited(FILE, json!({"op": "rename_service", "service": "db", "to": "store"})).unwrap();
    let expected =
        FILE.replace("[db]", "[store]").replace("db:database", "store:database").replace("  db:", "  store:");
    assert_eq!(text, expected);
    let text = edited(FILE, json!({"op": "rename_service", "service": "web", "to": "front"})).unwrap();
    assert!(text.contains("network_mode: service:front"));
}

#[test]
fn removing_a_service_takes_its_references_along_and_leaves_the_rest() {
    let text = edited(FILE, json!({"op": "remove_service", "service": "db"})).unwrap();
    assert_eq!(text, "services:\n  web:\n    image: nginx:1.27 # pinned\n    ports:\n      - \"8080:80\"\n");
    let extended = "services:\n  a:\n    image: x\n  b:\n    extends: a\n";
    assert_eq!(
        edited(extended, json!({"op": "remove_service", "service": "a"})),
        Err("service-in-use".into())
    );
}

#[test]
fn a_copy_brings_its_comments_but_not_what_can_only_be_once() {
    let text = edited(FILE, json!({"op": "duplicate_service", "service": "web", "to": "web2"})).unwrap();
    let copy =
        "\n  web2:\n    image: nginx:1.27 # pinned\n    depends_on: [db]\n    links:\n      - db:database\n";
    assert_eq!(text, format!("{FILE}{copy}"));
}

#[test]
fn a_name_that_readers_misread_is_quoted_wherever_it_is_written() {
    for (op, key) in [("duplicate_service", "to"), ("rename_service", "to"), ("add_service", "service")] {
        for name in ["no", "1e3", "12"] {
            let mut edit = json!({"op": op, "service": "web", "image": "x:1"});
            if key == "to" {
                edit = json!({"op": op, "service": "web", "to": name});
            } else {
                edit[key] = name.into();
            }
            let text = edited(FILE, edit).unwrap();
            assert!(text.contains(&format!("  \"{name}\":\n")), "{op} {name}\n{text}");
        }
    }
}

#[test]
fn dependencies_become_a_mapping_when_a_condition_is_to_be_said() {
    let text =
        "services:\n  a:\n    image: x\n    depends_on:\n      - b\n  b:\n    image: y\n  c:\n    image: z\n";
    let with = edited(
        text,
        json!({"op": "add_dependency", "service": "a", "on": "c", "condition": "service_healthy"}),
    );
    let stack = Stack::read(&with.unwrap());
    let a = stack.model().service("a").unwrap();
    assert_eq!(a.depends_on("b").unwrap().condition, Condition::Started);
    assert_eq!(a.depends_on("c").unwrap().condition, Condition::Healthy);
    assert_eq!(
        edited(text, json!({"op": "add_dependency", "service": "b", "on": "a"})),
        Err("dependency-cycle".into())
    );
    assert_eq!(
        edited(text, json!({"op": "add_dependency", "service": "a", "on": "a"})),
        Err("self-dependency".into())
    );
    assert_eq!(
        edited(text, json!({"op": "add_dependency", "service": "a", "on": "x"})),
        Err("service-unknown".into())
    );
}

#[test]
fn environment_stays_a_list_where_it_is_one() {
    let text = "services:\n  a:\n    image: x\n    environment:\n      - A=1\n      - B\n";
    let set = |key: &str, value: serde_json::Value| {
        edited(text, json!({"op": "set_environment", "service": "a", "key": key, "value": value})).unwrap()
    };
    assert!(set("A", json!("2")).contains("      - A=2\n      - B\n"));
    assert!(set("B", json!("")).contains("      - B=\n"));
    assert!(
        set("C", json!("x # y")).contains("      - 'C=x # y'\n")
            || set("C", json!("x # y")).contains("\"C=x # y\"")
    );
    assert!(set("A", json!(null)).contains("      - A\n"));
}

#[test]
fn the_last_of_a_shared_list_goes_with_its_alias_and_leaves_the_others_theirs() {
    let text = "x-p: &p [\"80:80\"]\nservices:\n  a:\n    image: x\n    ports: *p\n  b:\n    image: y\n    ports: *p\n";
    let after = edited(text, json!({"op": "remove_port", "service": "a", "index": 0})).unwrap();
    assert_eq!(after, text.replacen("    ports: *p\n", "", 1));
}

#[test]
fn a_variable_gets_another_name_where_it_stands() {
    let mapping = "services:\n  a:\n    image: x\n    environment:\n      A: 1 # one\n      B:\n      C: c\n";
    let list = "services:\n  a:\n    image: x\n    environment:\n      - A=0\n      - A=1 # one\n      - B\n";
    let rename = |text: &str, key: &str, to: &str| {
        edited(text, json!({"op": "rename_environment", "service": "a", "key": key, "to": to}))
    };
    assert_eq!(rename(mapping, "A", "X").unwrap(), mapping.replace("A: 1", "X: 1"));
    assert_eq!(rename(mapping, "B", "X").unwrap(), mapping.replace("B:\n", "X:\n"));
    assert_eq!(rename(list, "A", "X").unwrap(), list.replace("A=", "X="));
    assert_eq!(rename(list, "B", "X").unwrap(), list.replace("- B\n", "- X\n"));
    let shared = "x-e: &e\n  A: 1\nservices:\n  a:\n    image: x\n    environment: *e\n";
    let own = "    environment:\n      X: 1\n";
    assert_eq!(rename(shared, "A", "X").unwrap(), shared.replace("    environment: *e\n", own));
    for text in [mapping, list] {
        assert_eq!(rename(text, "A", "B"), Err("variable-exists".into()));
        assert_eq!(rename(text, "Z", "X"), Err("variable-unknown".into()));
        assert_eq!(rename(text, "A", "X Y"), Err("variable-name-invalid".into()));
    }
}

#[test]
fn ports_are_checked_and_quoted_and_long_ones_stay_long() {
    let add =
        |port: serde_json::Value| edited(FILE, json!({"op": "add_port", "service": "web", "port": port}));
    assert!(add(json!({"published": "22", "target": "22"})).unwrap().contains("      - \"22:22\"\n"));
    assert!(
        add(json!({"target": "53", "protocol": "udp"})).unwrap().contains("- \"53/udp\"")
            || add(json!({"target": "53", "protocol": "udp"})).unwrap().contains("- 53/udp")
    );
    assert_eq!(add(json!({"target": "70000"})), Err("port-invalid".into()));
    let long = "services:\n  a:\n    image: x\n    ports:\n      - target: 80\n        published: 8080 # why\n        mode: host\n";
    let port = PortSpec { published: Some("9090".into()), target: "80".into(), ..PortSpec::default() };
    let edit = Edit::SetPort { service: "a".into(), index: 0, port };
    let after = Stack::read(long).apply(&edit).unwrap();
    assert_eq!(after.text(), long.replace("8080", "9090"));
    let said = long.replace("mode: host", "protocol: tcp");
    assert_eq!(Stack::read(&said).apply(&edit).unwrap().text(), said.replace("8080", "9090"));
}

#[test]
fn the_canvas_follows_the_services() {
    let stack = Stack::read(FILE);
    let moved =
        stack.apply(&Edit::MoveNode { service: "db".into(), to: super::Point { x: 40, y: 60 } }).unwrap();
    assert_eq!(moved.text(), FILE);
    let renamed = moved
        .apply(&Edit::RenameService { service: "db".into(), to: "store".into(), uncertain: None })
        .unwrap();
    assert_eq!(renamed.canvas().positions.get("store"), Some(&super::Point { x: 40, y: 60 }));
    assert!(
        renamed
            .apply(&Edit::RemoveService { service: "store".into(), clean_up: false })
            .unwrap()
            .canvas()
            .positions
            .is_empty()
    );
}

#[test]
fn text_that_is_no_yaml_can_be_typed_but_not_edited_on_the_canvas() {
    let broken = Stack::read(FILE).apply(&Edit::ReplaceText { text: "services:\n\tweb: {".into() }).unwrap();
    assert!(!broken.is_readable());
    assert_eq!(broken.findings()[0].position.line, 2);
    let edit = Edit::SetImage { service: "web".into(), image: "x".into() };
    assert_eq!(broken.apply(&edit).unwrap_err().code, "not-yaml");
}

#[test]
fn bombs_are_refused_and_not_expanded() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = format!("*a{}", level - 1);
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", [below.as_str(); 9].join(", ")));
    }
    let stack = Stack::read(&bomb);
    assert!(!stack.is_readable());
    assert_eq!(stack.findings()[0].code, "too-many-aliases");
    assert_eq!(Stack::read(&"a".repeat(1024 * 1024 + 1)).findings()[0].code, "too-large");
    assert_eq!(Stack::read("a: 1\n---\nb: 2\n").findings()[0].code, "several-documents");
    assert!(!Stack::read(&"[".repeat(10_000)).is_readable());
    assert!(!Stack::read("a: &a\n  b: *a\n").is_readable());
}

#[test]
fn a_stack_with_too_many_references_is_not_worked_through_one_by_one() {
    let mut text = "services:\n  base:\n    image: x\n".to_owned();
    for number in 0..300 {
        text.push_str(&format!("  s{number}:\n    image: x\n    depends_on: [base]\n"));
    }
    assert_eq!(
        edited(&text, json!({"op": "remove_service", "service": "base"})),
        Err("too-many-references".into())
    );
}

fn texts(stack: &Stack) -> Vec<(&str, &str)> {
    let all = stack.values().iter();
    all.map(|(name, value)| match value {
        HeldValue::New(text) => (name, text.expose()),
        HeldValue::Stored(_) => (name, "(stored)"),
    })
    .collect()
}

#[test]
fn all_secrets_of_a_file_move_out_in_one_step_and_what_is_the_same_gets_one_name() {
    let text = "x-env: &env\n  API_TOKEN: 'a$$b' # shared\nservices:\n  app:\n    image: x:1\n    environment:\n      DB_PASSWORD: hunter2 # same\n      PORT: 80\n      URL: postgres://app:hunter2@db/app\n  job: {image: x:1, environment: *env}\n  db:\n    image: y:1\n    environment:\n      - POSTGRES_PASSWORD=hunter2\n      - OTHER=${API_TOKEN}\n";
    let stack = Stack::read(text);
    let moved = stack.apply(&Edit::MoveSecrets { service: None, key: None }).unwrap();
    let expected = text
        .replace("'a$$b'", "'${JOB_API_TOKEN}'")
        .replace("DB_PASSWORD: hunter2", "DB_PASSWORD: ${DB_PASSWORD}")
        .replace(":hunter2@", ":${DB_PASSWORD}@")
        .replace("POSTGRES_PASSWORD=hunter2", "POSTGRES_PASSWORD=${DB_PASSWORD}");
    assert_eq!(moved.text(), expected);
    assert_eq!(texts(&moved), [("DB_PASSWORD", "hunter2"), ("JOB_API_TOKEN", "a$b")]);
    let left: Vec<_> = crate::check::check(&moved).into_iter().map(|finding| finding.code).collect();
    assert_eq!(left, ["variable-unset"], "only the one that never had a value");
    let again = moved.apply(&Edit::MoveSecrets { service: None, key: None });
    assert_eq!(again.unwrap_err().code, "secret-unknown");
}

#[test]
fn one_secret_moves_out_wherever_it_is_written() {
    let text = "services:\n  a:\n    image: x:1\n    environment: {A_TOKEN: one, B_TOKEN: two}\n  b:\n    image: x:1\n    environment: {C_TOKEN: one}\n";
    let one = Edit::MoveSecrets { service: Some("a".into()), key: Some("A_TOKEN".into()) };
    let moved = Stack::read(text).apply(&one).unwrap();
    assert_eq!(moved.text(), text.replace(": one", ": \"${A_TOKEN}\""));
    assert_eq!(texts(&moved), [("A_TOKEN", "one")]);
    let then = moved.apply(&Edit::MoveSecrets { service: None, key: None }).unwrap();
    assert_eq!(texts(&then), [("A_TOKEN", "one"), ("B_TOKEN", "two")]);
}

#[test]
fn a_secret_that_cannot_be_changed_alone_does_not_hold_up_the_others() {
    let text =
        "services:\n  a:\n    image: x:1\n    environment:\n      <<: {A_TOKEN: one}\n      B_TOKEN: two\n";
    let moved = Stack::read(text).apply(&Edit::MoveSecrets { service: None, key: None }).unwrap();
    assert_eq!(moved.text(), text.replace("two", "${B_TOKEN}"));
    assert_eq!(texts(&moved), [("B_TOKEN", "two")]);
}

#[test]
fn values_are_set_and_removed_and_follow_what_is_removed_from_the_file() {
    let text = "services:\n  a:\n    image: x:${TAG}\n    environment:\n      A: ${A}\n      B: ${BOTH}\n  b:\n    image: y:${BOTH}\n";
    let stored = ["A", "BOTH", "TAG", "UNUSED"].map(|name| (name.to_owned(), 1));
    let stack = Stack::read(text).with_values(Values::stored(stored));
    let set = Edit::SetValue { name: "TAG".into(), value: SecretText::new("2") };
    let set = stack.apply(&set).unwrap();
    assert_eq!(set.text(), text);
    assert_eq!(texts(&set)[2], ("TAG", "2"));
    let names = |stack: &Stack| stack.values().names().map(str::to_owned).collect::<Vec<_>>();
    let without_a = set.apply(&Edit::RemoveEnvironment { service: "a".into(), key: "A".into() }).unwrap();
    assert_eq!(names(&without_a), ["BOTH", "TAG", "UNUSED"]);
    let without = set.apply(&Edit::RemoveService { service: "a".into(), clean_up: false }).unwrap();
    assert_eq!(names(&without), ["BOTH", "UNUSED"]);
    // While something is typed, a name may be incomplete for a moment.
    let typed = set.apply(&Edit::ReplaceText { text: text.replace("${TAG}", "${TA") }).unwrap();
    assert_eq!(names(&typed).len(), 4);
    let removed = stack.apply(&Edit::RemoveValue { name: "TAG".into() }).unwrap();
    assert_eq!(names(&removed), ["A", "BOTH", "UNUSED"]);
    assert_eq!(removed.apply(&Edit::RemoveValue { name: "TAG".into() }).unwrap_err().code, "value-unknown");
    let bad = Edit::SetValue { name: "A-B".into(), value: SecretText::new("x") };
    assert_eq!(stack.apply(&bad).unwrap_err().code, "value-name-invalid");
}
