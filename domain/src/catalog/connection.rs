//! A possible connection of two apps: which variables of the consumer lead to the provider, and their values.
//! [`super::connect`] describes which values may be changed.

use super::{
    app::{Accept, App, Offer},
    endpoint::{Endpoint, missing_environment},
    recognise::app_of,
    template::{fill, placeholders},
};
use crate::{
    compose::{
        Command, Service,
        hosts::{Expect, service_named, sure_in_value},
    },
    stack::{Edit, Refusal, Stack},
};

/// Two services of the catalogue, one of which can use the other.
pub(super) struct Connection<'a> {
    pub(super) consumer: &'static App,
    pub(super) provider: &'static App,
    pub(super) offer: &'static Offer,
    pub(super) accept: &'static Accept,
    from: &'a Service,
    to: &'a Service,
}

/// Where the consumer's variables lead.
enum Address {
    Nowhere,
    Here,
    Elsewhere { key: String, value: String },
    Unknown,
}

impl<'a> Connection<'a> {
    pub(super) fn between(stack: &Stack, from: &'a Service, to: &'a Service) -> Option<Self> {
        // A service in the network of the host or of another container cannot resolve service names.
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

    /// Variables that the provider lacks, see [`missing_environment`].
    pub(super) fn missing(&self) -> Vec<(&'static str, &'static str)> {
        missing_environment(self.provider, self.offer, self.to)
    }

    /// The default value of a variable, as adding the app writes it.
    pub(super) fn default_of(&self, key: &str) -> Option<&'static str> {
        let value = self.consumer.environment.get(key)?;
        placeholders(value).is_empty().then_some(value.as_str())
    }

    /// The edits that make the consumer's variables lead to the provider.
    pub(super) fn environment(&self, stack: &Stack, endpoint: &Endpoint) -> Result<Vec<Edit>, Refusal> {
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
        for (key, value) in self.values(endpoint) {
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

    /// The variables of a connected consumer, if their values are known.
    pub(super) fn values(&self, endpoint: &Endpoint) -> Vec<(&'static str, String)> {
        self.accept
            .environment
            .iter()
            .filter_map(|(key, template)| {
                Some((key.as_str(), fill(template, |name| endpoint.value_of(name)).ok()?))
            })
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }

    /// The endpoint as the file describes it, without the variables that are still missing.
    pub(super) fn endpoint(&self) -> Endpoint {
        Endpoint::of(self.provider, self.offer, self.to, &[])
    }

    /// Whether this variable leads to the provider.
    pub(super) fn leads_here(&self, stack: &Stack, key: &str) -> bool {
        let value = self.from.variable(key).and_then(|variable| variable.value.as_deref());
        self.is_address(key)
            && value.is_some_and(|value| hosts_in(value).iter().any(|host| self.is_here(stack, host)))
    }

    fn is_here(&self, stack: &Stack, host: &str) -> bool {
        service_named(stack.model(), host).is_some_and(|service| service.name == self.to.name)
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
            let hosts = hosts_in(value);
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

    /// Whether the host may exist. A host with a domain may be anywhere; a bare name is a service, or a host in a
    /// network outside the stack.
    fn may_exist(&self, stack: &Stack, host: &str) -> bool {
        let is_outside =
            |network: &str| stack.model().network(network).is_some_and(|network| network.external);
        service_named(stack.model(), host).is_some()
            || host.contains('.') && host != "127.0.0.1"
            || host != "localhost"
                && self.from.networks.iter().any(|membership| is_outside(&membership.network))
    }
}

/// The hosts in a variable that contains an address.
fn hosts_in(value: &str) -> Vec<String> {
    sure_in_value(value, Expect::Host).into_iter().map(|host| host.name).collect()
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
