//! One `docker run` command as a service: collects its flags, then writes the edits.

use serde_json::{Map, Value, json};

use super::{
    flags::{self, Flag, KeyPath, Meaning, Target},
    refusal,
};
use crate::{compose::ImageReference, stack::Refusal};

/// A service as a `docker run` command describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DockerRun {
    pub image: String,
    /// What was left out and why, in sentences.
    pub notes: Vec<String>,
    pub(super) name: Option<String>,
    /// The keys of the service, besides image and networks.
    pub(super) keys: Map<String, Value>,
    pub(super) networks: Vec<Network>,
    pub(super) aliases: Vec<Value>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Network {
    pub(super) name: String,
    /// Keys of the membership: aliases, addresses.
    pub(super) keys: Map<String, Value>,
}

impl DockerRun {
    /// `words` are those after `docker run`.
    pub(super) fn of(words: &[String]) -> Result<Self, Refusal> {
        let mut run = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().cloned();
            if word == "--" {
                run.image = value().unwrap_or_default();
                break;
            } else if let Some(long) = word.strip_prefix("--") {
                run.long(long, value)?;
            } else if let Some(bundle) = word.strip_prefix('-').filter(|bundle| !bundle.is_empty()) {
                run.bundle(bundle, value)?;
            } else {
                run.image = word.clone();
                break;
            }
        }
        if run.image.is_empty() {
            return Err(refusal("This `docker run` command names no image."));
        }
        let command: Vec<Value> = words.map(|word| Value::from(word.as_str())).collect();
        if !command.is_empty() {
            run.keys.insert("command".to_owned(), command.into());
        }
        Ok(run)
    }

    /// `--name=web`, `--name web`, `--init`.
    fn long(&mut self, text: &str, next: impl FnOnce() -> Option<String>) -> Result<(), Refusal> {
        let (name, given) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (text, None),
        };
        match flags::long(name) {
            None => {
                let doubt = if given.is_some() {
                    ""
                } else {
                    " If it takes a value, check the image and the command."
                };
                self.notes.push(format!("`--{name}` is not known here and was left out.{doubt}"));
                Ok(())
            }
            Some(flag) if flag.target.takes_value() => {
                let value = given.or_else(next).ok_or_else(|| no_value(flag.long))?;
                self.take(flag, &value);
                Ok(())
            }
            // A switch takes a value only after `=`.
            Some(flag) => {
                if given.as_deref() != Some("false") {
                    self.take(flag, "");
                }
                Ok(())
            }
        }
    }

    /// `-it`, `-p 80:80`, `-p80:80`, `-dp 80:80`.
    fn bundle(&mut self, text: &str, next: impl FnOnce() -> Option<String>) -> Result<(), Refusal> {
        for (at, name) in text.char_indices() {
            let rest = &text[at + name.len_utf8()..];
            match flags::short(name) {
                None => {
                    self.notes.push(format!("`-{name}` is not known here and was left out."));
                    return Ok(());
                }
                Some(flag) if flag.target.takes_value() => {
                    let given = rest.strip_prefix('=').unwrap_or(rest);
                    let value = if given.is_empty() { next() } else { Some(given.to_owned()) };
                    self.take(flag, &value.ok_or_else(|| no_value(flag.long))?);
                    return Ok(());
                }
                Some(flag) => self.take(flag, ""),
            }
        }
        Ok(())
    }

    fn take(&mut self, flag: &Flag, value: &str) {
        match flag.target {
            Target::Value(path) => self.set(path, scalar(flag.long, value)),
            Target::List(path) => self.push(path, value.into()),
            Target::True(path) => self.set(path, true.into()),
            Target::Pairs(path) => match value.split_once('=') {
                Some((key, value)) => self.set_below(path, key, value.into()),
                // Without `=`, the value of a variable comes from outside.
                None => self.set_below(path, value, Value::Null),
            },
            Target::Special(meaning) => self.special(meaning, value),
            Target::LeftOut("") => {}
            Target::LeftOut(why) | Target::LeftOutValue(why) => {
                self.notes.push(format!("`--{}` was left out: {why}.", flag.long));
            }
        }
    }

    fn special(&mut self, meaning: Meaning, value: &str) {
        match meaning {
            Meaning::Name => self.name = Some(value.to_owned()),
            Meaning::Network => self.network(value),
            Meaning::NetworkAlias => self.aliases.push(value.into()),
            Meaning::Address(key) => match self.networks.last_mut() {
                Some(network) => drop(network.keys.insert(key.to_owned(), value.into())),
                None => self
                    .notes
                    .push(format!("The address {value} was left out: it needs a `--network` before it.")),
            },
            Meaning::Volume => self.push(&["volumes"], from_here(value).into()),
            Meaning::Mount => self.mount(value),
            // An empty entrypoint takes that of the image away.
            Meaning::Entrypoint if value.is_empty() => self.set(&["entrypoint"], "".into()),
            Meaning::Entrypoint => self.set(&["entrypoint"], json!([value])),
            Meaning::HealthCommand => self.set(&["healthcheck", "test"], json!(["CMD-SHELL", value])),
            Meaning::StopTimeout => self.set(&["stop_grace_period"], format!("{value}s").into()),
            Meaning::Ulimit => self.ulimit(value),
            Meaning::Gpus if value == "all" => self.set(&["gpus"], "all".into()),
            Meaning::Gpus => self.notes.push(format!(
                "`--gpus {value}` was left out: reserve devices in the compose file, under `deploy`."
            )),
        }
    }

    /// `front`, `host`, `container:web`, `name=front,alias=web`.
    fn network(&mut self, value: &str) {
        match value {
            "default" | "bridge" => {}
            "host" | "none" => self.set(&["network_mode"], value.into()),
            other if other.starts_with("container:") => self.set(&["network_mode"], other.into()),
            other if !other.contains('=') => {
                self.networks.push(Network { name: other.to_owned(), keys: Map::new() });
            }
            options => {
                let mut network = Network::default();
                for (key, value) in options.split(',').filter_map(|option| option.split_once('=')) {
                    match key {
                        "name" => value.clone_into(&mut network.name),
                        "alias" => push(&mut network.keys, "aliases", value.into()),
                        "ip" => drop(network.keys.insert("ipv4_address".to_owned(), value.into())),
                        "ip6" => drop(network.keys.insert("ipv6_address".to_owned(), value.into())),
                        other => self.notes.push(format!("`{other}` of `--network` was left out.")),
                    }
                }
                if !network.name.is_empty() {
                    self.networks.push(network);
                }
            }
        }
    }

    /// `type=bind,source=/srv,target=/data,readonly`.
    fn mount(&mut self, text: &str) {
        let mut mount = Map::new();
        mount.insert("type".to_owned(), "volume".into());
        for option in text.split(',').filter(|option| !option.is_empty()) {
            let (key, value) = option.split_once('=').unwrap_or((option, "true"));
            let (key, value): (&str, Value) = match key {
                "type" => ("type", value.into()),
                "source" | "src" => ("source", from_here(value).into()),
                "target" | "destination" | "dst" => ("target", value.into()),
                "readonly" | "ro" => ("read_only", (value != "false" && value != "0").into()),
                other => {
                    self.notes.push(format!("`{other}` of `--mount` was left out."));
                    continue;
                }
            };
            mount.insert(key.to_owned(), value);
        }
        if mount.contains_key("target") {
            self.push(&["volumes"], Value::Object(mount));
        } else {
            self.notes.push(format!("`--mount {text}` was left out: it names no target."));
        }
    }

    /// `nofile=1024:2048` or `nproc=512`.
    fn ulimit(&mut self, text: &str) {
        let Some((name, limits)) = text.split_once('=') else {
            self.notes.push(format!("`--ulimit {text}` was left out: it has no value."));
            return;
        };
        let value = match limits.split_once(':') {
            Some((soft, hard)) => json!({"soft": number(soft), "hard": number(hard)}),
            None => number(limits),
        };
        self.set_below(&["ulimits"], name, value);
    }

    /// The service name that the command suggests: that of `--name`, otherwise that of the image.
    pub fn suggested_name(&self) -> String {
        let wish =
            self.name.clone().unwrap_or_else(|| ImageReference::read(&self.image).short_name().to_owned());
        let allowed = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let name: String = wish.chars().filter(allowed).take(60).collect();
        if name.is_empty() { "service".to_owned() } else { name }
    }

    /// The keys that the service will have, in the order of the command.
    pub fn keys(&self) -> Vec<&str> {
        let networks = (!self.networks.is_empty()).then_some("networks");
        ["image"].into_iter().chain(self.keys.keys().map(String::as_str)).chain(networks).collect()
    }

    fn set(&mut self, path: KeyPath, value: Value) {
        if let Some((last, parents)) = path.split_last() {
            self.set_below(parents, last, value);
        }
    }

    fn set_below(&mut self, path: KeyPath, key: &str, value: Value) {
        if let Some(entries) = below(&mut self.keys, path) {
            entries.insert(key.to_owned(), value);
        }
    }

    fn push(&mut self, path: KeyPath, value: Value) {
        if let Some((last, parents)) = path.split_last()
            && let Some(entries) = below(&mut self.keys, parents)
        {
            push(entries, last, value);
        }
    }
}

