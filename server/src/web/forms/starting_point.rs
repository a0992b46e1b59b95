//! A stack of catalogue apps in which the first is connected to the others.

use std::collections::BTreeMap;

use domain::{
    catalog::{self, SecretSpec},
    stack::{Edit, Point, Refusal, Stack},
};
use stacker::context::Random;

/// The limit on the number of apps; every starting point has fewer.
const MOST: usize = 8;
/// Canvas units between two nodes; a multiple of the grid.
const APART: i32 = 320;

pub fn stack(apps: &[String], random: &dyn Random) -> Result<Stack, Refusal> {
    if apps.len() > MOST {
        return Err(Refusal::new("too-many-apps", format!("start with up to {MOST} apps")));
    }
    let mut stack = Stack::default();
    for (app, x) in apps.iter().zip((0..).step_by(APART as usize)) {
        let known = catalog::app(app)
            .ok_or_else(|| Refusal::new("unknown-app", format!("the catalogue has no app `{app}`")))?;
        stack = stack.apply(&Edit::AddService {
            service: app.clone(),
            image: None,
            app: Some(app.clone()),
            secrets: secrets(known.secrets(), random),
            at: Some(Point { x, y: 0 }),
        })?;
    }
    let [first, others @ ..] = apps else { return Ok(stack) };
    for other in others {
        let made = secrets(&catalog::secrets_for_connect(&stack, first, other), random);
        let wire = catalog::connect(&stack, first, other, &made)?;
        stack = stack.apply_all(&wire)?;
    }
    Ok(stack)
}

fn secrets(specs: &[SecretSpec], random: &dyn Random) -> BTreeMap<String, String> {
    let made = |spec: &SecretSpec| {
        let mut bytes = vec![0; spec.bytes_needed()];
        random.fill(&mut bytes);
        (spec.name.clone(), spec.from_bytes(&bytes))
    };
    specs.iter().map(made).collect()
}
