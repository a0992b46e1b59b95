//! Runs the program as users and scripts do.
#![expect(clippy::unwrap_used, reason = "a test that cannot start the program fails")]

use std::{
    fs,
    io::Write,
    process::{Command, Output, Stdio},
};

#[path = "commands/fmt_and_diff.rs"]
mod fmt_and_diff;

const CONFLICT: &str = "services:
  web:
    image: nginx:1.27
    ports:
      - \"8080:80\"
  api:
    image: httpd:2.4
    ports:
      - \"8080:80\"
";

const FINE: &str = "x-common: &common
  restart: always
services:
  web:
    <<: *common
    image: nginx:1.27
";

fn stacker(arguments: &[&str], input: impl AsRef<[u8]>) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stacker"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Fails if the program ends without reading its input.
    let _ = child.stdin.take().unwrap().write_all(input.as_ref());
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_good_file_ends_with_zero() {
    let output = stacker(&["check", "-"], FINE);
    assert_eq!(text(&output.stdout), "standard input: no problems found\n");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn an_error_is_shown_with_its_place_and_its_fix() {
    let output = stacker(&["check", "-"], CONFLICT);
    insta::assert_snapshot!(text(&output.stdout), @r#"
    error[host-port-conflict]: Port 8080/tcp of the host is already used by `web` on line 5, so the second container can't start. Publish another port.
     --> standard input:9:9
      |
    9 |       - "8080:80"
      |         ^^^^^^^^^
      = fix: Publish 8081 instead

    standard input: 1 error
    "#);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn files_are_named_in_the_messages() {
    let path = format!("{}/conflict.yml", env!("CARGO_TARGET_TMPDIR"));
    fs::write(&path, CONFLICT).unwrap();
    let output = stacker(&["check", &path], "");
    assert!(text(&output.stdout).contains(&format!("--> {path}:9:9")));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn programs_get_json() {
    let output = stacker(&["check", "--format", "json", "-"], CONFLICT);
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["errors"], 1);
    assert_eq!(answer["findings"][0]["code"], "host-port-conflict");
    assert_eq!(answer["findings"][0]["position"]["line"], 9);
    assert_eq!(answer["findings"][0]["fix"]["edit"]["op"], "set_port");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn text_that_is_not_valid_yaml_is_an_error_of_the_file() {
    let output = stacker(&["check", "-"], "services:\n  web: [\n");
    assert!(text(&output.stdout).starts_with("error[not-yaml]"), "{}", text(&output.stdout));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_file_that_is_not_there_ends_with_two() {
    let output = stacker(&["check", "no-such-file.yml"], "");
    assert!(
        text(&output.stderr).starts_with("stacker: cannot read no-such-file.yml"),
        "{}",
        text(&output.stderr)
    );
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
}

#[test]
fn bytes_that_are_not_text_end_with_two() {
    let output = stacker(&["check", "-"], b"services: \xff\xfe\n");
    assert!(text(&output.stderr).contains("byte 11 is not UTF-8"), "{}", text(&output.stderr));
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_file_cannot_steer_the_terminal() {
    let output =
        stacker(&["check", "-"], "services:\n  web:\n    image: \"A\\e[31m\"\n    \"bad\\ekey\": 1\n");
    assert!(!output.stdout.contains(&0x1b), "{}", text(&output.stdout));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn long_lines_are_cut_around_the_place() {
    let file = format!("services: {{{}, web: {{image: Nginx}}}}\n", many_services());
    let output = stacker(&["check", "-"], file);
    let printed = text(&output.stdout);
    assert!(
        printed.lines().filter(|line| line.starts_with("1 |")).all(|line| line.chars().count() < 130),
        "{printed}"
    );
    assert!(printed.contains("image-invalid"), "{printed}");
}

fn many_services() -> String {
    (0..50).map(|number| format!("s{number}: {{image: \"a:1\"}}")).collect::<Vec<_>>().join(", ")
}

#[test]
fn render_resolves_anchors_and_sorts_keys() {
    let output = stacker(&["render", "-"], FINE);
    insta::assert_snapshot!(text(&output.stdout), @r#"
    {
      "services": {
        "web": {
          "image": "nginx:1.27",
          "restart": "always"
        }
      },
      "x-common": {
        "restart": "always"
      }
    }
    "#);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn render_of_a_file_with_errors_says_so_on_the_side() {
    let output = stacker(&["render", "-"], "services:\n  web:\n    image: a:1\n    image: b:1\n");
    assert!(text(&output.stderr).contains("error[duplicate-key]"));
    assert!(serde_json::from_slice::<serde_json::Value>(&output.stdout).is_ok());
    assert_eq!(output.status.code(), Some(1));
    let output = stacker(&["render", "-"], "a: [");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
}

#[test]
fn help_explains_commands_and_exit_codes() {
    let help = text(&stacker(&["--help"], "").stdout);
    assert!(help.contains("check") && help.contains("render"), "{help}");
    let help = text(&stacker(&["help", "check"], "").stdout);
    assert!(help.contains("Exit codes:") && help.contains("stacker check docker-compose.yml"), "{help}");
}

#[test]
fn an_edit_prints_the_new_text_or_writes_it() {
    let edit = r#"{"op": "set_image", "service": "web", "image": "nginx:1.28"}"#;
    let output = stacker(&["edit", "-", edit], FINE);
    assert_eq!(text(&output.stdout), FINE.replace("1.27", "1.28"));
    assert_eq!(output.status.code(), Some(0));
    let path = format!("{}/edited.yml", env!("CARGO_TARGET_TMPDIR"));
    fs::write(&path, FINE).unwrap();
    let output = stacker(&["edit", "--write", &path, &format!("[{edit}]")], "");
    assert_eq!((text(&output.stdout).as_str(), output.status.code()), ("", Some(0)));
    assert_eq!(fs::read_to_string(&path).unwrap(), FINE.replace("1.27", "1.28"));
    assert_eq!(stacker(&["edit", "-", "{}"], FINE).status.code(), Some(2));
}

#[test]
fn values_that_an_edit_sets_are_written_beside_the_file() {
    let folder = format!("{}/with-values", env!("CARGO_TARGET_TMPDIR"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).unwrap();
    let (file, env) = (format!("{folder}/compose.yml"), format!("{folder}/.env"));
    let literal = "services:\n  db:\n    image: a:1\n    environment:\n      DB_PASSWORD: pa$$word\n";
    fs::write(&file, literal).unwrap();
    fs::write(&env, "OTHER=1").unwrap();
    let edit = r#"{"op":"move_secrets"}"#;

    let printed = stacker(&["edit", &file, edit], "");
    assert_eq!(printed.status.code(), Some(2), "a value must not be lost");
    assert!(!text(&printed.stderr).contains("word"), "{}", text(&printed.stderr));
    assert_eq!(fs::read_to_string(&file).unwrap(), literal);

    let written = stacker(&["edit", "--write", &file, edit], "");
    assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
    assert_eq!(fs::read_to_string(&file).unwrap(), literal.replace("pa$$word", "${DB_PASSWORD}"));
    assert_eq!(fs::read_to_string(&env).unwrap(), "OTHER=1\nDB_PASSWORD='pa$word'\n");
}

#[test]
fn an_edit_that_can_mean_two_things_names_the_edits_to_choose_from() {
    let file =
        "services:\n  web:\n    image: a:1\n    environment:\n      CACHE: api\n  api:\n    image: b:1\n";
    let output = stacker(&["edit", "-", r#"{"op":"rename_service","service":"api","to":"backend"}"#], file);
    assert_eq!((text(&output.stdout).as_str(), output.status.code()), ("", Some(1)));
    let said = text(&output.stderr);
    assert!(
        said.starts_with("error[uncertain-references]:") && said.contains("standard input:5:14"),
        "{said}"
    );
    let choice = said.lines().skip_while(|line| *line != "Leave them:").nth(1).unwrap();
    let output = stacker(&["edit", "-", choice], file);
    assert_eq!(text(&output.stdout), file.replace("  api:", "  backend:"));
}
