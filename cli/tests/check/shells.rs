//! What shells and `man` need.

use super::*;

#[test]
fn completions_know_the_options() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = Folder::new().stacker(&["completions", shell], "");
        assert!(ran.code == 0 && ran.out.contains("max-warnings"), "{shell}");
    }
    assert_eq!(Folder::new().stacker(&["completions", "cmd"], "").code, 2);
}

#[test]
fn man_pages_cover_every_command() {
    let ran = Folder::new().stacker(&["man"], "");
    assert_eq!(ran.code, 0);
    for title in [".TH stacker 1", ".TH stacker-check 1", ".TH stacker-edit 1", ".TH stacker-agent-run 1"] {
        assert!(ran.out.contains(title), "{title}");
    }
    let ran = Folder::new().stacker(&["man", "check"], "");
    assert!(ran.out.contains("max\\-warnings") && !ran.out.contains(".TH stacker-edit"), "{}", ran.out);
    assert_eq!(Folder::new().stacker(&["man", "nothing"], "").code, 2);
}
