//! Which files are checked.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
};

use super::*;

fn names(ran: &Ran) -> Vec<String> {
    let json = ran.json();
    let files = json["files"].as_array().unwrap();
    files.iter().map(|file| file["file"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn folders_are_searched_for_compose_files() {
    let folder = Folder::with(&[
        ("compose.yaml", FINE),
        ("a/docker-compose.yml", FINE),
        ("a/docker-compose.ci.yaml", FINE),
        ("a/compose.prod.yml", FINE),
        ("a/values.yaml", "not: [ours"),
        ("node_modules/x/compose.yaml", "not: [ours"),
        (".hidden/compose.yaml", "not: [ours"),
        (".git/compose.yaml", "not: [ours"),
    ]);
    let ran = folder.check(&["--format", "json", "."]);
    let expected = ["a/compose.prod.yml", "a/docker-compose.ci.yaml", "a/docker-compose.yml", "compose.yaml"];
    assert_eq!(names(&ran), expected);
    assert_eq!(folder.check(&["."]).out, "4 files: no problems found\n");
    let both = folder.check(&["--format", "json", "a", "compose.yaml", "compose.yaml"]);
    assert_eq!(names(&both).len(), 4);
}

#[test]
fn links_out_of_the_folder_are_not_followed() {
    let outside = Folder::with(&[("compose.yaml", UNPINNED), ("deep/compose.yaml", UNPINNED)]);
    let folder = Folder::with(&[("real/compose.yaml", FINE)]);
    symlink(outside.path.join("compose.yaml"), folder.path.join("compose.yaml")).unwrap();
    symlink(outside.path.join("deep"), folder.path.join("deep")).unwrap();
    symlink(".", folder.path.join("loop")).unwrap();
    symlink("real/compose.yaml", folder.path.join("docker-compose.yml")).unwrap();
    assert_eq!(names(&folder.check(&["--format", "json", "."])), ["docker-compose.yml", "real/compose.yaml"]);
}

#[test]
fn a_folder_without_compose_files_is_no_success() {
    let ran = Folder::new().check(&["."]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("there are no compose files in ."), "{}", ran.err);
    let ran = Folder::new().check(&["nowhere"]);
    assert!(ran.code == 2 && ran.err.contains("cannot read nowhere"), "{}", ran.err);
}

#[test]
fn without_a_path_the_file_of_the_folder_is_checked_as_compose_finds_it() {
    let folder = Folder::with(&[("compose.yml", FINE), ("docker-compose.yml", UNPINNED), ("in/side/x", "")]);
    assert_eq!(folder.check(&[]).out, "compose.yml: no problems found\n");
    let inside = run_in(&folder.path.join("in/side"), &["check"], "");
    assert_eq!(inside.out, "../../compose.yml: no problems found\n");

    folder.write("compose.override.yml", "services:\n  web:\n    image: nginx\n");
    let ran = folder.check(&[]);
    assert!(
        ran.out.contains("image-unpinned") && ran.out.contains("compose.override.yml:3:12"),
        "{}",
        ran.out
    );
    let named = command(&folder.path, &["check"]).env("COMPOSE_FILE", "docker-compose.yml").output().unwrap();
    assert!(String::from_utf8(named.stdout).unwrap().contains("docker-compose.yml:3:12"));
}

#[test]
fn without_any_compose_file_the_program_says_what_to_do() {
    let lonely = tempfile::tempdir().unwrap();
    let ran = run_in(lonely.path(), &["check"], "");
    assert!(ran.code == 2 && ran.err.contains("stacker check PATH"), "{}", ran.err);
}

#[test]
fn a_file_that_cannot_be_read_does_not_hide_the_others() {
    let folder = Folder::with(&[("compose.yaml", UNPINNED)]);
    let ran = folder.check(&["compose.yaml", "gone.yml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("image-unpinned") && ran.err.contains("cannot read gone.yml"), "{}", ran.err);

    fs::create_dir(folder.path.join("closed")).unwrap();
    folder.write("closed/compose.yaml", FINE);
    fs::set_permissions(folder.path.join("closed"), fs::Permissions::from_mode(0o000)).unwrap();
    let ran = folder.check(&["."]);
    fs::set_permissions(folder.path.join("closed"), fs::Permissions::from_mode(0o700)).unwrap();
    // For root, nothing is closed.
    assert!(ran.code == 0 && ran.out.contains("image-unpinned"), "{}{}", ran.out, ran.err);
}

#[test]
fn standard_input_can_have_a_name() {
    let folder =
        Folder::with(&[("app/.stacker.yaml", "rules: {image-unpinned: error}\n"), ("app/.env", "TAG=1\n")]);
    let ran = folder.stacker(&["check", "--stdin-name", "app/compose.yml", "-"], UNPINNED);
    assert!(
        ran.out.contains("error[image-unpinned]") && ran.out.contains("app/compose.yml:3:12"),
        "{}",
        ran.out
    );
    assert_eq!(ran.code, 1);
    let text = "services:\n  web:\n    image: nginx:${TAG}\n";
    let ran = folder.stacker(&["check", "--format", "json", "--stdin-name", "app/compose.yml", "-"], text);
    assert_eq!(ran.codes(), [""; 0]);
}

#[test]
fn values_come_from_the_files_that_are_named() {
    let folder = Folder::with(&[
        ("compose.yaml", "services:\n  web:\n    image: nginx:${TAG}-${KIND}\n"),
        (".env", "TAG=1\nKIND=a\n"),
        ("one.env", "TAG=1\n"),
        ("two.env", "KIND=b\n"),
    ]);
    let codes = |arguments: &[&str]| {
        folder.check(&[&["--format", "json", "compose.yaml"], arguments].concat()).codes()
    };
    assert_eq!(codes(&[]), [""; 0]);
    assert_eq!(codes(&["--env-file", "one.env"]), ["variable-unset"]);
    assert_eq!(codes(&["--env-file", "one.env", "--env-file", "two.env"]), [""; 0]);
    let ran = folder.check(&["compose.yaml", "--env-file", "three.env"]);
    assert!(ran.code == 2 && ran.err.contains("cannot read three.env"), "{}", ran.err);
}

#[test]
fn nonsense_is_reported_and_nothing_breaks() {
    let folder = Folder::new();
    for text in [
        "",
        "\u{0}",
        "a: b: c",
        "- x",
        "services: {a: {<<: 3}}",
        "&a [*a]",
        "\u{feff}{",
        "%YAML 9\n---\na: 1",
    ] {
        folder.write("compose.yaml", text);
        folder.write("compose.override.yaml", text);
        for arguments in
            [&["."][..], &["-f", "compose.yaml", "-f", "compose.override.yaml"], &["--diff", "."]]
        {
            let ran = folder.check(arguments);
            assert!(ran.code < 2 && !ran.err.contains("panicked"), "{text:?}: {}", ran.err);
        }
    }
}

/// Compose rejects both where the value is missing. An empty file is how a new stack begins, and a required variable says
/// itself what is missing.
#[test]
fn an_empty_file_and_a_required_variable_are_no_errors() {
    let folder = Folder::with(&[("empty.yml", "")]);
    assert_eq!(folder.check(&["empty.yml"]).code, 0);
    folder.write("required.yml", "services:\n  a:\n    image: a:1\n    environment: {A: \"${A:?needed}\"}\n");
    let ran = folder.check(&["--format", "json", "required.yml"]);
    assert_eq!((ran.code, ran.json()["errors"].as_u64()), (0, Some(0)), "{}", ran.out);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let many = (0..2_000).map(|n| format!("  s{n}:\n    image: nginx\n")).collect::<String>();
    let folder = Folder::with(&[("compose.yaml", &format!("services:\n{many}"))]);
    for format in ["text", "json", "sarif", "github", "junit", "codeclimate"] {
        let mut child =
            command(&folder.path, &["check", "--format", format, "compose.yaml"]).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{format}");
    }
}
