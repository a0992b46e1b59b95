//! One network of a form.

use serde_json::{Map, Value, json};

use super::text;

/// The network that exists on every host prepared by the installer.
const SHARED: &str = "default_network";

#[derive(Clone, Copy)]
pub struct Network<'f> {
    fields: &'f Map<String, Value>,
}

/// What compose can express about a network. For an external network, compose ignores the other fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    pub external: bool,
    pub attachable: bool,
    pub driver: String,
    pub enable_ipv6: bool,
    pub internal: bool,
}

impl<'f> Network<'f> {
    pub fn new(network: &'f Value) -> Option<Self> {
        Some(Self { fields: network.as_object()? })
    }

    pub fn id(&self) -> &'f str {
        text(self.fields, "id")
    }

    pub fn name(&self) -> &'f str {
        text(self.fields, "name")
    }

    pub fn traits(&self) -> Traits {
        let flag = |key: &str| self.fields.get(key).and_then(Value::as_bool).unwrap_or_default();
        if self.name() == SHARED || flag("external") {
            return Traits { external: true, ..Traits::default() };
        }
        Traits {
            external: false,
            attachable: flag("attachable"),
            driver: text(self.fields, "driver").to_owned(),
            enable_ipv6: flag("enable_ipv6"),
            internal: flag("internal"),
        }
    }
}

impl Traits {
    /// The traits as keys of a compose file. A `null` means that the key is omitted.
    pub fn keys(&self) -> [(&'static str, Value); 4] {
        let flag = |value: bool| if value { Value::Bool(true) } else { Value::Null };
        let driver = if self.driver.is_empty() { Value::Null } else { json!(self.driver) };
        [
            ("attachable", flag(self.attachable)),
            ("driver", driver),
            ("enable_ipv6", flag(self.enable_ipv6)),
            ("internal", flag(self.internal)),
        ]
    }
}
