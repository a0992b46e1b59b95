//! Drawing a wire: everything that has to be true for one service to use another, as edits.
//!
//! What a wire does, where it is not so already:
//! 1. the provider gets the variables nobody can log in without, and a health check;
//! 2. the consumer gets the variables that lead it to the provider;
//! 3. both meet in a private network (see [`super::network`]);
//! 4. the consumer depends on the provider, healthy when there is a health check.
//!
//! When one of the two is no app of the catalogue, or they have nothing to say to each other, only the dependency (and
//! the provider's health check) is left.
//!
//! Values of the consumer: unset, empty and the app's own default ones are set. When the address already leads to the
//! provider, only what is missing is filled in. When it leads to another service or host, the wire is refused and
//! nothing is overwritten; a name that nobody in the stack has any more is no such host. When it comes from outside
//! (`${DB_HOST}`), all variables stay.

use std::collections::BTreeMap;

use super::{
    access::Access,
    deal::{Deal, set},
    definition::escape,
    network::meet,
    recognise::{app_of, is_image_of},
    secret::SecretSpec,
    template::{fill, placeholders},
};
use crate::{
    compose::{Condition, Service},
    stack::{Edit, Refusal, Stack},
};

/// The edits of a wire from a consumer to a provider; apply all or none. `secrets` holds a value for each of
/// [`secrets_for_connect`]. Empty when everything is so already.
pub fn connect(
    stack: &Stack,
    from: &str,
    to: &str,
    secrets: &BTreeMap<String, String>,
) -> Result<Vec<Edit>, Refusal> {
    let (consumer, provider) = ends(stack, from, to)?;
    let mut edits = Vec::new();
    let deal = Deal::between(stack, consumer, provider);
    let mut wanted = Vec::new();
    if let Some(deal) = &deal {
        let added = rendered(&deal.missing(), secrets, to)?;
        let access = Access::of(deal.provider, deal.offer, provider, &added);
        wanted = deal.environment(stack, &access)?;
        edits.extend(added.into_iter().map(|(key, value)| set(to, key, value)));
    }
    let check = missing_healthcheck(stack, provider);
    let is_checked = check.is_some() || provider.healthcheck.as_ref().is_some_and(|check| !check.disabled);
    edits.extend(check);
    edits.extend(wanted);
    if let Some(deal) = &deal {
        edits.extend(meet(stack, consumer, provider, deal.offer.kind != "http"));
    }
    let condition = if is_checked { Condition::Healthy } else { Condition::Started };
    let is_there = consumer.depends_on(to).is_some_and(|dependency| {
        dependency.condition == condition || dependency.condition != Condition::Started
    });
    if !is_there {
        edits.push(Edit::AddDependency { service: from.to_owned(), on: to.to_owned(), condition });
    }
    Ok(edits)
}

/// What has to be generated before [`connect`]: mostly nothing.
pub fn secrets_for_connect(stack: &Stack, from: &str, to: &str) -> Vec<SecretSpec> {
    let Ok((consumer, provider)) = ends(stack, from, to) else { return Vec::new() };
    let Some(deal) = Deal::between(stack, consumer, provider) else { return Vec::new() };
    let missing = deal.missing();
    let is_used = |spec: &&SecretSpec| {
        let placeholder = format!("secret:{}", spec.name);
        missing.iter().any(|(_, template)| placeholders(template).contains(&placeholder.as_str()))
    };
    deal.provider.secrets().iter().filter(is_used).cloned().collect()
}

/// The two services, when a wire between them is possible at all.
fn ends<'a>(stack: &'a Stack, from: &str, to: &str) -> Result<(&'a Service, &'a Service), Refusal> {
    let find = |name: &str| {
        stack.model().service(name).ok_or_else(|| {
            Refusal::new("service-unknown", format!("there is no service `{name}` in this stack"))
        })
    };
    let (consumer, provider) = (find(from)?, find(to)?);
    if from == to {
        return Err(Refusal::new("self-dependency", format!("`{from}` cannot be connected to itself")));
    }
    if depends_on(stack, to, from) {
        return Err(Refusal::new(
            "dependency-cycle",
            format!(
                "`{to}` already depends on `{from}`: remove that dependency first, each would wait for the other"
            ),
        ));
    }
    Ok((consumer, provider))
}

/// Directly or through others.
fn depends_on(stack: &Stack, service: &str, on: &str) -> bool {
    let mut seen = vec![service];
    let mut next = 0;
    while let Some(name) = seen.get(next).copied() {
        next += 1;
        for dependency in stack.model().service(name).map_or(&[][..], |service| &service.depends_on) {
            if dependency.service == on {
                return true;
            }
            if !seen.contains(&dependency.service.as_str()) {
                seen.push(&dependency.service);
            }
        }
    }
    false
}

/// The app's health check, when the provider has none and holds the very image it was written for.
fn missing_healthcheck(stack: &Stack, provider: &Service) -> Option<Edit> {
    if provider.healthcheck.is_some() {
        return None;
    }
    let app = app_of(stack, provider)?;
    if !provider.image.as_ref().is_some_and(|image| is_image_of(app, &image.value)) {
        return None;
    }
    let check = &app.healthcheck;
    Some(Edit::SetHealthcheck {
        service: provider.name.clone(),
        test: check.test.clone(),
        interval: Some(check.interval.clone()),
        timeout: Some(check.timeout.clone()),
        retries: Some(check.retries),
        start_period: Some(check.start_period.clone()),
    })
}

fn rendered<'k>(
    missing: &[(&'k str, &str)],
    secrets: &BTreeMap<String, String>,
    to: &str,
) -> Result<Vec<(&'k str, String)>, Refusal> {
    missing
        .iter()
        .map(|(key, template)| {
            let value = fill(template, |name| {
                secrets.get(name.strip_prefix("secret:")?).map(|secret| escape(secret))
            });
            value.map(|value| (*key, value)).map_err(|_| {
                Refusal::new(
                    "secret-missing",
                    format!("`{key}` of `{to}` has to be generated first: pass a value for it"),
                )
            })
        })
        .collect()
}
