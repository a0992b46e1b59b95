//! What other programs read.

use super::*;

fn folder() -> Folder {
    Folder::with(&[
        ("a b.yml", CONFLICT),
        (
            "c.yml",
            "services:\n  web:\n    image: nginx # stacker: ignore image-unpinned: built here\n  api:\n    image: nginx\n",
        ),
    ])
}

#[test]
fn json_has_one_object_for_one_file_and_a_list_for_several() {
    let folder = folder();
    let one = folder.check(&["--format", "json", "c.yml"]).json();
    let keys: Vec<&String> = one.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["file", "errors", "warnings", "hints", "findings", "suppressed"]);
    let both = folder.check(&["--format", "json", "a b.yml", "c.yml"]).json();
    assert_eq!((both["errors"].as_u64(), both["warnings"].as_u64()), (Some(1), Some(1)));
    assert_eq!(both["files"][1], one);
}

#[test]
fn sarif_is_valid_and_has_rules_places_and_fixes() {
    let ran = folder().check(&[
        "--format",
        "sarif",
        "--rules-url",
        "https://stacker.example/docs/rules/",
        "a b.yml",
        "c.yml",
    ]);
    let log = ran.json();
    let (run, results) = (&log["runs"][0], log["runs"][0]["results"].as_array().unwrap());
    assert_eq!((log["version"].as_str(), results.len()), (Some("2.1.0"), 3));
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: std::collections::HashSet<&str> = rules.iter().filter_map(|rule| rule["id"].as_str()).collect();
    assert_eq!(ids.len(), rules.len());
    let conflict = &results[0];
    assert_eq!(
        (conflict["ruleId"].as_str(), conflict["level"].as_str()),
        (Some("host-port-conflict"), Some("error"))
    );
    let rule =
        &run["tool"]["driver"]["rules"][usize::try_from(conflict["ruleIndex"].as_u64().unwrap()).unwrap()];
    assert_eq!(rule["helpUri"], "https://stacker.example/docs/rules/host-port-conflict");
    let place = &conflict["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%20b.yml");
    let region = serde_json::json!({"startLine": 9, "startColumn": 9, "endLine": 9, "endColumn": 18});
    assert_eq!(place["region"], region);
    let replaced = &conflict["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(
        (replaced["insertedContent"]["text"].as_str(), replaced["deletedRegion"]["startLine"].as_u64()),
        (Some("1"), Some(9))
    );
    assert_eq!(
        results[2]["suppressions"][0],
        serde_json::json!({"kind": "inSource", "justification": "built here"})
    );
}

#[test]
fn fingerprints_survive_lines_that_are_added_above() {
    let print = |text: &str, format: &str| {
        let folder = Folder::with(&[("c.yml", text)]);
        let json = folder.check(&["--format", format, "c.yml"]).json();
        let of_sarif = &json["runs"][0]["results"][0]["partialFingerprints"]["stacker/v1"];
        of_sarif.as_str().or(json[0]["fingerprint"].as_str()).unwrap().to_owned()
    };
    let moved = format!("# a comment\n\n{UNPINNED}");
    for format in ["sarif", "codeclimate"] {
        assert_eq!(print(UNPINNED, format), print(&moved, format));
        assert_ne!(print(UNPINNED, format), print(&UNPINNED.replace("nginx", "httpd"), format));
    }
}

#[test]
fn fingerprints_of_equal_findings_differ() {
    let text = "services:\n  web:\n    image: nginx\n    labels: &l\n      a: b\n  web2:\n    image: nginx\n";
    let folder = Folder::with(&[("c.yml", text)]);
    let issues = folder.check(&["--format", "codeclimate", "c.yml"]).json();
    assert_eq!(issues[0]["severity"], "minor");
    assert_eq!(issues[0]["location"], serde_json::json!({"path": "c.yml", "lines": {"begin": 3, "end": 3}}));
    assert_ne!(issues[0]["fingerprint"], issues[1]["fingerprint"]);
}

#[test]
fn github_gets_a_command_for_each_finding() {
    let ran = folder().check(&["--format", "github", "a b.yml", "c.yml"]);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(
        lines[0].starts_with(
            "::error file=a b.yml,line=9,endLine=9,col=9,endColumn=18,title=host-port-conflict::Port 8080/tcp"
        ),
        "{}",
        lines[0]
    );
    let folder = Folder::with(&[(
        "x,y:z.yml",
        "services:\n  web:\n    image: nginx:1\n    \"100%\\n::error::x\": 1\n",
    )]);
    let ran = folder.check(&["--format", "github", "x,y:z.yml"]);
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    assert!(ran.out.starts_with("::error file=x%2Cy%3Az.yml,") && ran.out.contains("100%25"), "{}", ran.out);
}

#[test]
fn junit_has_a_suite_for_each_file() {
    let folder = folder();
    folder.write("fine.yml", FINE);
    let ran = folder.check(&["--format", "junit", "a b.yml", "fine.yml"]);
    assert!(ran.out.starts_with("<?xml"), "{}", ran.out);
    assert!(ran.out.contains(r#"tests="2" skipped="0" failures="1""#), "{}", ran.out);
    assert!(ran.out.contains(r#"<testsuite name="fine.yml" tests="1""#), "{}", ran.out);
    let broken = Folder::with(&[("c.yml", "services:\n  web:\n    image: nginx:1\n    \"<a>&\\e]]>\": 1\n")]);
    let ran = broken.check(&["--format", "junit", "c.yml"]);
    assert!(!ran.out.contains('\u{1b}') && ran.out.contains("&lt;a&gt;&amp;"), "{}", ran.out);
}
