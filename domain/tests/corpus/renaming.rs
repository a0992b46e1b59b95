//! Renames and removes every service of every file.

use std::collections::BTreeSet;

use domain::{
    catalog::{Wire, wires},
    check::{Severity, check},
    compose::Service,
    stack::{Edit, Stack, written_out},
};

use crate::files::compose_files;

const FRESH: &str = "stacker-new";

fn rename(from: &str, to: &str) -> Edit {
    Edit::RenameService { service: from.to_owned(), to: to.to_owned(), uncertain: None }
}

/// The wires, as if the service had the other name.
fn named(wires: Vec<Wire>, from: &str, to: &str) -> Vec<(String, String)> {
    let new = |name: String| if name == from { to.to_owned() } else { name };
    wires.into_iter().map(|wire| (new(wire.from), new(wire.to))).collect()
}

#[test]
fn a_rename_there_and_back_gives_the_same_text_and_keeps_every_wire() {
    let (mut done, mut asked, mut refused) = (0, Vec::new(), BTreeSet::new());
    for file in compose_files() {
        let stack = Stack::read(&file.text);
        for service in &stack.model().services {
            let name = &service.name;
            let there = match stack.apply(&rename(name, FRESH)) {
                Ok(there) => {
                    let back = there.apply(&rename(FRESH, name)).unwrap();
                    assert_eq!(back.text(), file.text, "{} {name}", file.name);
                    done += 1;
                    there
                }
                Err(refusal) => {
                    let Some(question) = refusal.question else {
                        refused.insert(format!("{} {name}: {}", file.name, refusal.code));
                        continue;
                    };
                    for place in &question.places {
                        let line = file.text.lines().nth(place.position.line - 1).unwrap_or_default().trim();
                        asked.push(format!("{} {name}:{} {line}", file.name, place.position.line));
                    }
                    for choice in &question.choices {
                        stack.apply_all(&choice.edits).unwrap();
                    }
                    stack.apply_all(&question.choices[0].edits).unwrap()
                }
            };
            assert_eq!(
                named(wires(&stack), name, FRESH),
                named(wires(&there), "", ""),
                "{} {name}",
                file.name
            );
            assert_eq!(written_out(&stack, &there), [], "{} {name}", file.name);
        }
    }
    println!("{done} without a question, {} uncertain places:\n{}", asked.len(), asked.join("\n"));
    println!("refused: {refused:#?}");
    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn removing_with_clean_up_takes_nothing_that_is_used() {
    let errors = |stack: &Stack| {
        let findings = check(stack).into_iter().filter(|finding| finding.severity == Severity::Error);
        findings.map(|finding| finding.message).collect::<BTreeSet<_>>()
    };
    for file in compose_files() {
        let stack = Stack::read(&file.text);
        for service in &stack.model().services {
            let remove = |clean_up| Edit::RemoveService { service: service.name.clone(), clean_up };
            let (Ok(plain), clean) = (stack.apply(&remove(false)), stack.apply(&remove(true))) else {
                continue;
            };
            let clean = clean.unwrap();
            assert!(errors(&clean).is_subset(&errors(&plain)), "{} {}", file.name, service.name);
            for other in &plain.model().services {
                let left = clean.model().service(&other.name).unwrap();
                let rest = |one: &Service| {
                    (one.image.clone().map(|image| image.value), one.volumes.len(), one.ports.len())
                };
                assert_eq!(rest(left), rest(other), "{} {}", file.name, other.name);
            }
        }
    }
}
