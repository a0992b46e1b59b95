//! What the canvas and the list show of a stack: nodes, wires and networks, each with its place.

use std::collections::BTreeMap;

use domain::{
    catalog::{Wire, WireKind, wires},
    check::{Finding, Severity},
    compose::{Condition, Service},
    stack::{Edit, Point, Stack},
};

use super::{
    geometry::{NODE_WIDTH, Rect, Vec2, snap},
    layout,
    network_areas::{self, Frame},
};

/// Height of a node with glyph, name and image.
const NODE_HEIGHT: f64 = 64.0;
/// Height of the line of badges below, if there are badges.
const BADGES_HEIGHT: f64 = 32.0;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// In the order of the file.
    pub nodes: Vec<Node>,
    pub wires: Vec<Wire>,
    pub networks: Vec<Network>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    pub service: String,
    pub rect: Rect,
    /// Code of the catalogue app that the service came from.
    pub app: Option<String>,
    pub image: Option<String>,
    /// `image:tag`, `built from source`, or a note that there is no image yet.
    pub caption: String,
    /// Published host ports.
    pub ports: Vec<String>,
    /// How many volumes and folders are mounted.
    pub mounts: usize,
    pub errors: usize,
    pub warnings: usize,
    pub note: Option<String>,
}

/// The meaning of a wire in words.
pub fn label(wire: &Wire) -> &'static str {
    match wire.kind {
        WireKind::DependsOn(Condition::Started) => "starts after",
        WireKind::DependsOn(Condition::Healthy) => "waits until healthy",
        WireKind::DependsOn(Condition::Completed) => "waits until done",
        WireKind::Link => "is linked to",
        WireKind::SharedNetwork => "shares its network",
        WireKind::Environment => "has its address",
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    pub name: String,
    /// One area, or several if other services stand between the members.
    pub areas: Vec<Rect>,
    /// The number of the network, which selects its tint.
    pub index: usize,
}

impl Picture {
    pub fn of(stack: &Stack, findings: &[Finding]) -> Self {
        let services = &stack.model().services;
        let wires = wires(stack);
        let items: Vec<layout::Item> = services
            .iter()
            .map(|service| layout::Item {
                service: service.name.clone(),
                height: height(service),
                depends_on: wires
                    .iter()
                    .filter(|wire| wire.from == service.name)
                    .map(|wire| wire.to.clone())
                    .collect(),
            })
            .collect();
        let positions = layout::positions(&items, stack.canvas());
        let nodes: Vec<Node> =
            services.iter().map(|service| node(service, stack, findings, &positions)).collect();
        let networks = networks(stack, &nodes);
        Self { nodes, wires, networks }
    }

    pub fn node(&self, service: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.service == service)
    }

    /// Edits that store the place of every node that has no stored place. Without them, moving or adding one node could make
    /// the others jump.
    pub fn pins(&self, stack: &Stack) -> Vec<Edit> {
        let loose = |node: &&Node| !stack.canvas().positions.contains_key(&node.service);
        self.nodes
            .iter()
            .filter(loose)
            .map(|node| Edit::MoveNode { service: node.service.clone(), to: node.at() })
            .collect()
    }

    /// Edits that move services by `by` canvas units, onto the grid, and store the places of the others.
    pub fn moves(&self, stack: &Stack, services: &[String], by: Vec2) -> Vec<Edit> {
        let mut edits = self.pins(stack);
        edits.extend(services.iter().filter_map(|service| {
            let to = snap(self.node(service)?.rect.corner().plus(by));
            Some(Edit::MoveNode { service: service.clone(), to })
        }));
        edits
    }

    pub fn bounds(&self) -> Option<Rect> {
        Rect::around(
            self.nodes
                .iter()
                .map(|node| &node.rect)
                .chain(self.networks.iter().flat_map(|network| &network.areas)),
        )
    }
}

impl Node {
    /// `1 error, 2 warnings`; `None` without any.
    pub fn problems(&self) -> Option<String> {
        let counted = |count: usize, word: &str| match count {
            0 => None,
            1 => Some(format!("1 {word}")),
            count => Some(format!("{count} {word}s")),
        };
        let parts: Vec<String> = [counted(self.errors, "error"), counted(self.warnings, "warning")]
            .into_iter()
            .flatten()
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    pub fn at(&self) -> Point {
        snap(self.rect.corner())
    }
}

/// Height of this service's node.
fn height(service: &Service) -> f64 {
    if published(service).is_empty() && service.volumes.is_empty() {
        NODE_HEIGHT
    } else {
        NODE_HEIGHT + BADGES_HEIGHT
    }
}

fn node(service: &Service, stack: &Stack, findings: &[Finding], positions: &BTreeMap<String, Point>) -> Node {
    let at = positions.get(&service.name).copied().unwrap_or_default();
    let image = service.image.as_ref().map(|image| image.value.text.clone());
    let caption = match (&image, service.build.is_some()) {
        (Some(image), _) => image.clone(),
        (None, true) => "built from source".to_owned(),
        (None, false) => "no image yet".to_owned(),
    };
    let count = |wanted: Severity| {
        findings
            .iter()
            .filter(|finding| finding.severity == wanted && finding.service.as_deref() == Some(&service.name))
            .count()
    };
    Node {
        service: service.name.clone(),
        rect: Rect::new(f64::from(at.x), f64::from(at.y), NODE_WIDTH, height(service)),
        app: stack.canvas().apps.get(&service.name).cloned(),
        image,
        caption,
        ports: published(service),
        mounts: service.volumes.len(),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        note: stack.canvas().notes.get(&service.name).cloned(),
    }
}

fn published(service: &Service) -> Vec<String> {
    service
        .ports
        .iter()
        .filter_map(|port| match &port.mapping {
            Some(mapping) => mapping.published.map(|(first, last)| {
                if first == last { first.to_string() } else { format!("{first}–{last}") }
            }),
            None => port.text.clone(),
        })
        .collect()
}

fn networks(stack: &Stack, nodes: &[Node]) -> Vec<Network> {
    let model = stack.model();
    let area_of = |(index, network): (usize, &domain::compose::Resource)| {
        let is_member = |node: &&Node| {
            model.service(&node.service).is_some_and(|service| {
                service.networks.iter().any(|membership| membership.network == network.name)
            })
        };
        let (members, others): (Vec<&Node>, Vec<&Node>) = nodes.iter().partition(is_member);
        let rects = |nodes: Vec<&Node>| nodes.into_iter().map(|node| node.rect).collect::<Vec<_>>();
        // Each area is a little larger than the one before, so that two networks with the same members are both visible, and
        // taller by a line for its name.
        let step = f64::from(u8::try_from(index.min(4)).unwrap_or(4));
        let frame = Frame { margin: 14.0 + 6.0 * step, name: 18.0 + 14.0 * step };
        let areas = network_areas::areas(&rects(members), &rects(others), frame);
        (!areas.is_empty()).then(|| Network { name: network.name.clone(), areas, index })
    };
    model.networks.iter().enumerate().filter_map(area_of).collect()
}
