//! `.stacker.yaml` and what the command line says instead.

use super::*;

#[test]
fn the_nearest_settings_count_up_to_the_root_of_the_repository() {
    let folder = Folder::with(&[
        (".stacker.yaml", "rules: {image-unpinned: error}\n"),
        ("a/compose.yaml", UNPINNED),
        ("b/.stacker.yaml", "rules: {image-unpinned: off}\n"),
        ("b/c/compose.yaml", UNPINNED),
        ("other/.git/HEAD", ""),
        ("other/compose.yaml", UNPINNED),
    ]);
    let ran = folder.check(&["--format", "json", "a", "b", "other"]);
    let json = ran.json();
    let severity = |at: usize| json["files"][at]["findings"][0]["severity"].as_str().map(str::to_owned);
    assert_eq!([severity(0), severity(1), severity(2)], [Some("error".into()), None, Some("warning".into())]);
    assert_eq!((json["suppressed"].as_u64(), ran.code), (Some(1), 1));
}

#[test]
fn the_command_line_has_the_last_word() {
    let folder = Folder::with(&[
        ("compose.yaml", UNPINNED),
        (".stacker.yaml", "rules: {image-unpinned: error}\n"),
        ("lax.yaml", "rules:\n  image-unpinned: hint\n"),
    ]);
    assert_eq!(folder.check(&["compose.yaml"]).code, 1);
    assert!(folder.check(&["--config", "lax.yaml", "compose.yaml"]).out.contains("hint[image-unpinned]"));
    let ran = folder.check(&["--rule", "image-unpinned=off", "--show-suppressed", "compose.yaml"]);
    assert!(
        ran.out.contains("suppressed[image-unpinned]") && ran.out.contains("by: the settings"),
        "{}",
        ran.out
    );
    assert!(ran.out.ends_with("compose.yaml: no problems found (1 suppressed)\n"), "{}", ran.out);
    let ran =
        folder.check(&["--config", "lax.yaml", "--profile", "security", "--format", "json", "compose.yaml"]);
    assert_eq!(ran.code, 0, "{}", ran.out);
}

#[test]
fn settings_that_are_wrong_end_with_two() {
    let folder = Folder::with(&[("compose.yaml", FINE)]);
    for (text, said) in [
        ("rules: {image-unpined: off}\n", ".stacker.yaml: image-unpined: there is no rule"),
        ("rules: {not-yaml: off}\n", ".stacker.yaml: not-yaml: it can't be changed"),
        ("profile: quiet\n", "unknown variant `quiet`"),
        ("profil: strict\n", "unknown field `profil`"),
        ("rules: [", "line 1"),
        ("- a\n", "invalid"),
        ("a: &a [*a]\n", "line 1"),
    ] {
        folder.write(".stacker.yaml", text);
        let ran = folder.check(&["compose.yaml"]);
        assert!(
            ran.code == 2 && ran.err.contains(said) && ran.err.contains(".stacker.yaml"),
            "{text}: {}",
            ran.err
        );
    }
    fs::remove_file(folder.path.join(".stacker.yaml")).unwrap();
    fs::create_dir(folder.path.join(".stacker.yaml")).unwrap();
    assert_eq!(folder.check(&["compose.yaml"]).code, 2);
    for (option, value, said) in [
        ("--config", "gone.yaml", "cannot read gone.yaml"),
        ("--rule", "image-unpined=off", "--rule: image-unpined: there is no rule"),
        ("--rule", "image-unpinned=loud", "`loud` is no level"),
        ("--rule", "image-unpinned", "CODE=LEVEL"),
        ("--profile", "quiet", "recommended"),
    ] {
        let ran = folder.check(&[option, value, "compose.yaml"]);
        assert!(ran.code == 2 && ran.err.contains(said), "{option} {value}: {}", ran.err);
    }
}

#[test]
fn warnings_can_be_too_many() {
    let folder = Folder::with(&[("compose.yaml", UNPINNED)]);
    let code = |most: &str| folder.check(&["--max-warnings", most, "compose.yaml"]).code;
    assert_eq!([code("0"), code("1"), code("many")], [1, 0, 2]);
}

#[test]
fn comments_are_counted_and_listed_with_their_reason() {
    let folder = Folder::with(&[(
        "compose.yaml",
        "services:\n  web:\n    image: nginx # stacker: ignore image-unpinned: tested daily\n",
    )]);
    assert_eq!(folder.check(&["compose.yaml"]).out, "compose.yaml: no problems found (1 suppressed)\n");
    let ran = folder.check(&["--show-suppressed", "compose.yaml"]);
    assert!(ran.out.contains("by: a comment in line 3: tested daily"), "{}", ran.out);
    assert_eq!(
        folder.check(&["--format", "json", "compose.yaml"]).json()["suppressed"][0]["reason"],
        "tested daily"
    );
}
