//! Tests effective files and the policy on real files from `../shared/corpus/compose` beside the workspace, if that
//! folder exists.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use super::Effective;
use crate::{
    compose::variables::Fallback,
    policy::{Policy, Surroundings, check},
    stack::Stack,
};

/// Gives each variable without a default a value that fits the places where variables usually occur.
fn variables(stack: &Stack) -> BTreeMap<String, String> {
    let open = stack.model().variables.iter().filter(|used| !matches!(used.fallback, Fallback::Default(_)));
    let value = |at: usize, name: &str| {
        // The variable is the whole source of a mount, so its value must be a folder.
        let is_folder = stack.text().contains(&format!("- ${{{name}}}:/"))
            || stack.text().contains(&format!("- ${name}:/"));
        if is_folder { format!("/p/{at}") } else { (20_000 + at).to_string() }
    };
    open.enumerate().map(|(at, used)| (used.name.clone(), value(at, &used.name))).collect()
}

#[test]
fn real_files_can_be_deployed_and_say_the_same_afterwards() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus/compose");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: there is no corpus in ../shared/corpus/compose");
        return;
    };
    let (mut failed, mut rules, mut files) = (Vec::new(), BTreeMap::<String, usize>::new(), 0);
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        // Compose rejects it: `backrest/data` is the name of a volume that it does not declare.
        if path.ends_with("dokploy--backrest.yml") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let stack = Stack::read(&text);
        files += 1;
        let effective = match Effective::of(&stack, &variables(&stack), "/p") {
            Ok(effective) => effective,
            Err(problems) => {
                failed.push(format!("{}: {problems:?}", path.display()));
                continue;
            }
        };
        let names =
            |stack: &Stack| stack.model().services.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
        assert_eq!(
            names(&stack),
            effective.model().services.iter().map(|one| one.name.clone()).collect::<Vec<_>>()
        );
        assert!(effective.model().variables.is_empty(), "{}: a variable is left", path.display());
        let around = Surroundings {
            stack: "p",
            volumes: &BTreeMap::new(),
            project: "/p",
            agent: "/agent",
            sockets: &[],
            real_path: &|path| Some(path.to_owned()),
        };
        let refused = check(&Policy::default(), &effective, &around);
        for rule in refused.into_iter().map(|refused| refused.rule).collect::<BTreeSet<_>>() {
            *rules.entry(rule).or_default() += 1;
        }
    }
    println!("{files} files; refused by default, by rule: {rules:#?}");
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
