//! Edits one service in one tab and another service in another tab, in every file. The merge must be what both edits make
//! of the file, byte for byte.

use domain::stack::{Edit, Stack, merge::merge};

use crate::{edits::cases, files::compose_files};

/// Edits that change nothing but their service.
const LOCAL: [&str; 8] = [
    "set_image",
    "set_environment, new",
    "add_port",
    "add_volume, path",
    "set_healthcheck",
    "set_restart",
    "set_command",
    "set_key, new",
];

#[test]
fn edits_of_two_services_are_merged_into_what_both_make_of_the_file() {
    let (mut merged, mut refused) = (0, Vec::new());
    for file in compose_files() {
        let base = Stack::read(&file.text);
        let (Some(first), Some(last)) = (base.model().services.first(), base.model().services.last()) else {
            continue;
        };
        if first.name == last.name {
            continue;
        }
        let local = |service| -> Vec<(Edit, Stack)> {
            let edits = cases(&base, service).into_iter().filter(|case| LOCAL.contains(&case.kind));
            edits.filter_map(|case| Some((case.edit.clone(), base.apply(&case.edit).ok()?))).collect()
        };
        let (mine, theirs) = (local(first), local(last));
        for (index, (_, mine)) in mine.iter().enumerate() {
            let (edit, theirs) = &theirs[(index + 3) % theirs.len()];
            let Ok(both) = mine.apply(edit) else { continue };
            match merge(&base, mine, theirs) {
                Ok(result) => {
                    merged += 1;
                    assert_eq!(result.text(), both.text(), "{} {edit:?}", file.name);
                }
                Err(conflicts) => refused.push(format!("{} {edit:?}: {conflicts:?}", file.name)),
            }
            let back = merge(&base, theirs, mine).map(|stack| stack.text().to_owned());
            assert_eq!(back.is_ok(), merge(&base, mine, theirs).is_ok(), "{}", file.name);
            assert_eq!(merge(&base, &base, theirs).unwrap().text(), theirs.text(), "{}", file.name);
            assert_eq!(merge(&base, mine, &base).unwrap().text(), mine.text(), "{}", file.name);
        }
    }
    println!("{merged} merged, {} refused:\n{}", refused.len(), refused.join("\n"));
    assert!(refused.len() * 50 <= merged, "more than 2 % refused");
}

#[test]
fn services_added_on_both_sides_are_both_there() {
    let add = |service: &str| Edit::AddService {
        service: service.to_owned(),
        image: Some("nginx:1.27".to_owned()),
        app: None,
        secrets: Default::default(),
        at: None,
    };
    let (mut merged, mut refused) = (0, Vec::new());
    for file in compose_files() {
        let base = Stack::read(&file.text);
        let (Ok(mine), Ok(theirs)) = (base.apply(&add("stacker-one")), base.apply(&add("stacker-two")))
        else {
            continue;
        };
        match merge(&base, &mine, &theirs) {
            Ok(result) => {
                merged += 1;
                assert_eq!(result.text(), mine.apply(&add("stacker-two")).unwrap().text(), "{}", file.name);
            }
            Err(conflicts) => refused.push(format!("{}: {conflicts:?}", file.name)),
        }
    }
    println!("{merged} merged, {} refused:\n{}", refused.len(), refused.join("\n"));
    assert!(refused.len() * 50 <= merged, "more than 2 % refused");
}
