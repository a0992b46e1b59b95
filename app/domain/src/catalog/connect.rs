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
    access::{Access, missing_environment},
    app::{Accept, App, Offer},
    definition::escape,
    hosts::{hosts_in, service_named},
    network::meet,
    recognise::{app_of, is_image_of},
    secret::SecretSpec,
    template::{fill, placeholders},
};
use crate::{
    compose::{Command, Condition, Service},
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

/// Two apps that have something to say to each other.
pub(super) struct Deal<'a> {
    pub(super) consumer: &'static App,
    pub(super) provider: &'static App,
    pub(super) offer: &'static Offer,
    pub(super) accept: &'static Accept,
    from: &'a Service,
    to: &'a Service,
}

/// Where the variables of the consumer lead.
enum Address {
    Nowhere,
    Here,
    Elsewhere { key: String, value: String },
    Unknown,
}

impl<'a> Deal<'a> {
    pub(super) fn between(stack: &Stack, from: &'a Service, to: &'a Service) -> Option<Self> {
        // Names of services mean nothing to one that uses the network of the host or of another container.
        if from.network_mode.is_some() || to.network_mode.is_some() {
            return None;
        }
        let (consumer, provider) = (app_of(stack, from)?, app_of(stack, to)?);
        consumer
            .accepts
            .iter()
            .filter(|accept| accept.command_mentions.as_deref().is_none_or(|word| command_has(from, word)))
            .find_map(|accept| Some((accept, provider.offer(&accept.kind)?)))
            .map(|(accept, offer)| Self { consumer, provider, offer, accept, from, to })
    }

    fn missing(&self) -> Vec<(&'static str, &'static str)> {
        missing_environment(self.provider, self.offer, self.to)
    }

    /// The app's own value of a variable, as it was added.
    pub(super) fn default_of(&self, key: &str) -> Option<&'static str> {
        let value = self.consumer.environment.get(key)?;
        placeholders(value).is_empty().then_some(value.as_str())
    }

    /// Edits that lead the consumer to the provider.
    fn environment(&self, stack: &Stack, access: &Access) -> Result<Vec<Edit>, Refusal> {
        let is_new = match self.address(stack) {
            Address::Nowhere => true,
            Address::Here => false,
            Address::Unknown => return Ok(Vec::new()),
            Address::Elsewhere { key, value } => {
                let message = format!(
                    "`{key}` of `{}` already leads to `{value}`: remove that wire or empty the variable, then connect it to `{}`",
                    self.from.name, self.to.name
                );
                let refusal = Refusal::new("connected-elsewhere", message);
                return Err(match self.from.variable(&key) {
                    Some(variable) => refusal.at(stack.text(), variable.place),
                    None => refusal,
                });
            }
        };
        let mut edits = Vec::new();
        for (key, value) in self.values(access) {
            let current = self.from.variable(key).map(|variable| variable.value.as_deref());
            let may_change = is_new || current.is_none_or(|current| self.is_replaceable(key, current));
            if may_change && current != Some(Some(value.as_str())) {
                edits.push(set(&self.from.name, key, value));
            }
        }
        let in_the_way = self.accept.replaces.iter().filter(|key| self.from.variable(key).is_some());
        edits.extend(
            in_the_way
                .map(|key| Edit::RemoveEnvironment { service: self.from.name.clone(), key: key.clone() }),
        );
        Ok(edits)
    }

    /// What a connected consumer has, as far as it is known.
    pub(super) fn values(&self, access: &Access) -> Vec<(&'static str, String)> {
        self.accept
            .environment
            .iter()
            .filter_map(|(key, template)| {
                Some((key.as_str(), fill(template, |name| access.value_of(name)).ok()?))
            })
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }

    /// As the file says it, without anything added.
    pub(super) fn access(&self) -> Access {
        Access::of(self.provider, self.offer, self.to, &[])
    }

    /// Does this variable lead to the provider?
    pub(super) fn leads_here(&self, stack: &Stack, key: &str) -> bool {
        let value = self.from.variable(key).and_then(|variable| variable.value.as_deref());
        self.is_address(key)
            && value.is_some_and(|value| hosts_in(value, true).iter().any(|host| self.is_here(stack, host)))
    }

    fn is_here(&self, stack: &Stack, host: &str) -> bool {
        service_named(stack, host).is_some_and(|service| service.name == self.to.name)
    }

    fn is_address(&self, key: &str) -> bool {
        self.accept
            .environment
            .get(key)
            .is_some_and(|template| placeholders(template).iter().any(|name| matches!(*name, "host" | "url")))
    }

    fn is_replaceable(&self, key: &str, current: Option<&str>) -> bool {
        current.is_some_and(|current| current.is_empty() || Some(current) == self.default_of(key))
    }

    fn address(&self, stack: &Stack) -> Address {
        let mut address = Address::Nowhere;
        for key in self.accept.environment.keys().filter(|key| self.is_address(key)) {
            let Some(variable) = self.from.variable(key) else { continue };
            if self.is_replaceable(key, variable.value.as_deref()) {
                continue;
            }
            let value = variable.value.as_deref().unwrap_or_default();
            let hosts = hosts_in(value, true);
            if hosts.is_empty() {
                return Address::Unknown;
            }
            if hosts.iter().any(|host| self.is_here(stack, host)) {
                address = Address::Here;
            } else if let Some(host) = hosts.iter().find(|host| self.may_exist(stack, host)) {
                return Address::Elsewhere { key: key.clone(), value: host.clone() };
            }
        }
        address
    }

    /// A host with a domain may be anywhere; a bare name is a service, or in a network that is not ours.
    fn may_exist(&self, stack: &Stack, host: &str) -> bool {
        let is_outside =
            |network: &str| stack.model().network(network).is_some_and(|network| network.external);
        service_named(stack, host).is_some()
            || host.contains('.') && host != "127.0.0.1"
            || host != "localhost"
                && self.from.networks.iter().any(|membership| is_outside(&membership.network))
    }
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

fn command_has(service: &Service, word: &str) -> bool {
    service.command.as_ref().is_some_and(|command| match &command.value {
        Command::Line(line) => line.contains(word),
        Command::Words(words) => words.iter().any(|part| part.contains(word)),
    })
}

pub(super) fn set(service: &str, key: &str, value: String) -> Edit {
    Edit::SetEnvironment { service: service.to_owned(), key: key.to_owned(), value: Some(value) }
}
