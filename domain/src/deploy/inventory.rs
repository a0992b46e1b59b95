//! The input of a plan: the state of the host as the agent finds it.

use std::collections::BTreeMap;

use serde_json::Value;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inventory {
    /// The containers of this stack.
    pub containers: Vec<FoundContainer>,
    /// Ports in use by others than this stack.
    pub taken_ports: Vec<TakenPort>,
    /// All named volumes of the host.
    pub volumes: Vec<String>,
    /// Those that belong to this stack.
    pub stack_volumes: Vec<String>,
    /// Ids of the images on the host, by the reference in the file.
    pub images: BTreeMap<String, String>,
    /// The effective document that was deployed last, to describe the changes.
    pub previous: Option<Value>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundContainer {
    pub service: String,
    pub name: String,
    /// As the engine names it.
    pub image: String,
    pub image_id: String,
    /// The hash of [`super::Effective::definition`] it was made with; `None` when it was not made by the agent.
    pub fingerprint: Option<String>,
    pub running: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenPort {
    /// `None`: on all addresses.
    pub address: Option<String>,
    pub port: u16,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
    /// `container shop-web-1`, `another program`
    pub by: String,
}
