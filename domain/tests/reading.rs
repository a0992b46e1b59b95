//! Tests of the findings from reading unusual or invalid files: every code in the first two chapters of
//! docs/rules.md.

use domain::{
    check::{check, pages::CHAPTERS},
    stack::{Edit, Stack},
};

/// The smallest file for each code, and the line of its finding.
fn samples() -> Vec<(&'static str, String, usize)> {
    let service = |lines: &str| format!("services:\n  a:\n    image: nginx:1.27\n{lines}");
    vec![
        ("not-yaml", "services:\n  a: [\n".to_owned(), 2),
        ("too-large", format!("# {}\nservices: {{}}\n", "x".repeat(1 << 20)), 1),
        ("several-documents", "services: {}\n---\nservices: {}\n".to_owned(), 2),
        ("too-many-aliases", bomb(), 6),
        ("alias-of-itself", "services: {}\nx-a: &a [*a]\n".to_owned(), 2),
        ("not-a-compose-file", "- a\n".to_owned(), 1),
        ("yaml-version", "%YAML 1.2\n---\nservices: {}\n".to_owned(), 1),
        ("duplicate-key", service("    image: nginx:1.28\n"), 4),
        ("odd-key", "services: {}\n? [a]\n: b\n".to_owned(), 2),
        ("duplicate-entry", service("    group_add: [a, a]\n"), 4),
        ("bad-merge", service("    <<: text\n"), 4),
        ("unknown-key", service("    imge: nginx\n"), 4),
        ("key-newer", service("    pre_start: [{command: ./a}]\n"), 4),
        ("wrong-type", service("    restart: [always]\n"), 4),
        ("key-missing", service("    depends_on:\n      b: {}\n"), 5),
        ("service-outside", "services: {}\nb:\n  image: nginx:1.27\n".to_owned(), 2),
        ("value-invalid", service("    mem_limit: lots\n"), 4),
        ("value-unknown", service("    restart: allways\n"), 4),
        ("value-ignored", service("    deploy: {mode: glbal}\n"), 4),
        ("name-invalid", "services: {}\nvolumes:\n  a b:\n".to_owned(), 3),
        ("service-name", "services:\n  \"a b\": {image: nginx:1.27}\n".to_owned(), 2),
        ("volume-invalid", service("    volumes:\n    - {source: data}\n"), 5),
        ("variable-invalid", service("    command: echo ${A\n"), 4),
    ]
}

/// A few lines that expand to billions of nodes.
fn bomb() -> String {
    let mut bomb = "x-0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..10 {
        let below = format!("*a{}", level - 1);
        bomb.push_str(&format!("x-{level}: &a{level} [{}]\n", [below.as_str(); 9].join(", ")));
    }
    bomb + "services: {}\n"
}

/// 900 kB that would take 25 GB if each alias were a copy.
#[test]
fn aliases_do_not_multiply_a_long_text() {
    let text =
        format!("services: {{}}\nx-a: &a {}\nx-b:\n{}", "y".repeat(500_000), "  - *a\n".repeat(50_000));
    let stack = Stack::read(&text);
    assert_eq!(stack.findings()[0].code, "too-many-aliases");
}

#[test]
fn every_code_is_said_where_the_file_earns_it_and_the_text_stays_as_it_is() {
    for (code, text, line) in samples() {
        let stack = Stack::read(&text);
        let findings = check(&stack);
        let found: Vec<_> =
            findings.iter().map(|finding| (finding.code.as_str(), finding.position.line)).collect();
        assert!(found.contains(&(code, line)), "{code} in line {line}: {found:?}");
        assert_eq!(stack.text(), text, "{code}");
    }
}

#[test]
fn no_code_of_reading_is_without_a_sample() {
    let chapters = CHAPTERS.iter().filter(|one| matches!(one.title, "Reading the file" | "Keys and values"));
    // The first is about forms and tested there; the second is reported only in the profile `strict`.
    let documented = chapters
        .flat_map(|one| one.pages)
        .map(|page| page.code)
        .filter(|code| !["environment-key-trimmed", "key-recent"].contains(code));
    let mut documented: Vec<&str> = documented.collect();
    let mut sampled: Vec<&str> = samples().into_iter().map(|(code, ..)| code).collect();
    documented.sort_unstable();
    sampled.sort_unstable();
    assert_eq!(documented, sampled);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_key_and_survives_edits() {
    let stack = Stack::read("\u{feff}services:\n  web:\n    image: nginx:1.27\n");
    assert_eq!(check(&stack), []);
    let edit = Edit::SetImage { service: "web".to_owned(), image: "nginx:1.28".to_owned() };
    let changed = stack.apply(&edit).unwrap();
    assert_eq!(changed.text(), "\u{feff}services:\n  web:\n    image: nginx:1.28\n");
}

/// Compose skips a mark at the beginning of a file only.
#[test]
fn a_byte_order_mark_elsewhere_is_text_as_it_is_for_compose() {
    let stack = Stack::read(
        "services:\n  web:\n    image: nginx:1.27\n    command: \u{feff}a\n\u{feff}volumes: {}\n",
    );
    let command = stack.model().root.at(&["services", "web", "command"]).unwrap();
    assert_eq!(command.text().as_deref(), Some("\u{feff}a"));
    let findings = check(&stack);
    let found: Vec<_> = findings.iter().map(|finding| (&*finding.code, &*finding.message)).collect();
    assert_eq!(found, [("unknown-key", "Unknown key `<U+FEFF>volumes`. Did you mean `volumes`?")]);
}

#[test]
fn a_byte_order_mark_after_other_lines_is_named() {
    for head in ["# comment\n", "\n", "%YAML 1.1\n---\n", "\u{feff}\u{feff}"] {
        let text = format!("{head}\u{feff}services:\n  web:\n    image: nginx:1.27\n");
        let findings = check(&Stack::read(&text));
        assert!(findings[0].message.contains("U+FEFF"), "{text:?}: {findings:?}");
    }
}

/// Compose reads `privileged` in each of these files, and the parser does not.
#[test]
fn no_invisible_line_break_hides_a_key() {
    for sign in ['\u{85}', '\u{2028}', '\u{2029}'] {
        for before in
            ["image: nginx:1.27 # why", "image: nginx:1.27\n    command: |\n      a", "image: nginx:1.27"]
        {
            let text = format!("services:\n  web:\n    {before}{sign}    privileged: true\n");
            let stack = Stack::read(&text);
            assert!(!stack.is_readable(), "{text:?}");
        }
    }
    let findings = check(&Stack::read("services: {}\n# a\u{2028}b: c\n"));
    assert_eq!(findings[0].place.start, "services: {}\n# a".len());
    assert!(findings[0].message.contains("U+2028"), "{findings:?}");
}

#[test]
fn an_invisible_line_break_between_quotes_is_text() {
    let stack =
        Stack::read("services:\n  web:\n    image: nginx:1.27\n    command: ['a\u{2028}b', \"\u{85}\"]\n");
    assert_eq!(check(&stack), []);
}

#[test]
fn a_tab_that_indents_is_named_with_its_place() {
    let findings = check(&Stack::read("services:\n\tweb: {}\n"));
    let finding = findings.first().unwrap();
    assert_eq!((finding.code.as_str(), finding.position.line), ("not-yaml", 2), "{finding:?}");
    assert!(finding.message.to_lowercase().contains("tab"), "{}", finding.message);
}
