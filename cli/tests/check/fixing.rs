//! `--fix` and `--diff`.

use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;

#[test]
fn fixes_change_only_their_lines() {
    let folder = Folder::with(&[("compose.yaml", CONFLICT)]);
    let path = folder.path.join("compose.yaml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let ran = folder.check(&["--fix", "compose.yaml"]);
    let mut lines: Vec<&str> = CONFLICT.lines().collect();
    lines[8] = "      - \"8081:80\"";
    assert_eq!(folder.read("compose.yaml"), lines.join("\n") + "\n");
    assert_eq!((ran.code, ran.out.as_str()), (0, "compose.yaml: no problems found\n"));
    assert_eq!(ran.err, "stacker: made 1 fix in 1 file\n");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    let left: Vec<_> = fs::read_dir(&folder.path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    let again = folder.check(&["--fix", "compose.yaml"]);
    assert_eq!((again.code, again.err.as_str()), (0, ""));
}

#[test]
fn a_difference_is_printed_and_nothing_written() {
    let folder = Folder::with(&[("compose.yaml", CONFLICT)]);
    for arguments in [&["--diff", "compose.yaml"][..], &["--fix", "--diff", "compose.yaml"]] {
        let ran = folder.check(arguments);
        assert!(ran.out.starts_with("--- compose.yaml\n+++ compose.yaml\n@@ "), "{}", ran.out);
        assert!(ran.out.contains("\n-      - \"8080:80\"\n+      - \"8081:80\"\n"), "{}", ran.out);
        assert_eq!((ran.code, folder.read("compose.yaml").as_str()), (1, CONFLICT));
    }
    folder.write("compose.yaml", FINE);
    let ran = folder.check(&["--diff", "compose.yaml"]);
    assert_eq!((ran.out.as_str(), ran.code), ("", 0));
    let ran = folder.stacker(&["check", "--diff", "-"], CONFLICT);
    assert!(ran.out.starts_with("--- standard input\n"), "{}", ran.out);
    assert_eq!(folder.stacker(&["check", "--fix", "-"], CONFLICT).code, 2);
}

#[test]
fn every_fix_is_made_until_nothing_changes() {
    let services = (0..20).map(|n| format!("  s{n}:\n    image: a:1\n    ports: [\"80:80\"]\n    depends_on: [gone, s{n}]\n    networks: [n{n}]\n"));
    let folder = Folder::with(&[("compose.yaml", &format!("services:\n{}", services.collect::<String>()))]);
    let ran = folder.check(&["--fix", "--format", "json", "compose.yaml"]);
    assert_eq!((ran.codes(), ran.code), (Vec::new(), 0), "{}", folder.read("compose.yaml"));
}

#[test]
fn what_is_switched_off_is_not_fixed() {
    let folder = Folder::with(&[(
        "compose.yaml",
        &CONFLICT.replace("the shop", "stacker: ignore host-port-conflict"),
    )]);
    folder.write(".stacker.yaml", "rules: {host-port-conflict: off}\n");
    let before = folder.read("compose.yaml");
    folder.check(&["--fix", "compose.yaml"]);
    assert_eq!(folder.read("compose.yaml"), before);
}

#[test]
fn secrets_move_to_the_file_beside_it() {
    let literal = "services:\n  db:\n    image: a:1\n    environment:\n      DB_PASSWORD: pa$$word\n";
    let folder = Folder::with(&[("compose.yaml", literal), (".env", "OTHER=1")]);
    let ran = folder.check(&["--diff", "compose.yaml"]);
    assert!(ran.err.contains(".env: DB_PASSWORD"), "{}", ran.err);
    assert_eq!(folder.read(".env"), "OTHER=1");
    let ran = folder.check(&["--fix", "compose.yaml"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(folder.read("compose.yaml"), literal.replace("pa$$word", "${DB_PASSWORD}"));
    assert_eq!(folder.read(".env"), "OTHER=1\nDB_PASSWORD='pa$word'\n");
}

#[test]
fn links_are_followed_only_within_their_folder() {
    let folder = Folder::with(&[("real/compose.yaml", CONFLICT), ("link/x", ""), ("compose.yaml", CONFLICT)]);
    symlink("../real/compose.yaml", folder.path.join("link/compose.yaml")).unwrap();
    let ran = folder.check(&["--fix", "link/compose.yaml"]);
    assert!(ran.code == 2 && ran.err.contains("is a link to"), "{}", ran.err);
    assert_eq!(folder.read("real/compose.yaml"), CONFLICT);
    symlink("compose.yaml", folder.path.join("docker-compose.yml")).unwrap();
    assert_eq!(folder.check(&["--fix", "docker-compose.yml"]).code, 0);
    assert!(fs::symlink_metadata(folder.path.join("docker-compose.yml")).unwrap().is_symlink());
    assert_ne!(folder.read("compose.yaml"), CONFLICT);
}

#[test]
fn values_are_not_written_through_a_link_to_elsewhere() {
    let literal = "services:\n  db:\n    image: a:1\n    environment:\n      DB_PASSWORD: secret\n";
    let folder = Folder::with(&[("app/compose.yaml", literal), ("elsewhere", "")]);
    symlink("../elsewhere", folder.path.join("app/.env")).unwrap();
    assert_eq!(folder.check(&["--fix", "app/compose.yaml"]).code, 2);
    assert_eq!((folder.read("elsewhere").as_str(), folder.read("app/compose.yaml").as_str()), ("", literal));
}
