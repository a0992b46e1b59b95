//! Two apps that have something to say to each other: which variables of the consumer lead to the provider, and what they
//! are set to. Which values may be changed is told in [`super::connect`].

use super::{
    access::{Access, missing_environment},
    app::{Accept, App, Offer},
    hosts::{hosts_in, service_named},
    recognise::app_of,
    template::{fill, placeholders},
};
use crate::{
    compose::{Command, Service},
    stack::{Edit, Refusal, Stack},
};

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

    /// What the provider lacks, see [`missing_environment`].
    pub(super) fn missing(&self) -> Vec<(&'static str, &'static str)> {
        missing_environment(self.provider, self.offer, self.to)
    }

    /// The app's own value of a variable, as it was added.
    pub(super) fn default_of(&self, key: &str) -> Option<&'static str> {
        let value = self.consumer.environment.get(key)?;
        placeholders(value).is_empty().then_some(value.as_str())
    }

    /// Edits that lead the consumer to the provider.
    pub(super) fn environment(&self, stack: &Stack, access: &Access) -> Result<Vec<Edit>, Refusal> {
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

fn command_has(service: &Service, word: &str) -> bool {
    service.command.as_ref().is_some_and(|command| match &command.value {
        Command::Line(line) => line.contains(word),
        Command::Words(words) => words.iter().any(|part| part.contains(word)),
    })
}

pub(super) fn set(service: &str, key: &str, value: String) -> Edit {
    Edit::SetEnvironment { service: service.to_owned(), key: key.to_owned(), value: Some(value) }
}
