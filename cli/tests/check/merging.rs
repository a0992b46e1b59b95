//! Files that are read together.

use super::*;

const BASE: &str = "services:\n  web:\n    image: nginx:1.27\n    ports: [\"8080:80\"]\n  db:\n    image: postgres:17\n    environment: {POSTGRES_PASSWORD: \"${PW:-x}\"}\n";

#[test]
fn findings_are_about_the_merged_stack_and_name_the_file_of_the_value() {
    let folder = Folder::with(&[
        ("compose.yaml", BASE),
        (
            "prod.yaml",
            "# production\nservices:\n  api:\n    image: httpd:2.4\n    depends_on: [db]\n    ports: [\"8080:80\"]\n",
        ),
    ]);
    let ran = folder.check(&["-f", "compose.yaml", "-f", "prod.yaml"]);
    assert!(ran.out.contains("error[host-port-conflict]"), "{}", ran.out);
    assert!(
        ran.out.contains("on line 4 of compose.yaml") && ran.out.contains("--> prod.yaml:6:13"),
        "{}",
        ran.out
    );
    assert!(!ran.out.contains("dependency-unknown"), "{}", ran.out);
    assert_eq!(ran.code, 1);
    // The conflict is in no file alone.
    let ran = folder.check(&["--fix", "-f", "compose.yaml", "-f", "prod.yaml"]);
    assert_eq!((ran.code, folder.read("compose.yaml").as_str()), (1, BASE));
    assert!(ran.err.contains("nothing can be fixed in one of these files alone"), "{}", ran.err);
}

#[test]
fn a_fix_is_made_in_the_file_where_the_value_stands() {
    let prod = "services:\n  web:\n    restart: allways # why\n  api:\n    image: httpd:2.4\n    ports:\n      - \"9000:80\"\n      - \"9001:80\"\n    depends_on: [db, gone]\n";
    let folder = Folder::with(&[("a.yml", BASE), ("b.yml", prod)]);
    let ran = folder.check(&["--diff", "-f", "a.yml", "-f", "b.yml"]);
    assert!(ran.out.starts_with("--- b.yml\n"), "{}", ran.out);
    assert_eq!((ran.code, folder.read("b.yml").as_str()), (1, prod));
    let ran = folder.check(&["--fix", "-f", "a.yml", "-f", "b.yml"]);
    let expected = prod.replace("allways", "always").replace("[db, gone]", "[db]");
    assert_eq!((ran.code, folder.read("b.yml")), (0, expected), "{}\n{}", ran.out, ran.err);
    assert_eq!(folder.read("a.yml"), BASE);
    assert_eq!(ran.err, "stacker: made 2 fixes in 1 file\n");
}

#[test]
fn what_another_file_repairs_is_not_fixed() {
    let first = "services:\n  web:\n    image: nginx:1.27\n    depends_on: [db]\n";
    let second = "services:\n  web:\n    restart: always\n  db:\n    image: redis:7.4\n";
    let folder = Folder::with(&[("a.yml", first), ("b.yml", second)]);
    let ran = folder.check(&["--fix", "-f", "a.yml", "-f", "b.yml"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    assert_eq!((folder.read("a.yml").as_str(), folder.read("b.yml").as_str()), (first, second));
}

#[test]
fn a_later_file_can_repair_an_earlier_one() {
    let folder = Folder::with(&[
        ("a.yml", CONFLICT),
        ("b.yml", "services:\n  api:\n    ports: !override [\"8081:80\"]\n"),
    ]);
    let ran = folder.check(&["-f", "a.yml", "-f", "b.yml"]);
    assert_eq!((ran.out.as_str(), ran.code), ("2 files: no problems found\n", 0));
}

#[test]
fn comments_count_in_every_file() {
    let folder = Folder::with(&[
        ("a.yml", FINE),
        ("b.yml", "services:\n  api:\n    image: nginx # stacker: ignore image-unpinned: built daily\n"),
    ]);
    let ran = folder.check(&["--show-suppressed", "-f", "a.yml", "-f", "b.yml"]);
    assert!(
        ran.out.contains("suppressed[image-unpinned]") && ran.out.contains("line 3: built daily"),
        "{}",
        ran.out
    );
    assert!(ran.out.ends_with("2 files: no problems found (1 suppressed)\n"), "{}", ran.out);
}

#[test]
fn a_variant_is_read_on_top_of_the_file_beside_it() {
    let folder = Folder::with(&[
        ("compose.yaml", BASE),
        ("compose.prod.yaml", "services:\n  web:\n    restart: always\n    depends_on: [db]\n"),
        ("compose.override.yaml", "services:\n  web:\n    image: nginx\n"),
    ]);
    let ran = folder.check(&["."]);
    assert!(ran.out.contains("compose.override.yaml (on top of compose.yaml): 1 warning"), "{}", ran.out);
    assert!(ran.out.ends_with("3 files: 1 warning\n"), "{}", ran.out);
    let ran = folder.check(&["--format", "json", "compose.prod.yaml"]);
    assert_eq!((ran.json()["on_top_of"].as_str(), ran.codes().len()), (Some("compose.yaml"), 0));
    // What the merged stack gets wrong stays wrong, and nothing is fixed that is right there.
    folder.write("compose.prod.yaml", "services:\n  web:\n    depends_on: [db, cache]\n");
    let ran = folder.check(&["--fix", "--format", "json", "compose.prod.yaml"]);
    assert_eq!(ran.codes(), ["dependency-unknown"]);
    assert_eq!(folder.read("compose.prod.yaml"), "services:\n  web:\n    depends_on: [db, cache]\n");
}

#[test]
fn a_file_that_cannot_be_read_stops_the_merging() {
    let folder = Folder::with(&[("a.yml", FINE), ("b.yml", "services: [")]);
    let ran = folder.check(&["-f", "a.yml", "-f", "b.yml"]);
    assert!(
        ran.code == 1 && ran.out.contains("error[not-yaml]") && ran.out.contains("b.yml:"),
        "{}",
        ran.out
    );
    assert_eq!(folder.check(&["-f", "a.yml", "-f", "gone.yml"]).code, 2);
}

#[test]
fn render_prints_the_merged_document() {
    let folder = Folder::with(&[
        ("a.yml", BASE),
        ("b.yml", "services:\n  web:\n    ports: [\"81:81\"]\n  db: !reset null\n"),
    ]);
    let ran = folder.stacker(&["render", "-f", "a.yml", "-f", "b.yml"], "");
    let expected =
        serde_json::json!({"services": {"web": {"image": "nginx:1.27", "ports": ["8080:80", "81:81"]}}});
    assert_eq!((ran.json(), ran.code), (expected, 0));
    folder.write("b.yml", "services:\n  web:\n    ports: 3\n");
    let ran = folder.stacker(&["render", "-f", "a.yml", "-f", "b.yml"], "");
    assert!(ran.code == 1 && ran.err.contains("b.yml:3:12"), "{}", ran.err);
    assert_eq!(folder.stacker(&["render"], "").code, 2);
}
