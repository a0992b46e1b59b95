//! Tests of renaming: what follows, what stays, and what is asked.

use serde_json::json;

use crate::stack::{Edit, Refusal, Stack};

fn edit(to: &str, uncertain: Option<Vec<Vec<String>>>) -> Edit {
    Edit::RenameService { service: "mariadb".into(), to: to.into(), uncertain }
}

fn renamed(text: &str) -> Result<String, Refusal> {
    Stack::read(text).apply(&edit("db", None)).map(|stack| stack.text().to_owned())
}

/// A consumer with these lines, and the service `mariadb`.
fn file(consumer: &str) -> String {
    format!("services:\n  app:\n    image: mariadb:11\n{consumer}  mariadb:\n    image: mariadb:11\n")
}

/// The text after the rename, if only lines of the consumer change.
fn consumer(lines: &str) -> String {
    let text = renamed(&file(lines)).unwrap_or_else(|refusal| panic!("{lines}: {refusal}"));
    let rest = text.strip_prefix("services:\n  app:\n    image: mariadb:11\n").unwrap();
    rest.strip_suffix("  db:\n    image: mariadb:11\n").unwrap().to_owned()
}

#[test]
fn values_that_name_the_service_as_a_host_follow() {
    for value in [
        "A: mariadb:3306 # the port",
        "A: \"redis://:p@mariadb:6379/mariadb\"",
        "A: 'jdbc:mysql://mariadb/x'",
        "A: user:p@tcp(mariadb:3306)/mariadb",
        "A: host=mariadb user=mariadb dbname=mariadb",
        "DB_HOST: mariadb",
        "DB_HOST: ${DB_HOST:-mariadb}",
        "A: ${DB_HOST:-mariadb}:${DB_PORT:-3306}",
        "A: |\n        http://x\n        http://mariadb:80 # not a comment",
        "A: >-\n        one\n        http://mariadb/mariadb",
        "BROKERS: other:9092,mariadb:9092",
        "A: '{\"host\": \"mariadb\", \"database\": \"mariadb\"}'",
    ] {
        let lines = format!("    environment:\n      {value}\n      MARIADB_DATABASE: mariadb\n");
        let mut expected = lines.clone();
        for (from, to) in [
            ("://mariadb", "://db"),
            ("@mariadb", "@db"),
            ("(mariadb", "(db"),
            ("host=mariadb", "host=db"),
            ("-mariadb}", "-db}"),
            ("HOST: mariadb", "HOST: db"),
            ("A: mariadb:", "A: db:"),
            (",mariadb:", ",db:"),
            ("\"host\": \"mariadb\"", "\"host\": \"db\""),
        ] {
            expected = expected.replace(from, to);
        }
        assert_ne!(expected, lines, "{value}");
        assert_eq!(consumer(&lines), expected, "{value}");
    }
}

