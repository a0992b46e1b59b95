//! Where a file declares services, networks and so on, and where it names them.

use std::collections::BTreeSet;

use super::lines::{self, Token};
use crate::{
    compose::{
        Model, MountKind,
        browse::Step::{self, Item, Key},
        mounts,
    },
    stack::Stack,
};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Named {
    Service,
    Network,
    Volume,
    Secret,
    Config,
    /// An anchor, by its number in the text.
    Anchor(usize),
}

impl Named {
    pub const DECLARED: [Self; 5] = [Self::Service, Self::Network, Self::Volume, Self::Secret, Self::Config];

    /// The key of the top level that declares them.
    pub fn section(self) -> Option<&'static str> {
        match self {
            Self::Service => Some("services"),
            Self::Network => Some("networks"),
            Self::Volume => Some("volumes"),
            Self::Secret => Some("secrets"),
            Self::Config => Some("configs"),
            Self::Anchor(_) => None,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Network => "network",
            Self::Volume => "volume",
            Self::Secret => "secret",
            Self::Config => "config",
            Self::Anchor(_) => "anchor",
        }
    }
}

/// The part of a scalar that is the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Whole,
    /// Up to the first colon, as in `db:database`.
    BeforeColon,
    /// The source of a mount in the short form; only named volumes are names.
    MountSource,
    /// After a prefix, as in `service:db`.
    After(&'static str),
}

impl Part {
    /// The name in a scalar, and where it starts in it.
    pub fn of(self, text: &str) -> Option<(usize, &str)> {
        let before_colon = |text| -> Option<(usize, &str)> {
            let (name, _) = str::split_once(text, ':').unwrap_or((text, ""));
            Some((0, name))
        };
        let found = match self {
            Self::Whole => Some((0, text)),
            Self::BeforeColon => before_colon(text).filter(|(_, name)| *name != "container"),
            // A single path is an anonymous volume.
            Self::MountSource => mounts::split(text)
                .first()
                .map(|name| (0, *name))
                .filter(|(_, name)| name.len() < text.len())
                .filter(|(_, name)| mounts::kind_of_source(name) == MountKind::Volume),
            Self::After(prefix) => text.strip_prefix(prefix).map(|name| (prefix.len(), name)),
        };
        found.filter(|(_, name)| !name.is_empty() && !name.contains('$'))
    }
}

/// What the key at the end of this path declares.
pub fn declared(path: &[Step<'_>]) -> Option<Named> {
    let [Key(section), Key(_)] = path else { return None };
    Named::DECLARED.into_iter().find(|named| named.section() == Some(section))
}

/// What the scalar or the key at the end of this path names.
pub fn used(path: &[Step<'_>]) -> Option<(Named, Part)> {
    let [Key("services"), Key(_), inside @ ..] = path else { return None };
    Some(match inside {
        [Key("depends_on"), Item | Key(_)] => (Named::Service, Part::Whole),
        [Key("links" | "volumes_from"), Item] => (Named::Service, Part::BeforeColon),
        [Key("extends")] | [Key("extends"), Key("service")] => (Named::Service, Part::Whole),
        [Key("network_mode" | "pid" | "ipc")] => (Named::Service, Part::After("service:")),
        [Key("build"), Key("additional_contexts"), Key(_)] => (Named::Service, Part::After("service:")),
        [Key("networks"), Item | Key(_)] => (Named::Network, Part::Whole),
        [Key("volumes"), Item] => (Named::Volume, Part::MountSource),
        [Key("volumes"), Item, Key("source")] => (Named::Volume, Part::Whole),
        [Key("secrets"), Item] | [Key("secrets"), Item, Key("source")] => (Named::Secret, Part::Whole),
        [Key("build"), Key("secrets"), Item] | [Key("build"), Key("secrets"), Item, Key("source")] => {
            (Named::Secret, Part::Whole)
        }
        [Key("configs"), Item] | [Key("configs"), Item, Key("source")] => (Named::Config, Part::Whole),
        [Key("credential_spec"), Key("config")] => (Named::Config, Part::Whole),
        _ => return None,
    })
}

/// The names that a file declares, also those after the place where it stops being valid YAML.
pub fn declared_names(stack: &Stack, named: Named) -> BTreeSet<String> {
    let Some(section) = named.section() else { return BTreeSet::new() };
    let mut names: BTreeSet<String> = in_model(stack.model(), named).map(str::to_owned).collect();
    if !stack.is_readable() {
        names.extend(in_lines(stack.text(), section).into_iter().map(str::to_owned));
    }
    names
}

fn in_model(model: &Model, named: Named) -> Box<dyn Iterator<Item = &str> + '_> {
    let resources = match named {
        Named::Service => return Box::new(model.services.iter().map(|service| service.name.as_str())),
        Named::Network => &model.networks,
        Named::Volume => &model.volumes,
        Named::Secret => &model.secrets,
        Named::Config => &model.configs,
        Named::Anchor(_) => return Box::new(std::iter::empty()),
    };
    Box::new(resources.iter().map(|resource| resource.name.as_str()))
}

/// The keys one level below a key of the top level, by their indentation.
fn in_lines<'t>(text: &'t str, section: &str) -> Vec<&'t str> {
    let mut found = Vec::new();
    let mut inside = false;
    let mut column = None;
    for start in std::iter::once(0).chain(lines::starts_after(text, 0)) {
        let line = lines::read(text, start);
        let Some(Token::Key { column: at, name, .. }) = line.tokens.first().copied() else { continue };
        if at == 0 {
            (inside, column) = (name == section, None);
        } else if inside && *column.get_or_insert(at) == at {
            found.push(name);
        }
    }
    found
}