fn no_value(flag: &str) -> Refusal {
    refusal(&format!("`--{flag}` needs a value, and the command ends there."))
}

/// The mapping at this path, created where it is missing. `None` if there is a single value, which the table of flags rules out.
fn below<'m>(keys: &'m mut Map<String, Value>, path: &[&str]) -> Option<&'m mut Map<String, Value>> {
    let Some((first, rest)) = path.split_first() else { return Some(keys) };
    match keys.entry(*first).or_insert_with(|| Value::Object(Map::new())) {
        Value::Object(entries) => below(entries, rest),
        _ => None,
    }
}

fn push(keys: &mut Map<String, Value>, key: &str, value: Value) {
    match keys.entry(key).or_insert_with(|| Value::Array(Vec::new())) {
        Value::Array(items) => items.push(value),
        other => *other = Value::Array(vec![value]),
    }
}

/// Whole numbers are written as such, except where compose expects text or a fraction is likely.
fn scalar(flag: &str, value: &str) -> Value {
    if matches!(flag, "cpus" | "user" | "hostname" | "restart" | "cpuset-cpus") {
        value.into()
    } else {
        number(value)
    }
}

fn number(text: &str) -> Value {
    text.parse::<i64>().map_or_else(|_| text.into(), Value::from)
}

/// A source below the folder in which the command would run, relative to the compose file.
fn from_here(source: &str) -> String {
    for here in ["$(pwd)", "${PWD}", "$PWD", "%cd%", "`pwd`"] {
        if let Some(rest) = source.strip_prefix(here) {
            return format!(".{rest}");
        }
    }
    source.to_owned()
}
