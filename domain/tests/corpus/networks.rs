//! Moves services of real files into a network of their own, and expects the rules to notice.

use domain::{
    catalog::{WireKind, wires},
    check::check,
    stack::{Edit, Stack},
};
use serde_json::json;

use crate::files::compose_files;

#[test]
fn a_service_that_others_name_is_missed_when_it_moves_away() {
    let (mut noticed, mut unnoticed) = (0, Vec::new());
    for file in compose_files() {
        let stack = Stack::read(&file.text);
        for wire in wires(&stack).into_iter().filter(|wire| wire.kind != WireKind::SharedNetwork) {
            let path = ["services", &wire.to, "networks"].map(str::to_owned).to_vec();
            let away = [
                Edit::SetKey { path, value: json!(["stacker-new"]) },
                Edit::AddNetwork { network: "stacker-new".into(), internal: false },
            ];
            let Ok(away) = stack.apply_all(&away) else { continue };
            let is_said = check(&away).into_iter().any(|finding| {
                finding.code == "no-shared-network" && finding.service.as_ref() == Some(&wire.from)
            });
            if is_said {
                noticed += 1;
            } else {
                unnoticed.push(format!("{} {} to {} ({:?})", file.name, wire.from, wire.to, wire.kind));
            }
        }
    }
    println!("noticed {noticed}, not noticed:\n{}", unnoticed.join("\n"));
    assert!(unnoticed.len() <= noticed / 4, "{} of {}", unnoticed.len(), noticed + unnoticed.len());
}
