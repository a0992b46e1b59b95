//! Drawing a wire: the edits that let one service use another.
//!
//! Drawing a wire makes these changes, unless the file already has them:
//! 1. the provider gets the variables required to log in, and a health check;
//! 2. the consumer gets the variables that lead it to the provider;
//! 3. both services join a private network (see [`super::network`]);
//! 4. the consumer depends on the provider, with `service_healthy` if the provider has a health check.
//!
//! If one of the two is not an app of the catalogue, or the consumer accepts nothing that the provider offers, only
//! the dependency (and the provider's health check) is added.
//!
//! Of the consumer's variables, only those that are unset, empty or at their default value are set. If the address
//! already leads to the provider, only missing values are filled in. If it leads to another service or host, the wire
//! is refused and nothing is overwritten; the name of a service that no longer exists does not count. If the address
//! comes from outside the file (`${DB_HOST}`), no variable is changed.

use std::collections::BTreeMap;

use super::{
    connection::{Connection, set},
    endpoint::Endpoint,
    network::meet,
    recognise::{app_of, is_image_of},
    secret::{SecretSpec, value_names},
    taken::Taken,
    template::{fill, placeholders},
};
use crate::{
    compose::{Condition, Service},
    stack::{Edit, Refusal, SecretText, Stack},
};

/// The edits that wire a consumer to a provider. Apply either all of them or none. The list is empty if nothing needs
/// to change. `secrets` must have a value for each of [`secrets_for_connect`].
pub fn connect(
    stack: &Stack,
    from: &str,
    to: &str,
    secrets: &BTreeMap<String, String>,
) -> Result<Vec<Edit>, Refusal> {
    let (consumer, provider) = ends(stack, from, to)?;
    let mut edits = Vec::new();
    let connection = Connection::between(stack, consumer, provider);
    let mut wanted = Vec::new();
    if let Some(connection) = &connection {
        let (added, values) = rendered(stack, &connection.missing(), secrets, to)?;
        let endpoint = Endpoint::of(connection.provider, connection.offer, provider, &added);
        wanted = connection.environment(stack, &endpoint)?;
        edits.extend(values);
        edits.extend(added.into_iter().map(|(key, value)| set(to, key, value)));
    }
    let check = missing_healthcheck(stack, provider);
    let is_checked = check.is_some() || provider.healthcheck.as_ref().is_some_and(|check| !check.disabled);
    edits.extend(check);
    edits.extend(wanted);
    if let Some(connection) = &connection {
        edits.extend(meet(stack, consumer, provider, connection.offer.kind != "http"));
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

/// The secrets that must be generated before [`connect`] is called. Usually there are none.
pub fn secrets_for_connect(stack: &Stack, from: &str, to: &str) -> Vec<SecretSpec> {
    let Ok((consumer, provider)) = ends(stack, from, to) else { return Vec::new() };
    let Some(connection) = Connection::between(stack, consumer, provider) else { return Vec::new() };
    let missing = connection.missing();
    let is_used = |spec: &&SecretSpec| {
        let placeholder = format!("secret:{}", spec.name);
        missing.iter().any(|(_, template)| placeholders(template).contains(&placeholder.as_str()))
    };
    connection.provider.secrets().iter().filter(is_used).cloned().collect()
}

/// The two services, if a wire between them is possible.
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

/// Whether `service` depends on `on`, directly or through other services.
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

/// The app's health check, if the provider has none and uses exactly the image that the check was written for.
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

/// The missing variables of the provider as compose texts, and the edits that keep the values of their secrets.
fn rendered<'k>(
    stack: &Stack,
    missing: &[(&'k str, &str)],
    secrets: &BTreeMap<String, String>,
    to: &str,
) -> Result<(Vec<(&'k str, String)>, Vec<Edit>), Refusal> {
    let taken = Taken::of(stack.model()).with_variables(stack.values().names());
    let names = value_names(to, missing.iter().copied(), &taken);
    let mut rendered = Vec::new();
    for (key, template) in missing {
        let value = fill(template, |name| {
            let secret = name.strip_prefix("secret:").filter(|secret| secrets.contains_key(*secret))?;
            names.get(secret).map(|name| format!("${{{name}}}"))
        });
        let value = value.map_err(|_| {
            Refusal::new(
                "secret-missing",
                format!("`{key}` of `{to}` has to be generated first: pass a value for it"),
            )
        })?;
        rendered.push((*key, value));
    }
    let kept = names.into_iter().filter_map(|(secret, name)| {
        Some(Edit::SetValue { name, value: SecretText::new(secrets.get(secret)?) })
    });
    Ok((rendered, kept.collect()))
}
