//! Prints the compose file that adding an app of the catalogue writes, with example secrets:
//! `cargo run -p domain --example app_stack -- domain/src/catalog/apps/ghost.json`
//!
//! If the app does not start alone, it is connected to the first app that it accepts. `scripts/try-apps.sh` starts the
//! result.

use std::{collections::BTreeMap, env, error::Error, fs};

use domain::{
    catalog::{self, App, SecretSpec, Taken, connect, secrets_for_connect, service_definition},
    check::{Severity, check},
    stack::{Edit, Stack},
};

fn main() -> Result<(), Box<dyn Error>> {
    let file = env::args().nth(1).ok_or("name the data file of an app")?;
    let app: App = serde_json::from_str(&fs::read_to_string(file)?)?;
    let mut stack = add(&Stack::default(), &app)?;
    let starts_alone = check(&stack).iter().all(|finding| finding.severity != Severity::Error);
    if let (false, Some(accept)) = (starts_alone, app.accepts.first()) {
        let offers = |other: &&App| other.offers.iter().any(|offer| offer.kind == accept.kind);
        let provider = catalog::apps().iter().find(offers).ok_or("no app offers what this one needs")?;
        stack = add(&stack, provider)?;
        let secrets = examples(&secrets_for_connect(&stack, &app.code, &provider.code));
        stack = stack.apply_all(&connect(&stack, &app.code, &provider.code, &secrets)?)?;
    }
    print!("{}", stack.text());
    Ok(())
}

/// Adds the app as its data file describes it, which may differ from the catalogue that was compiled.
fn add(stack: &Stack, app: &App) -> Result<Stack, Box<dyn Error>> {
    let definition = service_definition(app, &app.code, &examples(app.secrets()), &Taken::of(stack.model()))?;
    let path = |kind: &str, name: &str| vec![kind.to_owned(), name.to_owned()];
    let mut edits = vec![Edit::SetKey { path: path("services", &app.code), value: definition.service }];
    for volume in definition.volumes {
        edits.push(Edit::SetKey { path: path("volumes", &volume), value: serde_json::Value::Null });
    }
    Ok(stack.apply_all(&edits)?)
}

/// Secrets for one try: nobody keeps what they protect.
fn examples(specs: &[SecretSpec]) -> BTreeMap<String, String> {
    let value = |spec: &SecretSpec| {
        let bytes: Vec<u8> =
            (0..spec.bytes_needed()).map(|n| u8::try_from(n * 31 % 251).unwrap_or(7)).collect();
        spec.from_bytes(&bytes)
    };
    specs.iter().map(|spec| (spec.name.clone(), value(spec))).collect()
}
