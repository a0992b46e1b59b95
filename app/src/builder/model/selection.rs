//! What is selected on the canvas, in the list and in the text.

use super::picture::Picture;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    #[default]
    Nothing,
    /// In the order in which they were selected; never empty.
    Services(Vec<String>),
    Wire {
        from: String,
        to: String,
    },
}

impl Selection {
    pub fn service(name: &str) -> Self {
        Self::Services(vec![name.to_owned()])
    }

    pub fn of(services: Vec<String>) -> Self {
        if services.is_empty() { Self::Nothing } else { Self::Services(services) }
    }

    pub fn services(&self) -> &[String] {
        match self {
            Self::Services(services) => services,
            _ => &[],
        }
    }

    /// The selected service, if exactly one is selected.
    pub fn only(&self) -> Option<&str> {
        match self.services() {
            [one] => Some(one),
            _ => None,
        }
    }

    pub fn has(&self, service: &str) -> bool {
        self.services().iter().any(|name| name == service)
    }

    pub fn is_wire(&self, a: &str, b: &str) -> bool {
        matches!(self, Self::Wire { from, to } if from == a && to == b)
    }

    /// The selection with the service added, or removed if it was selected.
    pub fn toggled(&self, service: &str) -> Self {
        let mut services = self.services().to_vec();
        match services.iter().position(|name| name == service) {
            Some(at) => drop(services.remove(at)),
            None => services.push(service.to_owned()),
        }
        Self::of(services)
    }

    /// The selection without services and wires that are no longer in the picture.
    pub fn within(&self, picture: &Picture) -> Self {
        match self {
            Self::Nothing => Self::Nothing,
            Self::Services(services) => {
                Self::of(services.iter().filter(|name| picture.node(name).is_some()).cloned().collect())
            }
            Self::Wire { from, to } => {
                let there = picture.wires.iter().any(|wire| wire.from == *from && wire.to == *to);
                if there { self.clone() } else { Self::Nothing }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toggling_twice_is_nothing() {
        let selection = Selection::service("web").toggled("db");
        assert_eq!(selection.services(), ["web", "db"]);
        assert_eq!(selection.only(), None);
        assert_eq!(selection.toggled("db").toggled("web"), Selection::Nothing);
    }

    #[test]
    fn what_is_gone_is_not_selected() {
        assert_eq!(Selection::service("gone").within(&Picture::default()), Selection::Nothing);
    }
}
