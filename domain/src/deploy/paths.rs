//! Makes the paths of a compose file absolute. Relative paths, and the paths of form projects, are resolved inside
//! the folder of the stack.

use serde_json::{Map, Value};

use crate::{
    compose::{
        MountKind,
        mounts::{kind_of_source, split},
    },
    rights::normal,
};

/// Named volumes of form projects are folders below this path, as the install service requires.
const FORM_FOLDER: &str = "/root/project/";

pub(super) fn service_paths(service: &mut Map<String, Value>, project: &str) {
    service.retain(|key, _| !key.starts_with("x-"));
    let volumes = service.get_mut("volumes").and_then(Value::as_array_mut);
    for volume in volumes.into_iter().flatten() {
        match volume {
            Value::String(text) => {
                if let [source, _, ..] = split(text).as_slice()
                    && kind_of_source(source) == MountKind::Bind
                {
                    *text = format!("{}{}", absolute(source, project), &text[source.len()..]);
                }
            }
            Value::Object(mount) => {
                let is_path = mount.get("source").and_then(Value::as_str).is_some_and(|source| {
                    kind_of_source(source) == MountKind::Bind
                        || mount.get("type").and_then(Value::as_str) == Some("bind")
                });
                if is_path && mount.get("type").and_then(Value::as_str) != Some("image") {
                    path(mount, "source", project);
                }
            }
            _ => {}
        }
    }
    for key in ["env_file", "label_file"] {
        match service.get_mut(key) {
            Some(Value::Array(items)) => {
                for item in items {
                    match item {
                        Value::String(file) => *file = absolute(file, project),
                        Value::Object(item) => path(item, "path", project),
                        _ => {}
                    }
                }
            }
            Some(Value::String(file)) => *file = absolute(file, project),
            _ => {}
        }
    }
}

pub(super) fn path(entries: &mut Map<String, Value>, key: &str, project: &str) {
    if let Some(Value::String(path)) = entries.get_mut(key) {
        *path = absolute(path, project);
    }
}

/// `~` is not replaced: the home folder is unknown here, and the policy refuses it.
pub(super) fn absolute(path: &str, project: &str) -> String {
    if let Some(name) = in_form_folder(path) {
        return format!("{project}/{name}");
    }
    if path.starts_with(['/', '~', '\\', '$']) || path.is_empty() {
        return path.to_owned();
    }
    normal(&format!("{project}/{path}")).unwrap_or_else(|| path.to_owned())
}

/// The part after `/root/project/`, if the path stays below it.
fn in_form_folder(path: &str) -> Option<String> {
    let path = normal(path)?;
    path.strip_prefix(FORM_FOLDER).filter(|name| !name.is_empty()).map(str::to_owned)
}

/// Moves a volume of a form project into a folder of this stack. With its fixed name, two stacks would share it.
pub(super) fn volume_device(volume: &mut Map<String, Value>, project: &str) {
    let Some(Value::Object(options)) = volume.get_mut("driver_opts") else { return };
    let Some(Value::String(device)) = options.get_mut("device") else { return };
    if let Some(name) = in_form_folder(device) {
        *device = format!("{project}/{name}");
        volume.remove("name");
    } else if device.starts_with("./") || device.starts_with("../") {
        *device = absolute(device, project);
    }
}
