//! Tests of the catalogue on real stacks: adding apps, connecting them, and finding them in imported files.

mod adding;
mod apps;
mod cleaning_up;
mod connecting;
mod disconnecting;
mod importing;

use std::collections::BTreeMap;

use super::{App, SecretSpec, app, connect, secrets_for_connect};
use crate::{
    check::{Finding, Severity, check},
    stack::{Edit, Refusal, Stack},
};

fn secrets_of(app: &App) -> BTreeMap<String, String> {
    generated(app.secrets())
}

fn generated(specs: &[SecretSpec]) -> BTreeMap<String, String> {
    let value = |spec: &SecretSpec| {
        let bytes: Vec<u8> =
            (0..spec.bytes_needed()).map(|n| (n * 151 + spec.name.len() * 29) as u8).collect();
        spec.from_bytes(&bytes)
    };
    specs.iter().map(|spec| (spec.name.clone(), value(spec))).collect()
}

fn add(stack: &Stack, code: &str) -> Stack {
    let app = app(code).expect("in the catalogue");
    let edit = Edit::AddService {
        service: code.to_owned(),
        image: None,
        app: Some(code.to_owned()),
        secrets: secrets_of(app),
        at: None,
    };
    stack.apply(&edit).unwrap_or_else(|refusal| panic!("{code}: {refusal}"))
}

fn stack_of(codes: &[&str]) -> Stack {
    codes.iter().fold(Stack::default(), |stack, code| add(&stack, code))
}

/// Draws a wire with generated secrets, as the builder does.
fn try_wire(stack: &Stack, from: &str, to: &str) -> Result<Stack, Refusal> {
    let secrets = generated(&secrets_for_connect(stack, from, to));
    stack.apply_all(&connect(stack, from, to, &secrets)?)
}

fn wire(stack: &Stack, from: &str, to: &str) -> Stack {
    try_wire(stack, from, to).unwrap_or_else(|refusal| panic!("{from} to {to}: {refusal}\n{}", stack.text()))
}

fn assert_no_error(stack: &Stack) {
    // Umami needs a database, which not every test connects.
    let unconnected =
        |finding: &Finding| finding.code == "setting-required" && finding.service.as_deref() == Some("umami");
    let errors: Vec<_> = check(stack)
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error && !unconnected(finding))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{}", stack.text());
}

fn value<'a>(stack: &'a Stack, service: &str, key: &str) -> Option<&'a str> {
    stack.model().service(service)?.variable(key)?.value.as_deref()
}

fn networks<'a>(stack: &'a Stack, service: &str) -> Vec<&'a str> {
    let service = stack.model().service(service).expect("in the stack");
    service.networks.iter().map(|membership| membership.network.as_str()).collect()
}
