//! One app of a form, with the values that become a service.

use serde_json::{Map, Value};

use super::text;

#[derive(Clone, Copy)]
pub struct App<'f> {
    pub section: &'static str,
    index: usize,
    pub fields: &'f Map<String, Value>,
}

/// A port mapping of a form. No protocol means tcp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedPort {
    pub host: Option<u16>,
    pub container: u16,
    pub protocol: Option<String>,
}

impl SharedPort {
    pub fn is_udp(&self) -> bool {
        self.protocol.as_deref() == Some("udp")
    }

    /// Whether both are the same mapping, in any notation.
    pub fn same(&self, other: &Self) -> bool {
        (self.host, self.container, self.is_udp()) == (other.host, other.container, other.is_udp())
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedVolume {
    pub host_path: String,
    pub container_path: String,
}

impl SharedVolume {
    /// Whether the source is a named volume: only letters, digits, `_` and `-`. Any other source is a folder.
    pub fn is_named(&self) -> bool {
        self.host_path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    }

    pub fn same(&self, other: &Self) -> bool {
        fn bare(path: &str) -> &str {
            path.strip_prefix("./").unwrap_or(path)
        }
        self.is_named() == other.is_named()
            && bare(&self.host_path) == bare(&other.host_path)
            && self.container_path == other.container_path
    }
}

impl<'f> App<'f> {
    pub fn new(section: &'static str, index: usize, app: &'f Value) -> Option<Self> {
        Some(Self { section, index, fields: app.as_object()? })
    }

    /// The path of a field in the form.
    pub fn path(&self, field: &str) -> String {
        format!("custom.{}[{}].{field}", self.section, self.index)
    }

    /// The name of the service.
    pub fn code(&self) -> &'f str {
        self.text("code")
    }

    pub fn id(&self) -> &'f str {
        self.text("_id")
    }

    pub fn text(&self, field: &str) -> &'f str {
        text(self.fields, field)
    }

    fn list(&self, field: &str) -> impl Iterator<Item = &'f Value> + use<'f> {
        self.fields.get(field).and_then(Value::as_array).into_iter().flatten()
    }

    /// The image reference: `user/name`, `user/image`, `name:latest`, …; `None` if there is neither a name nor an image.
    ///
    /// If `dockerhub_image` is given, `:latest` is not appended, even if the name is used: the installer relies on this.
    pub fn image(&self) -> Option<String> {
        image(self.fields)
    }

    pub fn network_ids(&self) -> impl Iterator<Item = &'f str> + use<'f> {
        self.list("network").filter_map(Value::as_str)
    }

    /// The variables in their order. Of two variables with the same name, the later value is used, at the position of
    /// the first.
    pub fn environment(&self) -> Vec<(&'f str, &'f str)> {
        let mut variables: indexmap::IndexMap<&str, &str> = indexmap::IndexMap::new();
        for variable in self.list("environment").filter_map(Value::as_object) {
            variables.insert(text(variable, "key"), text(variable, "value"));
        }
        variables.into_iter().collect()
    }

    pub fn ports(&self) -> Vec<SharedPort> {
        self.list("shared_ports")
            .filter_map(Value::as_object)
            .filter_map(|port| {
                let protocol = text(port, "protocol");
                Some(SharedPort {
                    host: text(port, "host_port").parse().ok(),
                    container: text(port, "container_port").parse().ok()?,
                    protocol: (!protocol.is_empty()).then(|| protocol.to_owned()),
                })
            })
            .collect()
    }

    pub fn volumes(&self) -> Vec<SharedVolume> {
        self.list("volumes")
            .filter_map(Value::as_object)
            .map(|volume| SharedVolume {
                host_path: text(volume, "host_path").to_owned(),
                container_path: text(volume, "container_path").to_owned(),
            })
            .collect()
    }
}

/// See [`App::image`].
pub fn image(fields: &Map<String, Value>) -> Option<String> {
    let (user, name) = (text(fields, "dockerhub_user"), text(fields, "dockerhub_name"));
    // Some clients write `None` for no value.
    let image = Some(text(fields, "dockerhub_image")).filter(|image| !image.is_empty() && *image != "None");
    let repository = if name.is_empty() { image? } else { name };
    let slash = if user.is_empty() { "" } else { "/" };
    let tag = if image.is_none() && !name.contains(':') { ":latest" } else { "" };
    Some(format!("{user}{slash}{repository}{tag}"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::App;

    #[rstest]
    #[case(None, "mysql", None, Some("mysql:latest"))]
    #[case(Some(""), "mysql", Some(""), Some("mysql:latest"))]
    #[case(Some("trydirect"), "mysql", Some(""), Some("trydirect/mysql:latest"))]
    #[case(Some("trydirect"), "mysql:8.1", Some(""), Some("trydirect/mysql:8.1"))]
    #[case(None, "", Some("trydirect/mysql:stable"), Some("trydirect/mysql:stable"))]
    #[case(None, "mysql:stable", None, Some("mysql:stable"))]
    #[case(Some("openresty"), "openresty", Some("openresty"), Some("openresty/openresty"))]
    #[case(None, "", Some("postgres"), Some("postgres"))]
    #[case(None, "nginx", Some("None"), Some("nginx:latest"))]
    #[case(None, "", Some("None"), None)]
    #[case(None, "", None, None)]
    fn the_three_parts_of_an_image_make_one_reference(
        #[case] user: Option<&str>,
        #[case] name: &str,
        #[case] image: Option<&str>,
        #[case] expected: Option<&str>,
    ) {
        let app = json!({"dockerhub_user": user, "dockerhub_name": name, "dockerhub_image": image});
        assert_eq!(App::new("web", 0, &app).unwrap().image().as_deref(), expected);
    }
}
