//! Formatting files, and comparing them.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
};

use crate::{stacker, text};

const UNSORTED: &str = "services:\n  web:\n    restart: always # kept\n    image: 'nginx:1.27'\n";
const SORTED: &str = "services:\n  web:\n    image: nginx:1.27\n    restart: always # kept\n";

/// A new folder in the one for tests.
fn folder(name: &str) -> String {
    let folder = format!("{}/{name}", env!("CARGO_TARGET_TMPDIR"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).unwrap();
    folder
}

#[test]
fn fmt_writes_files_or_standard_output() {
    let folder = folder("formatted");
    let file = format!("{folder}/compose.yml");
    fs::write(&file, UNSORTED).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let output = stacker(&["fmt", &file], "");
    assert_eq!(
        (output.status.code(), text(&output.stdout).as_str()),
        (Some(0), ""),
        "{}",
        text(&output.stderr)
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), SORTED);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside the file");
    assert_eq!(text(&stacker(&["fmt", "-"], UNSORTED).stdout), SORTED);
}

#[test]
fn fmt_can_say_what_would_change() {
    let folder = folder("unformatted");
    let (one, two) = (format!("{folder}/one.yml"), format!("{folder}/two.yml"));
    fs::write(&one, UNSORTED).unwrap();
    fs::write(&two, SORTED).unwrap();
    let output = stacker(&["fmt", "--check", &one, &two], "");
    assert_eq!((text(&output.stdout), output.status.code()), (format!("{one}\n"), Some(1)));
    assert_eq!(stacker(&["fmt", "--check", &two], "").status.code(), Some(0));
    let output = stacker(&["fmt", "--diff", "-"], UNSORTED);
    insta::assert_snapshot!(text(&output.stdout), @r"
    --- standard input
    +++ standard input (formatted)
    @@ -1,4 +1,4 @@
     services:
       web:
    +    image: nginx:1.27
         restart: always # kept
    -    image: 'nginx:1.27'
    ");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(fs::read_to_string(&one).unwrap(), UNSORTED);
}

#[test]
fn fmt_leaves_files_that_it_cannot_read_or_must_not_write() {
    let folder = folder("left");
    let (inside, file) = (format!("{folder}/inside"), format!("{folder}/compose.yml"));
    fs::create_dir(&inside).unwrap();
    fs::write(&file, UNSORTED).unwrap();
    let (out, near) = (format!("{inside}/out.yml"), format!("{folder}/near.yml"));
    symlink("../compose.yml", &out).unwrap();
    let output = stacker(&["fmt", &out, "no-such-file.yml"], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("outside its folder"), "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(&file).unwrap(), UNSORTED);

    symlink("compose.yml", &near).unwrap();
    assert_eq!(stacker(&["fmt", &near], "").status.code(), Some(0));
    assert!(fs::symlink_metadata(&near).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&file).unwrap(), SORTED);

    let output = stacker(&["fmt", "-"], "services:\n  a:\n    image: x\n    image: y\n");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert!(text(&output.stderr).starts_with("error[duplicate-key]"), "{}", text(&output.stderr));
}

#[test]
fn diff_says_what_changed_in_meaning() {
    let file = format!("{}/old.yml", env!("CARGO_TARGET_TMPDIR"));
    fs::write(&file, UNSORTED).unwrap();
    let output = stacker(&["diff", &file, "-"], SORTED);
    assert_eq!(text(&output.stdout), format!("{file} and standard input mean the same\n"));
    assert_eq!(output.status.code(), Some(0));
    let new = "services:\n  web:\n    image: nginx:1.28\n    restart: always\n    ports: [\"8080:80\"]\n    environment: {DB_PASSWORD: hunter2}\n  api:\n    image: a:1\n";
    let output = stacker(&["diff", &file, "-"], new);
    insta::assert_snapshot!(text(&output.stdout), @r"
    `web`: image nginx:1.27 → nginx:1.28
    `web`: port 8080:80 added
    `web`: variable DB_PASSWORD added
    `api` added, image a:1
    ");
    assert_eq!(output.status.code(), Some(1));
}

/// Compose rejects an empty file and a required variable without a value; for us both are texts that can be compared.
#[test]
fn diff_reads_an_empty_file_and_required_variables() {
    let file = format!("{}/required.yml", env!("CARGO_TARGET_TMPDIR"));
    fs::write(&file, "services:\n  a:\n    image: ${A:?needed}\n").unwrap();
    let output = stacker(&["diff", "-", &file], "");
    assert_eq!(text(&output.stdout), "`a` added, image ${A:?needed}\n");
    assert_eq!(output.status.code(), Some(1));
    let output = stacker(&["diff", &file, &file], "");
    assert!(text(&output.stdout).ends_with(" mean the same\n"));
    assert_eq!(output.status.code(), Some(0));
    let output = stacker(&["diff", "-", &file], "services:\n  a:\n    image: ${A:?other words}\n");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn diff_hides_passwords_in_commands() {
    let file = format!("{}/command.yml", env!("CARGO_TARGET_TMPDIR"));
    fs::write(&file, "services:\n  a:\n    image: a:1\n    command: redis-server --requirepass hunter2\n")
        .unwrap();
    for command in ["redis-server --requirepass=hunter3", "app --password=hunter3"] {
        let new = format!("services:\n  a:\n    image: a:1\n    command: {command}\n");
        for format in ["text", "json"] {
            let output = stacker(&["diff", "--format", format, &file, "-"], new.clone());
            assert!(!text(&output.stdout).contains("hunter"), "{}", text(&output.stdout));
            assert_eq!(output.status.code(), Some(1));
        }
    }
}

#[test]
fn diff_answers_programs_in_json_and_refuses_what_it_cannot_read() {
    let file = format!("{}/older.yml", env!("CARGO_TARGET_TMPDIR"));
    fs::write(&file, UNSORTED).unwrap();
    let output = stacker(&["diff", "--format", "json", &file, "-"], SORTED.replace("1.27", "1.28"));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["after"], "standard input");
    assert_eq!(answer["changes"][0]["details"][0]["after"], "nginx:1.28");
    assert_eq!(output.status.code(), Some(1));
    let output = stacker(&["diff", &file, "-"], "services: [");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert!(text(&output.stderr).starts_with("error[not-yaml]"), "{}", text(&output.stderr));
    assert_eq!(stacker(&["diff", "-", "-"], "").status.code(), Some(2));
}
