//! The input of a plan: the state of the host as the agent finds it.

use std::collections::BTreeMap;

use serde_json::Value;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inventory {
    /// The containers of this stack.
    pub containers: Vec<FoundContainer>,
    /// Ports that are in use outside this stack.
    pub taken_ports: Vec<TakenPort>,
    /// All named volumes of the host.
    pub volumes: Vec<String>,
    /// The named volumes that belong to this stack.
    pub stack_volumes: Vec<String>,
    /// The ids of the images on the host, by the reference that the file uses.
    pub images: BTreeMap<String, String>,
    /// The effective document that was deployed last, for describing the changes.
    pub previous: Option<Value>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundContainer {
    pub service: String,
    pub name: String,
    /// The image name as the engine reports it.
    pub image: String,
    pub image_id: String,
    /// The hash of the [`super::Effective::definition`] that the container was created from. `None` if the agent did
    /// not create it.
    pub fingerprint: Option<String>,
    pub running: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenPort {
    /// `None` means all addresses.
    pub address: Option<String>,
    pub port: u16,
    /// `tcp`, `udp` or `sctp`.
    pub protocol: String,
    /// What uses the port: `container shop-web-1` or `another program`.
    pub by: String,
}
