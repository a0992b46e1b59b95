//! Runs the targets on the inputs in `saved/TARGET`: some that once failed, and some that reach far into the code. An input that
//! `scripts/fuzz.sh` finds is copied there from `artifacts/`.

use std::{fs, path::Path};

type Target = fn(&[u8]);

#[test]
fn saved_inputs_do_no_harm() {
    let targets: [(&str, Target); 5] = [
        ("docker_run", fuzz::docker_run::run),
        ("edits", fuzz::edits::run),
        ("import", fuzz::import::run),
        ("merge", fuzz::merge::run),
        ("project_form", fuzz::project_form::run),
    ];
    for (target, run) in targets {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("saved").join(target);
        let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "{} is empty", folder.display());
        for file in files {
            println!("{}", file.display());
            run(&fs::read(&file).unwrap());
        }
    }
}
