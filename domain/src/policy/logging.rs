//! The log driver of a container: some drivers write to files of the host, or send the output elsewhere.

use super::policy_input::{PolicyInput, text};
use crate::compose::yaml::Node;

const DRIVERS: &[&str] = &["", "json-file", "local", "none", "journald"];
/// Options that are always allowed. Others may reach outside the container: `path`, for example, names a file of the
/// host.
const OPTIONS: &[&str] = &[
    "max-size",
    "max-file",
    "compress",
    "labels",
    "labels-regex",
    "env",
    "env-regex",
    "tag",
    "mode",
    "max-buffer-size",
];

pub fn look(input: &mut PolicyInput<'_>, node: &Node) {
    let Some(logging) = node.get("logging") else { return };
    let driver = logging.get("driver").and_then(text).unwrap_or_default();
    if input.policy.allow_log_drivers.contains(&driver) {
        return;
    }
    if !DRIVERS.contains(&driver.as_str()) {
        input.refuse(
            "allow_log_drivers",
            format!("the log driver `{driver}` is refused; `allow_log_drivers: [{driver}]` would allow it"),
        );
        return;
    }
    for option in logging.get("options").map(Node::entries).unwrap_or_default() {
        if !OPTIONS.contains(&option.key.as_str()) {
            input.refuse(
                "allow_log_drivers",
                format!(
                    "the log option `{}` is refused; naming the driver in `allow_log_drivers` would allow it",
                    option.key
                ),
            );
        }
    }
}