#[test]
fn commands_checks_labels_and_references_follow() {
    for (lines, expected) in [
        ("    environment:\n      - DB_HOST=mariadb # list\n", "DB_HOST=db # list"),
        ("    command: wait-for-it mariadb:3306 -- run\n", "wait-for-it db:3306"),
        ("    command: [\"wait\", \"mariadb:3306\"]\n", "[\"wait\", \"db:3306\"]"),
        ("    entrypoint: sh -c 'mysql -hmariadb -u mariadb'\n", "mysql -hdb -u mariadb"),
        ("    healthcheck:\n      test: [CMD, mysqladmin, ping, -h, mariadb]\n", "ping, -h, db]"),
        ("    labels:\n      caddy.reverse_proxy: mariadb:8080\n", "reverse_proxy: db:8080"),
        ("    build:\n      additional_contexts:\n        base: service:mariadb\n", "base: service:db"),
        ("    network_mode: service:mariadb\n", "service:db"),
        (
            "    depends_on:\n      mariadb: # first\n        condition: service_healthy\n",
            "      db: # first",
        ),
        ("    links: [\"mariadb:database\"]\n", "[\"db:database\"]"),
        ("    volumes_from: [mariadb:ro]\n", "[db:ro]"),
    ] {
        let text = consumer(lines);
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn names_of_other_things_stay_and_nothing_is_asked() {
    for lines in [
        "    environment: {POSTGRES_DB: mariadb, DB_USER: mariadb, DB_TYPE: mariadb, APP_IMAGE: \"mariadb:11\"}\n",
        "    volumes: [mariadb:/data, \"./mariadb:/x\"]\n    networks: [mariadb]\n",
        "    container_name: mariadb\n    hostname: mariadb\n",
        "    command: mariadb --datadir /mariadb\n",
        "    labels: {traefik.http.routers.mariadb.service: mariadb}\n",
        "    environment: {DB_HOST: mariadb.example.com, A: my-mariadb, B: \"http://x/mariadb\"}\n",
        "    extends: {file: base.yml, service: mariadb}\n",
        "    extra_hosts: [\"mariadb:10.0.0.1\"]\n    environment: {DB_HOST: mariadb}\n",
    ] {
        assert_eq!(consumer(lines), lines);
    }
    let own = "services:\n  mariadb:\n    image: mariadb:11\n    environment: {A: mariadb}\n    command: run mariadb\n";
    assert_eq!(renamed(own).unwrap(), own.replace("  mariadb:\n", "  db:\n"));
}

#[test]
fn what_may_mean_something_else_is_asked_with_its_lines() {
    let text = file(
        "    environment:\n      DB_HOST: mariadb\n      CACHE: mariadb\n    command: |\n      run mariadb\n      migrate --to mariadb mariadb:3306\n",
    );
    let refusal = renamed(&text).unwrap_err();
    assert_eq!(refusal.code, "uncertain-references");
    assert_eq!(refusal.position.map(|position| (position.line, position.column)), Some((6, 14)));
    let question = refusal.question.unwrap();
    let lines: Vec<_> = question.places.iter().map(|asked| asked.position.line).collect();
    assert_eq!(lines, [6, 8, 9]);
    assert!(question.places.iter().all(|asked| asked.place.slice(&text) == "mariadb"));
    assert!(refusal.message.contains("lines 6, 8 and 9"), "{}", refusal.message);
    let chosen = |choice: usize| {
        Stack::read(&text).apply_all(&question.choices[choice].edits).unwrap().text().to_owned()
    };
    assert_eq!(question.choices[0].label, "Rename these too");
    assert_eq!(chosen(0), text.replace("mariadb", "db").replace("image: db", "image: mariadb"));
    let left = text.replace("DB_HOST: mariadb", "DB_HOST: db").replace("mariadb:3306", "db:3306");
    assert_eq!(chosen(1), left.replace("  mariadb:\n", "  db:\n"));
    let one =
        edit("db", Some(vec![vec!["services".into(), "app".into(), "environment".into(), "CACHE".into()]]));
    let some = Stack::read(&text).apply(&one).unwrap().text().to_owned();
    assert_eq!(some, left.replace("  mariadb:\n", "  db:\n").replace("CACHE: mariadb", "CACHE: db"));
    let wrong = edit("db", Some(vec![vec!["services".into(), "app".into(), "image".into()]]));
    assert_eq!(Stack::read(&text).apply(&wrong).unwrap_err().code, "reference-unknown");
}

#[test]
fn files_inside_the_stack_are_asked_about_as_a_whole() {
    let text = format!(
        "{}configs:\n  site:\n    content: |\n      upstream mariadb {{ server mariadb:3306; }}\n",
        file("")
    );
    let question = renamed(&text).unwrap_err().question.unwrap();
    assert_eq!(question.places.len(), 2);
    let after = Stack::read(&text).apply_all(&question.choices[0].edits).unwrap();
    assert!(after.text().ends_with("upstream db { server db:3306; }\n"), "{}", after.text());
}

#[test]
fn a_name_that_another_container_has_too_is_never_certain() {
    let text = format!(
        "{}  other:\n    image: x\n    container_name: mariadb\n",
        file("    environment:\n      DB_HOST: mariadb\n")
    );
    assert_eq!(renamed(&text).unwrap_err().code, "uncertain-references");
}

#[test]
fn a_shared_value_is_changed_where_it_is_written_and_stays_shared() {
    let text = "x-env: &env\n  DB_HOST: mariadb # one\nservices:\n  a:\n    image: x\n    environment: *env\n    depends_on: &deps [mariadb]\n  b:\n    image: y\n    environment:\n      <<: *env\n    depends_on: *deps\n  mariadb:\n    image: z\n";
    assert_eq!(renamed(text).unwrap(), text.replace("mariadb", "db"));
    let other = "x-name: &name mariadb\nservices:\n  a:\n    image: x\n    environment: {POSTGRES_DB: *name, DB_HOST: *name}\n  mariadb:\n    image: z\n";
    let expected = other.replace("DB_HOST: *name", "DB_HOST: db").replace("  mariadb:\n", "  db:\n");
    assert_eq!(renamed(other).unwrap(), expected);
}

#[test]
fn a_name_that_readers_misread_is_quoted_in_values_too() {
    let text = file("    environment:\n      DB_HOST: mariadb\n");
    let after = Stack::read(&text).apply(&edit("1e3", None)).unwrap();
    assert!(after.text().contains("      DB_HOST: \"1e3\"\n  \"1e3\":\n"), "{}", after.text());
}

#[test]
fn the_old_body_of_the_edit_is_still_valid() {
    let body = json!({"op": "rename_service", "service": "mariadb", "to": "db"});
    let old: Edit = serde_json::from_value(body.clone()).unwrap();
    assert_eq!(old, edit("db", None));
    assert_eq!(serde_json::to_value(&old).unwrap(), body);
}
