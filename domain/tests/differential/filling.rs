//! Files whose variables were replaced: without any value beside them, Compose reads what it read with the values.

use std::collections::BTreeMap;

use domain::{
    install::{filled, what_a_cloud_cannot_carry},
    stack::Stack,
};

use serde_json::Value;

use crate::{
    files,
    opinion::difference,
    program::{Answer, Program},
};

/// Values that are easily misread, one after the other. Ports and paths need values of their own.
const WORDS: [&str; 10] = [
    "plain",
    "yes",
    "a: b # c",
    "p$a$$b${c}",
    "0123",
    "say \"it's\"",
    "two\nlines",
    " spaces ",
    "{x}, [y]",
    "*&!|>%@`",
];

fn values(stack: &Stack, words: &[&str]) -> BTreeMap<String, String> {
    let value = |at: usize, name: &str| match name {
        name if name.contains("PORT") => (20_000 + at).to_string(),
        name if ["PATH", "DIR", "VOLUME", "LOCATION"].iter().any(|word| name.contains(word)) => {
            format!("/p/{at}")
        }
        _ => words[at % words.len()].to_owned(),
    };
    let names = stack.model().variable_names();
    names.into_iter().enumerate().map(|(at, name)| (name.clone(), value(at, &name))).collect()
}

/// An `environment` that a service takes from an extension gets its values where it is written, in the extension.
fn without_extensions(mut document: Value) -> Value {
    if let Some(top) = document.as_object_mut() {
        top.retain(|key, _| !key.starts_with("x-"));
    }
    document
}

#[test]
fn a_filled_file_says_to_compose_what_the_file_said_with_its_values() {
    let Some(program) = Program::find() else { return };
    let (mut compared, mut wrong) = (0, Vec::new());
    for file in files::corpus().into_iter().chain(files::cases()) {
        let stack = Stack::read(&file.text);
        // A secret from the environment cannot be sent. It is refused before.
        let is_sent = what_a_cloud_cannot_carry(&stack).iter().all(|one| !one.code.ends_with("-environment"));
        let names = stack.model().variable_names();
        // Compose takes its own name of the project from this variable, which is not part of the file.
        if names.is_empty() || names.contains("COMPOSE_PROJECT_NAME") || !is_sent {
            continue;
        }
        // If Compose does not accept the misleading values, it may accept simple ones.
        for words in [&WORDS[..], &["word"], &["64"]] {
            let values = values(&stack, words);
            let variables: Vec<_> = values.clone().into_iter().collect();
            let Answer::Accepted(meant) = program.config(&file.text, &variables, &[]) else { continue };
            compared += 1;
            let sent = match filled(&stack, &values) {
                Ok(sent) => sent,
                Err(missing) => {
                    wrong.push(format!("{}: {missing:?}", file.name));
                    break;
                }
            };
            match program.config(&sent, &[], &[]) {
                Answer::Accepted(read) => {
                    let (meant, read) = (without_extensions(meant), without_extensions(read));
                    if read != meant {
                        wrong.push(format!("{}: {}", file.name, difference(&meant, &read, String::new())));
                    }
                }
                Answer::Rejected(reason) => wrong.push(format!("{}: {reason}", file.name)),
            }
            break;
        }
    }
    println!("{compared} files with variables");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
